#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Draws the looks of one set's things, one after the other; every factor has its own stream.
/// Borrows its arguments.
class InstanceLooks {
 public:
  InstanceLooks(const BoundScene& bound, std::size_t set, const Assets& assets,
                const Streams& streams);

  /// Of the next thing, which is the set's model `which`.
  Look next(std::size_t which);

 private:
  void draw_picture(Look& look, std::size_t which);
  void draw_wear(Look& look, std::size_t which);

  const ObjectSet& spec_;
  const BoundSet& set_;
  const Assets& assets_;
  Rng tint_, hue_, wear_, dirt_, marks_, picture_, texture_, texture_size_, likeness_;
};

}  // namespace orrery
