#pragma once

#include <cstdint>
#include <string>

#include "scenes/made_model.hpp"
#include "scenes/scene_file.hpp"
#include "scenes/scene_sampler.hpp"
#include "scenes/sky.hpp"

namespace orrery {

/// Boxes and dice that fall on a table, with distractors.
struct Table {
  Assets assets;
  BoundScene scene;

  explicit Table(const std::string& more = "") {
    scene.spec = scene_from_text(
        "objects:\n"
        "  - {name: dice, shapes: die, count: {uniform: [4, 9]}, size: 0.02,\n"
        "     class_by_side: [two, five, three, four, one, six]}\n"
        "  - {name: clutter, shapes: box, label: false, count: 3, placement: lie,\n"
        "     wear: {uniform: [0.1, 0.5]}, dirt: {uniform: [0.1, 0.5]}, images: any,\n"
        "     hue_shift: {uniform: [-18, 18]}, textures: {images: any, probability: 0.5}}\n"
        "surface: {spread: 0.08, width: 0.8, depth: 0.8}\n" +
            more,
        "table");
    scene.sets.resize(2);
    add("made:die/0", 0);
    add("made:die/1", 0);
    add("made:box/0", 1);
    for (std::uint32_t i = 0; i < 4; ++i) {
      assets.pictures.emplace_back();
      scene.sets[1].images.push_back(i);
      scene.sets[1].textures.push_back(i);
      scene.surface_images.push_back(i);
    }
    scene.sets[1].takes_image = {true};
    assets.wear_masks.resize(2);
    scene.sets[0].class_by_side = {1, 4, 2, 3, 0, 5};
    scene.surfaces.push_back(static_cast<std::uint32_t>(assets.models.size()));
    assets.models.push_back(made_model(made_surface("wood", 0, 0.8, 0.8)));
    scene.plain_surface = static_cast<std::uint32_t>(assets.models.size());
    assets.models.push_back(made_model(made_flat_surface(0.8, 0.8)));
    assets.skies.push_back(procedural_sky("studio"));
  }

 private:
  void add(const std::string& name, std::size_t set) {
    scene.sets[set].models.push_back(static_cast<std::uint32_t>(assets.models.size()));
    scene.sets[set].classes.push_back(0);
    assets.models.push_back(made_model(name));
    scene.shapes.push_back(collision_shape_from(assets.models.back()));
  }
};

}  // namespace orrery
