#include "generator/store/picture_facts.hpp"

#include <algorithm>
#include <fstream>
#include <new>
#include <string_view>

#include "generator/ingest/picture_header.hpp"
#include "generator/store/store.hpp"
#include "generator/store/strip_exif.hpp"
#include "generator/upright_picture.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

/// Half a billion pixels: two gigabytes when decoded.
constexpr std::int64_t kMostPixels = 500'000'000;

std::string extension_of(const StoredFile& file, const std::vector<std::byte>& bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xFF\xD8")) return ".jpg";
  if (text.starts_with("\x89PNG")) return ".png";
  if (text.starts_with("BM")) return ".bmp";
  if (text.starts_with("GIF8")) return ".gif";
  return file.extension().string();
}

std::string size_text(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

std::string hash_of_pixels(const Image<Rgba8>& pixels) {
  Sha256 hash;
  hash.add(std::to_string(pixels.width) + " " + std::to_string(pixels.height) + "\n");
  hash.add(std::as_bytes(std::span(pixels.pixels)));
  return hash.hex();
}

}  // namespace

ObjectFile read_object(const StoredFile& file) {
  ObjectFile object;
  object.bytes = stored_bytes(file);
  object.sha256 = sha256_hex(object.bytes);
  object.extension = extension_of(file, object.bytes);
  return object;
}

void write_object(const std::filesystem::path& store, const ObjectFile& object) {
  const std::filesystem::path path = object_path(store, object.sha256, object.extension);
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  if (failed) throw Error(path.parent_path().string() + ": " + failed.message(), Exit::io);
  if (std::filesystem::exists(path, failed)) return;
  const std::filesystem::path aside =
      store / "incoming" / (path.filename().string() + "." + unique_name());
  std::ofstream file(aside, std::ios::binary);
  file.write(reinterpret_cast<const char*>(object.bytes.data()),
             static_cast<std::streamsize>(object.bytes.size()));
  file.close();
  if (!file) {
    std::filesystem::remove(aside, failed);
    throw Error(path.string() + ": cannot be written", Exit::io);
  }
  move_into_place(aside, path);
}

std::optional<Problem> find_picture_facts(const LabelledImage& image, const ObjectFile& object,
                                          PictureFacts& facts) {
  const std::string where = image.file.string();
  const auto problem = [&where](const std::string& rule, const std::string& text) {
    return Problem{where, rule, text, true};
  };
  PictureFault fault;
  const std::optional<PictureHeader> header = find_picture_header(image.file, fault);
  if (!header) return problem(fault.reason, fault.text);
  if (std::int64_t{header->width} * header->height > kMostPixels) {
    return problem("picture_too_large", where + ": is " + size_text(header->width, header->height) +
                                            " pixels, wanted at most " +
                                            std::to_string(kMostPixels) + " in all");
  }
  Image<Rgba8> pixels;
  try {
    pixels = upright_pixels(object.bytes, header->orientation, where);
  } catch (const Error& error) {
    return problem("picture_undecodable", error.what());
  } catch (const std::bad_alloc&) {
    return problem("picture_too_large", where + ": does not fit into memory");
  }
  if (pixels.width != image.width || pixels.height != image.height) {
    return problem("size_differs", where + ": is " + size_text(pixels.width, pixels.height) +
                                       " pixels (upright), wanted the " +
                                       size_text(image.width, image.height) +
                                       " that its labels are for");
  }
  facts.orientation = header->orientation;
  facts.pixels = hash_of_pixels(pixels);
  facts.hashes = perceptual_hashes(pixels);
  facts.gps = has_gps(object.bytes);
  return std::nullopt;
}

}  // namespace orrery
