#include "generator/sinks/dataset_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "generator/encode.hpp"
#include "generator/ingest/picture_header.hpp"
#include "generator/sink.hpp"
#include "generator/store/strip_exif.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& doing) {
  const int reason = errno;
  throw Error(path.string() + ": cannot be " + doing + ": " + std::strerror(reason), Exit::io);
}

/// Without loss where blocks allow it, else decoded and encoded again.
std::vector<std::byte> upright_jpeg(const StoredFile& file, int orientation) {
  const std::vector<std::byte> jpeg = stored_bytes(file);
  std::vector<std::byte> turned = turned_jpeg(jpeg, orientation);
  if (!turned.empty()) return turned;
  constexpr int kQuality = 95;
  return jpeg_from(upright_pixels(jpeg, orientation, file.string()), kQuality, false);
}

std::string_view as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Its first bytes speak of EXIF or XMP. Most pictures say nothing, and need not be read whole.
bool may_say_where(const StoredFile& file) {
  const std::vector<std::byte> bytes = first_bytes(file, 65536);
  const std::string_view head = as_text(bytes);
  for (const char* mark : {"Exif", "eXIf", "http://ns.adobe.com/", "XML:com.adobe"}) {
    if (head.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string picture_name(const LabelledImage& image) {
  const std::string name = image.name + image.file.extension().string();
  const fs::path path(name);
  bool inside = !image.name.empty() && path.is_relative();
  for (const fs::path& part : path) inside = inside && part != ".." && part != "." && !part.empty();
  if (!inside || name.find_first_of("\n\r") != std::string::npos || name.find('\0') < name.size()) {
    throw Error("image \"" + image.name + "\": wanted a name that is a relative path in one line");
  }
  return name;
}

void make_folder_of(const fs::path& file) {
  std::error_code reason;
  fs::create_directories(file.parent_path(), reason);
  if (reason) {
    throw Error(file.parent_path().string() + ": cannot be made: " + reason.message(), Exit::io);
  }
}

void place_picture(const StoredFile& from, const fs::path& to) {
  // Most readers of these formats know nothing of EXIF, so labels fit upright pixels only.
  PictureFault fault;
  const std::optional<PictureHeader> header = find_picture_header(from, fault);
  if (header && header->orientation != 1) {
    const std::vector<std::byte> upright = upright_jpeg(from, header->orientation);
    write_text(to, as_text(without_exif(upright, from.string())));
    return;
  }
  if (header && may_say_where(from)) {
    const std::vector<std::byte> bytes = stored_bytes(from);
    if (has_gps(bytes)) {
      write_text(to, as_text(without_exif(bytes, from.string())));
      return;
    }
  }
  if (from.packed()) return write_text(to, as_text(stored_bytes(from)));
  std::error_code reason;
  fs::create_hard_link(from.path, to, reason);
  if (!reason) return;
  // Across file systems, and where links are not allowed. Never over what is there.
  if (reason != std::errc::file_exists)
    fs::copy_file(from.path, to, fs::copy_options::none, reason);
  if (!reason) return;
  throw Error(from.string() + ": cannot be put at " + to.string() + ": " + reason.message(),
              Exit::io);
}

void place_picture_of(const LabelledImage& image, const fs::path& folder) {
  const fs::path to = folder / picture_name(image);
  make_folder_of(to);
  place_picture(image.file, to);
}

TextFile::TextFile(const fs::path& file) : path_(file) {
  make_folder_of(file);
  file_.reset(std::fopen(file.c_str(), "wbxe"));
  if (!file_) refuse(path_, "created");
}

void TextFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    refuse(path_, "written");
  }
}

void TextFile::close() {
  if (std::fclose(file_.release()) != 0) refuse(path_, "written");
}

void write_text(const fs::path& file, std::string_view text) {
  TextFile out(file);
  out.write(text);
  out.close();
}

std::string decimal(double value, int digits) {
  if (!std::isfinite(value)) throw Error("a label holds a number that is not finite");
  std::array<char, 400> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value,
                                     std::chars_format::fixed, digits);
  std::string out(text.data(), written.ptr);
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
  }
  return out == "-0" ? "0" : out;
}

Spool::Spool(const fs::path& folder) : folder_(folder) {
  std::string name = (folder / "spool.XXXXXX").string();
  const int handle = mkostemp(name.data(), O_CLOEXEC);
  if (handle < 0) refuse(name, "created");
  unlink(name.c_str());
  file_.reset(fdopen(handle, "w+b"));
  if (!file_) refuse(name, "opened");
}

void Spool::add(std::string_view line) {
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() ||
      std::fputc('\n', file_.get()) == EOF) {
    refuse(folder_, "written to");
  }
}

void Spool::each(const std::function<void(std::uint64_t, std::string_view)>& take) const {
  std::rewind(file_.get());
  char* line = nullptr;
  std::size_t room = 0;
  std::uint64_t number = 0;
  ssize_t length = 0;
  while ((length = getline(&line, &room, file_.get())) > 0) {
    const std::unique_ptr<char, void (*)(void*)> buffer(std::exchange(line, nullptr), std::free);
    take(number++, std::string_view(buffer.get(), static_cast<std::size_t>(length) - 1));
    room = 0;
  }
  std::free(line);
  if (std::ferror(file_.get()) != 0) refuse(folder_, "read back");
}

}  // namespace orrery
