// A cooked model on disk, little-endian:
//
//   offset  size
//        0     8  "ORRYPACK"
//        8     4  version
//       12     4  0
//       16     8  bytes in the whole file
//       24     8  CRC-32 (zlib's) of all bytes from 32 on
//       32     …  the body: the fields below in this order, without gaps
//
//   list = u64 count, then the items; text = list of bytes
//   sources    list of (text path, u64 size, text sha256)
//   name, sha256                       text
//   vertices   list of Vertex          32 bytes each
//   indices    list of u32
//   part_materials                     list of u32
//   lods       list of (f32 error, list of IndexRange: 8 bytes each)
//   materials  list of Material        as in memory
//   textures   list of Texture         as in memory
//   texels     list of Rgba8
//   bounds     6 f32
//   keypoints  list of (text name, 3 f64, u8 inside), then skeleton and swaps, each a list of two
//              texts
//   report     u64 triangles, u64 degenerate, u32 nodes, then lists of text: material names,
//              textures found, textures missing, warnings
#include "scenes/model_pack.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "scenes/cache_folder.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::string_view kModelMagic = "ORRYPACK";

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t zero;
  std::uint64_t bytes;
  std::uint64_t checksum;
};
static_assert(sizeof(Header) == 32);
static_assert(sizeof(Material) == 72 && sizeof(Texture) == 32 && sizeof(IndexRange) == 8);

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

/// Writes the fields one after the other. The same `fields()` below drives it and Reader, so the
/// two cannot disagree about the layout.
class Writer {
 public:
  std::vector<std::byte> bytes = std::vector<std::byte>(sizeof(Header));

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(const T& value) { append(&value, sizeof(T)); }
  void operator()(const std::string& text) { run(text.data(), text.size(), 1); }
  void operator()(const SourceFile& source) {
    (*this)(source.path);
    (*this)(source.size);
    (*this)(source.sha256);
  }
  void operator()(const Lod& lod) {
    (*this)(lod.error);
    (*this)(lod.parts);
  }
  void operator()(const Keypoint& point) {
    (*this)(point.name);
    (*this)(point.position);
    (*this)(std::uint8_t{point.inside});
  }
  void operator()(const std::array<std::string, 2>& pair) {
    for (const std::string& name : pair) (*this)(name);
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      run(list.data(), list.size(), sizeof(T));
    } else {
      (*this)(std::uint64_t{list.size()});
      for (const T& item : list) (*this)(item);
    }
  }

 private:
  void append(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
  }
  void run(const void* data, std::size_t count, std::size_t size) {
    (*this)(std::uint64_t{count});
    append(data, count * size);
  }
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> body) : left_(body) {}

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void operator()(T& value) {
    const auto bytes = take(sizeof(T));
    std::memcpy(static_cast<void*>(&value), bytes.data(), sizeof(T));
  }
  void operator()(std::string& text) {
    const auto bytes = take(count(1));
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void operator()(SourceFile& source) {
    (*this)(source.path);
    (*this)(source.size);
    (*this)(source.sha256);
  }
  void operator()(Lod& lod) {
    (*this)(lod.error);
    (*this)(lod.parts);
  }
  void operator()(Keypoint& point) {
    std::uint8_t inside = 0;
    (*this)(point.name);
    (*this)(point.position);
    (*this)(inside);
    point.inside = inside != 0;
  }
  void operator()(std::array<std::string, 2>& pair) {
    for (std::string& name : pair) (*this)(name);
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      const std::size_t items = count(sizeof(T));
      const auto bytes = take(items * sizeof(T));
      list.resize(items);
      if (items > 0) std::memcpy(static_cast<void*>(list.data()), bytes.data(), bytes.size());
    } else {
      list.resize(count(sizeof(std::uint64_t)));  // the least that an item can take
      for (T& item : list) (*this)(item);
    }
  }
  bool done() const { return left_.empty(); }

 private:
  std::size_t count(std::size_t item_size) {
    std::uint64_t items = 0;
    (*this)(items);
    if (items > left_.size() / item_size) throw Error("a list runs past the end");
    return static_cast<std::size_t>(items);
  }
  std::span<const std::byte> take(std::size_t size) {
    if (size > left_.size()) throw Error("it ends too early");
    const auto taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
  }
  std::span<const std::byte> left_;
};

template <class Stream, class M>  // M: Model or const Model
void fields(Stream& stream, M& model) {
  stream(model.name);
  stream(model.sha256);
  stream(model.vertices);
  stream(model.indices);
  stream(model.part_materials);
  stream(model.lods);
  stream(model.materials);
  stream(model.textures);
  stream(model.texels);
  stream(model.bounds);
  stream(model.keypoints.points);
  stream(model.keypoints.skeleton);
  stream(model.keypoints.swaps);
  stream(model.report.triangles);
  stream(model.report.degenerate_triangles);
  stream(model.report.nodes);
  stream(model.report.material_names);
  stream(model.report.textures_found);
  stream(model.report.textures_missing);
  stream(model.report.warnings);
}

void require(bool ok, const char* what) {
  if (!ok) throw Error(what);
}

void check_textures(const Model& model) {
  for (const Texture& t : model.textures) {
    const auto is_side = [](std::uint32_t s) { return s > 0 && s <= 65536 && (s & (s - 1)) == 0; };
    require(is_side(t.width) && is_side(t.height), "a texture's side is no power of two");
    require(t.wrap_u <= Wrap::mirror && t.wrap_v <= Wrap::mirror, "a wrap mode is unknown");
    std::uint32_t levels = 1;
    std::uint64_t texels = std::uint64_t{t.width} * t.height;
    for (std::uint32_t w = t.width, h = t.height; w > 1 || h > 1; ++levels) {
      w = std::max(1U, w / 2);
      h = std::max(1U, h / 2);
      texels += std::uint64_t{w} * h;
    }
    require(t.levels == levels, "a texture's mip chain is not whole");
    require(texels <= model.texels.size() && t.first_texel <= model.texels.size() - texels,
            "a texture lies outside the texels");
  }
}

void check(const Model& model) {
  require(!model.vertices.empty() && !model.lods.empty(), "the model is empty");
  require(std::all_of(model.indices.begin(), model.indices.end(),
                      [&](std::uint32_t i) { return i < model.vertices.size(); }),
          "an index is past the vertices");
  require(std::all_of(model.part_materials.begin(), model.part_materials.end(),
                      [&](std::uint32_t m) { return m < model.materials.size(); }),
          "a part's material is past the materials");
  for (const Lod& lod : model.lods) {
    require(std::isfinite(lod.error) && lod.error >= 0, "a level's error is no length");
    require(lod.parts.size() == model.part_materials.size(), "a level lacks parts");
    for (const IndexRange& range : lod.parts) {
      require(range.count % 3 == 0 && range.first <= model.indices.size() &&
                  range.count <= model.indices.size() - range.first,
              "a part lies outside the indices");
    }
  }
  const auto count = static_cast<std::int64_t>(model.textures.size());
  for (const Material& m : model.materials) {
    for (const std::int32_t t :
         {m.base_color_texture, m.normal_texture, m.orm_texture, m.emissive_texture}) {
      require(t >= -1 && t < count, "a material's texture is past the textures");
    }
    require(m.alpha_mode <= AlphaMode::blend, "an alpha mode is unknown");
  }
  check_textures(model);
  require_valid(model.keypoints, "keypoints");
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& file, int flags)
      : fd_(open(file.c_str(), flags | O_CLOEXEC, 0644)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& doing) {
  throw Error(file.string() + ": cannot " + doing + ": " + std::strerror(errno), Exit::io);
}

/// A file's bytes, mapped.
class Mapped {
 public:
  explicit Mapped(const std::filesystem::path& file) {
    const Descriptor descriptor(file, O_RDONLY);
    struct stat status {};
    if (descriptor.get() < 0 || fstat(descriptor.get(), &status) != 0) fail(file, "open");
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
    if (data_ == MAP_FAILED) fail(file, "map");
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    if (size_ > 0) munmap(data_, size_);
  }
  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

std::span<const std::byte> body_of(const Mapped& mapped, bool verify) {
  const auto bytes = mapped.bytes();
  Header header{};
  require(bytes.size() >= sizeof(Header), "it is shorter than a pack's header");
  std::memcpy(&header, bytes.data(), sizeof(Header));
  require(std::string_view(header.magic, 8) == kModelMagic, "it does not begin with ORRYPACK");
  require(header.version == kPackVersion && header.zero == 0, "it is of another version");
  require(header.bytes == bytes.size(), "its size is not the one that it states");
  const auto body = bytes.subspan(sizeof(Header));
  require(!verify || header.checksum == checksum_of(body), "its checksum is wrong");
  return body;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const Error& error) {
  throw Error(file.string() + ": no usable model pack: " + error.what() +
              ", wanted a whole pack of version " + std::to_string(kPackVersion));
}

}  // namespace

void write_pack(const Model& model, const std::filesystem::path& file,
                const std::vector<SourceFile>& sources) {
  Writer writer;
  writer.bytes.reserve(model.texels.size() * sizeof(Rgba8) +
                       model.vertices.size() * sizeof(Vertex) + model.indices.size() * 4 + 65536);
  writer(sources);
  fields(writer, model);
  Header header{};
  std::copy(kModelMagic.begin(), kModelMagic.end(), header.magic);
  header.version = kPackVersion;
  header.bytes = writer.bytes.size();
  header.checksum = checksum_of(std::span(writer.bytes).subspan(sizeof(Header)));
  std::memcpy(writer.bytes.data(), &header, sizeof(Header));

  const std::filesystem::path aside = aside_of(file);
  try {
    const Descriptor out(aside, O_WRONLY | O_CREAT | O_EXCL);
    if (out.get() < 0) fail(aside, "create");
    for (std::size_t done = 0; done < writer.bytes.size();) {
      const ssize_t n = write(out.get(), writer.bytes.data() + done, writer.bytes.size() - done);
      if (n < 0 && errno != EINTR) fail(aside, "write");
      if (n > 0) done += static_cast<std::size_t>(n);
    }
    if (fsync(out.get()) != 0) fail(aside, "write");
    if (rename(aside.c_str(), file.c_str()) != 0) fail(file, "rename to");
  } catch (const Error&) {
    unlink(aside.c_str());
    throw;
  }
}

Model read_pack(const std::filesystem::path& file) {
  const Mapped mapped(file);
  try {
    Reader reader(body_of(mapped, true));
    std::vector<SourceFile> sources;
    Model model;
    reader(sources);
    fields(reader, model);
    require(reader.done(), "there are bytes after the end");
    check(model);
    return model;
  } catch (const Error& error) {
    refuse(file, error);
  }
}

std::vector<SourceFile> read_pack_sources(const std::filesystem::path& file) {
  const Mapped mapped(file);
  try {
    Reader reader(body_of(mapped, false));
    std::vector<SourceFile> sources;
    reader(sources);
    return sources;
  } catch (const Error& error) {
    refuse(file, error);
  }
}

}  // namespace orrery
