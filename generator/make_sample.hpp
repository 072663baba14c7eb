#pragma once

#include "generator/manifest.hpp"
#include "generator/recipe.hpp"
#include "generator/second_view.hpp"
#include "renderer/frame.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/sensor.hpp"

namespace orrery {

/// Seconds of one core that the stages after rendering took.
struct SampleCost {
  double label = 0;
  double sensor = 0;
  double encode = 0;
};

/// Whether nobody could be asked to find it: less than a quarter of it is visible, or it is
/// unreadable().
bool is_hard(const InstanceLabel& label, const Shot& shot);

/// The labels of sample `index`, with what must hold of them checked, those that the recipe does
/// not want dropped and hard ones tagged. Of the frame's planes only ids and amodal bits are read.
/// Throws Error (Exit::bug) naming the sample if a check fails.
Annotations labels_of(const Frame& frame, const Recipe& recipe, const Assets& assets,
                      std::uint64_t index);

/// The picture of sample `index` as the shot's sensor takes it.
Image<Rgba8> taken_by_sensor(const Frame& frame, std::uint64_t seed, std::uint64_t index,
                             Exposer& exposer);

/// Labels a frame, checks what must hold of every sample, takes its picture with the shot's sensor
/// and encodes the files that the recipe asks for. Throws Error (Exit::bug) naming the sample if a
/// check fails. `exposer` is this thread's; `second` is the shot's second view, if it has one.
Sample make_sample(const Frame& frame, const Recipe& recipe, const Assets& assets,
                   const Provenance& provenance, std::uint64_t index, Exposer& exposer,
                   SampleCost& cost, const SecondView* second = nullptr);

}  // namespace orrery
