#include "scenes/cook_pack.hpp"

#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/cook.hpp"
#include "scenes/sealed.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

constexpr std::string_view kCookMagic = "ORRCOOK1";
constexpr int kVersion = 1;  ///< of what add_levels() makes

std::string key_of(const Model& model) {
  Sha256 hash;
  hash.add("levels " + std::to_string(kVersion) + "\n");
  const auto add = [&](const void* data, std::size_t size) {
    hash.add(std::string_view(static_cast<const char*>(data), size));
  };
  for (const Vertex& vertex : model.vertices) {
    add(&vertex.position, sizeof vertex.position);
    add(&vertex.normal, sizeof vertex.normal);
    add(&vertex.color, sizeof vertex.color);
  }
  add(model.indices.data(), model.indices.size() * sizeof(std::uint32_t));
  for (const IndexRange& part : model.lods[0].parts) {
    add(&part.first, sizeof part.first);
    add(&part.count, sizeof part.count);
  }
  return hash.hex();
}

/// Of a model whose indices were `plain` before the levels came.
std::vector<std::byte> bytes_of(const Model& model, std::size_t plain) {
  std::vector<std::uint32_t> words{static_cast<std::uint32_t>(model.lods.size() - 1)};
  for (std::size_t i = 1; i < model.lods.size(); ++i) {
    words.push_back(std::bit_cast<std::uint32_t>(model.lods[i].error));
    for (const IndexRange& part : model.lods[i].parts) {
      words.push_back(part.first);
      words.push_back(part.count);
    }
  }
  words.insert(words.end(), model.indices.begin() + static_cast<std::ptrdiff_t>(plain),
               model.indices.end());
  return sealed(kCookMagic, std::as_bytes(std::span(words)));
}

/// Whether the bytes were what bytes_of() writes for this model, whose levels then are there.
bool add_kept(Model& model, std::span<const std::byte> bytes) {
  const auto body = unsealed(kCookMagic, bytes);
  if (!body || body->size() < sizeof(std::uint32_t)) return false;
  std::vector<std::uint32_t> words(body->size() / sizeof(std::uint32_t));
  std::memcpy(words.data(), body->data(), words.size() * sizeof(std::uint32_t));
  const std::size_t parts = model.lods[0].parts.size();
  const std::size_t levels = words[0];
  std::size_t at = 1;
  if (words.size() < at + levels * (1 + 2 * parts)) return false;
  for (std::size_t i = 0; i < levels; ++i) {
    Lod lod{std::bit_cast<float>(words[at++]), {}};
    for (std::size_t part = 0; part < parts; ++part, at += 2) {
      lod.parts.push_back({words[at], words[at + 1]});
    }
    model.lods.push_back(std::move(lod));
  }
  model.indices.insert(model.indices.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
                       words.end());
  return true;
}

}  // namespace

std::filesystem::path default_level_cache() { return cache_folder("levels"); }

void cached_cook(Model& model, const std::filesystem::path& cache) {
  arrange(model);
  const std::filesystem::path file = cache / (key_of(model) + ".levels");
  const auto kept = read_cached(file);
  if (kept && add_kept(model, *kept)) return;
  const std::size_t plain = model.indices.size();
  add_levels(model);
  keep_cached(file, bytes_of(model, plain));
}

}  // namespace orrery
