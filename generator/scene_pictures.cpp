#include "generator/scene_pictures.hpp"

#include <algorithm>
#include <set>

#include "generator/files_like.hpp"
#include "generator/option_values.hpp"
#include "scenes/picture.hpp"
#include "scenes/random.hpp"

namespace orrery {
namespace {

constexpr std::uint32_t kVariants = 2;  // of each material among textures

std::vector<std::string> found_files(const std::vector<std::string>& patterns,
                                     const std::string& where) {
  std::set<std::string> names;
  for (const std::string& pattern : patterns) {
    for (const auto& path : files_like(pattern, where, "pictures")) {
      for (const auto& file : photo_files({path.string()})) names.insert(file.string());
    }
  }
  return {names.begin(), names.end()};
}

/// `limit` of the names, in order, by the seed.
std::vector<std::string> sampled(std::vector<std::string> names, std::size_t limit,
                                 std::uint64_t seed, const std::string& list) {
  if (names.size() <= limit) return names;
  Rng rng(seed, 0, "pictures/" + list);
  for (std::size_t i = 0; i < limit; ++i) {  // Fisher and Yates
    const std::size_t j = i + rng.below(static_cast<std::uint32_t>(names.size() - i));
    std::swap(names[i], names[j]);
  }
  names.resize(limit);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string surface_images_list() { return "surface.images"; }
std::string set_images_list(std::size_t set) {
  return "objects[" + std::to_string(set) + "].images";
}
std::string set_textures_list(std::size_t set) {
  return "objects[" + std::to_string(set) + "].textures";
}

void add_pictures(Recipe& recipe, const std::string& file) {
  const SceneSpec& scene = recipe.scene;
  recipe.pictures.clear();
  const auto add = [&](const std::string& name, const std::string& list) {
    const auto known = std::find_if(recipe.pictures.begin(), recipe.pictures.end(),
                                    [&](const PictureEntry& entry) { return entry.name == name; });
    if (known != recipe.pictures.end()) {
      known->used_by.push_back(list);
    } else {
      recipe.pictures.push_back({name, "", 0, {list}});
    }
  };
  const auto add_list = [&](const std::vector<std::string>& patterns, const std::string& list) {
    const std::vector<std::string> names = found_files(patterns, file + ": " + list);
    for (const std::string& name : sampled(names, scene.image_limit, recipe.seed, list)) {
      add(name, list);
    }
  };
  add_list(scene.surface.images, surface_images_list());
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    const ObjectSet& set = scene.objects[i];
    add_list(set.images, set_images_list(i));
    add_list(set.textures.images, set_textures_list(i));
    for (const std::string& material : set.textures.materials) {
      for (std::uint32_t variant = 0; variant < kVariants; ++variant) {
        add(surface_picture(material, variant), set_textures_list(i));
      }
    }
  }
  const int side = picture_side(recipe.pictures.size());
  for (PictureEntry& entry : recipe.pictures) entry.side = side;
}

std::vector<std::uint32_t> pictures_of(const Recipe& recipe, const std::string& list) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < recipe.pictures.size(); ++i) {
    const std::vector<std::string>& users = recipe.pictures[i].used_by;
    if (std::find(users.begin(), users.end(), list) != users.end()) found.push_back(i);
  }
  return found;
}

}  // namespace orrery
