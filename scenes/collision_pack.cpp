#include "scenes/collision_pack.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/error.hpp"
#include "scenes/sealed.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

constexpr std::string_view kCollisionMagic = "ORRHULL1";

template <class Stream, class F>
requires std::is_same_v<std::remove_const_t<F>, HullFeatures>
void fields(Stream& stream, F& features) {
  stream(features.faces);
  stream(features.core);
  stream(features.margin);
}

template <class Stream, class P>
requires std::is_same_v<std::remove_const_t<P>, RestingPose>
void fields(Stream& stream, P& pose) {
  for (int k = 0; k < 3; ++k) stream(pose.plane_from_object.rotation[k]);
  stream(pose.plane_from_object.scale);
  stream(pose.plane_from_object.translation);
  stream(pose.probability);
}

template <class Stream, class S>
requires std::is_same_v<std::remove_const_t<S>, CollisionShape>
void fields(Stream& stream, S& shape) {
  stream(shape.hulls);
  stream(shape.features);
  stream(shape.ball_radius);
  stream(shape.volume);
  stream(shape.center_of_mass);
  stream(shape.inertia);
  stream(shape.resting);
}

/// Appends numbers. The same `fields()` below drives it and Reader, so the two agree.
struct Writer {
  std::vector<double> numbers;
  void operator()(const double& value) { numbers.push_back(value); }
  void operator()(const std::uint32_t& value) { numbers.push_back(value); }
  template <class T>
  void operator()(const std::vector<T>& list) {
    numbers.push_back(static_cast<double>(list.size()));
    for (const T& item : list) (*this)(item);
  }
  void operator()(const glm::dvec3& v) {
    for (int k = 0; k < 3; ++k) (*this)(v[k]);
  }
  void operator()(const HullFeatures& features) { fields(*this, features); }
  void operator()(const RestingPose& pose) { fields(*this, pose); }
};

/// Takes numbers off the front; throws Error where they do not fit.
struct Reader {
  std::span<const double> left;
  void operator()(double& value) {
    if (left.empty()) throw Error("it ends too early");
    value = left.front();
    left = left.subspan(1);
  }
  void operator()(std::uint32_t& value) {
    double number = 0;
    (*this)(number);
    if (!(number >= 0 && number < 4294967296.0)) throw Error("a number is no index");
    value = static_cast<std::uint32_t>(number);
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    std::uint32_t items = 0;
    (*this)(items);
    if (items > left.size()) throw Error("a list runs past the end");
    list.resize(items);
    for (T& item : list) (*this)(item);
  }
  void operator()(glm::dvec3& v) {
    for (int k = 0; k < 3; ++k) (*this)(v[k]);
  }
  void operator()(HullFeatures& features) { fields(*this, features); }
  void operator()(RestingPose& pose) { fields(*this, pose); }
};

std::vector<std::byte> bytes_of(const CollisionShape& shape) {
  Writer writer;
  fields(writer, shape);
  return sealed(kCollisionMagic, std::as_bytes(std::span(writer.numbers)));
}

bool is_consistent(const CollisionShape& shape) {
  if (shape.hulls.empty() || shape.features.size() != shape.hulls.size()) return false;
  if (shape.resting.empty() || !(shape.volume > 0)) return false;
  for (std::size_t i = 0; i < shape.hulls.size(); ++i) {
    for (const auto& face : shape.features[i].faces) {
      for (const std::uint32_t corner : face) {
        if (corner >= shape.hulls[i].size()) return false;
      }
    }
  }
  return true;
}

/// Nothing if the bytes are not what bytes_of() writes.
std::optional<CollisionShape> shape_from(std::span<const std::byte> bytes) {
  const auto body = unsealed(kCollisionMagic, bytes);
  if (!body || body->empty() || body->size() % sizeof(double) != 0) return std::nullopt;
  std::vector<double> numbers(body->size() / sizeof(double));
  std::memcpy(numbers.data(), body->data(), body->size());
  try {
    Reader reader{numbers};
    CollisionShape shape;
    fields(reader, shape);
    if (reader.left.empty() && is_consistent(shape)) return shape;
  } catch (const Error&) {  // a damaged pack is none
  }
  return std::nullopt;
}

/// Of all that the shape depends on: positions, indices and levels of detail. Not the file's hash:
/// the same file may be imported in another unit.
std::string key_of(const Model& model, const CollisionDetail& detail) {
  Sha256 hash;
  hash.add("collision " + std::to_string(kCollisionPackVersion) + "\n");
  const auto add = [&](const void* data, std::size_t size) {
    hash.add(std::string_view(static_cast<const char*>(data), size));
  };
  add(&detail, sizeof detail);
  for (const Vertex& vertex : model.vertices) add(&vertex.position, sizeof vertex.position);
  add(model.indices.data(), model.indices.size() * sizeof(std::uint32_t));
  add(&model.bounds, sizeof model.bounds);
  for (const Lod& lod : model.lods) {
    add(&lod.error, sizeof lod.error);
    for (const IndexRange& part : lod.parts) {
      add(&part.first, sizeof part.first);
      add(&part.count, sizeof part.count);
    }
  }
  return hash.hex();
}

}  // namespace

std::filesystem::path default_shape_cache() { return cache_folder("shapes"); }

CollisionShape cached_collision_shape(const Model& model, const CollisionDetail& detail,
                                      const std::filesystem::path& cache) {
  const std::filesystem::path file = cache / (key_of(model, detail) + ".hulls");
  if (const auto bytes = read_cached(file)) {
    if (std::optional<CollisionShape> kept = shape_from(*bytes)) return *std::move(kept);
  }
  CollisionShape shape = collision_shape_from(model, detail);
  keep_cached(file, bytes_of(shape));
  return shape;
}

}  // namespace orrery
