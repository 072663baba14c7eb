#include "generator/load_assets.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstdio>

#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/made_model_cache.hpp"
#include "scenes/sha256.hpp"
#include "scenes/sky_pack.hpp"

namespace orrery {
namespace {

void require_same_content(const std::string& name, std::string& wanted, const std::string& found) {
  if (!wanted.empty() && wanted != found) {
    throw Error(name + ": content has changed, found SHA-256 " + found + ", wanted " + wanted);
  }
  wanted = found;
}

bool has_wear(const SceneSpec& scene) {
  return std::any_of(scene.objects.begin(), scene.objects.end(), [](const ObjectSet& set) {
    return greatest(set.wear) > 0 || greatest(set.dirt) > 0;
  });
}

/// Of a format without units, if nobody gave one or a size: that it would be strange in metres.
std::string odd_size_of(const Recipe& recipe, const ModelEntry& entry, const Model& model) {
  constexpr float kLeast = 0.001F;
  constexpr float kMost = 3;
  std::string format = entry.path.extension().string();
  std::transform(format.begin(), format.end(), format.begin(), [](char c) { return c | 0x20; });
  const bool unitless =
      format == ".stl" || format == ".obj" || format == ".ply" || format == ".off";
  const bool sized = entry.set && greatest(recipe.scene.objects.at(*entry.set).size) > 0;
  if (is_made(entry.path.string()) || !unitless || entry.import.unit || sized) return {};
  const glm::vec3 extent = model.bounds.high - model.bounds.low;
  const float longest = std::max({extent.x, extent.y, extent.z});
  if (longest >= kLeast && longest <= kMost) return {};
  char text[128];
  std::snprintf(text, sizeof text, "is %.3g m long; if its unit is not a metre, say which it is",
                double{longest});
  return text;
}

}  // namespace

Assets load_assets(Recipe& recipe, const std::function<void(const std::string&)>& warn,
                   const ImportLimits& limits) {
  Assets assets;
  assets.models.resize(recipe.models.size());
  assets.skies.resize(recipe.skies.size());
  assets.photos.resize(recipe.photos.size());
  assets.pictures.resize(recipe.pictures.size());
  const std::size_t models = assets.models.size();
  const std::size_t skies = assets.skies.size();
  const std::size_t files = models + skies + assets.photos.size();
  tbb::parallel_for(std::size_t{0}, files + assets.pictures.size(), [&](std::size_t i) {
    if (i < models) {
      const ModelEntry& entry = recipe.models[i];
      const std::string name = entry.path.string();
      assets.models[i] =
          is_made(name) ? cached_made_model(name) : import_model(entry.path, entry.import, limits);
    } else if (i < models + skies) {
      assets.skies[i - models] = cached_sky(recipe.skies[i - models].name);
    } else if (i >= files) {
      const PictureEntry& entry = recipe.pictures[i - files];
      assets.pictures[i - files] = read_picture(entry.name, entry.side);
    } else {
      assets.photos[i - models - skies] = read_color(recipe.photos[i - models - skies].name);
    }
  });
  for (std::size_t i = 0; i < models; ++i) {
    const Model& model = assets.models[i];
    require_same_content(recipe.models[i].path.string(), recipe.models[i].sha256, model.sha256);
    for (const std::string& warning : model.report.warnings) {
      warn(recipe.models[i].path.string() + ": " + warning);
    }
    const std::string size = odd_size_of(recipe, recipe.models[i], model);
    if (!size.empty()) warn(recipe.models[i].path.string() + ": " + size);
  }
  for (std::size_t i = 0; i < skies; ++i) {
    require_same_content(recipe.skies[i].name, recipe.skies[i].sha256, assets.skies[i].sha256);
  }
  for (std::size_t i = 0; i < assets.pictures.size(); ++i) {
    PictureEntry& entry = recipe.pictures[i];
    require_same_content(entry.name, entry.sha256, assets.pictures[i].sha256);
  }
  if (has_wear(recipe.scene)) assets.wear_masks = wear_masks();
  for (FileEntry& photo : recipe.photos) {
    require_same_content(photo.name, photo.sha256, sha256_of_file(photo.name));
  }
  return assets;
}

}  // namespace orrery
