#pragma once

#include "generator/compose/layer.hpp"
#include "generator/compose/sensor_match.hpp"

namespace orrery {

enum class PasteEdge : std::uint8_t { hard, gaussian, motion };

/// Makes layers belong to one picture and lays them down, the last one on top. What is drawn for
/// layer i has streams of its own, so that edges, light and shadow move no layer.
class Fusion {
 public:
  Fusion(Image<Rgba8>& picture, const FusionSpec& spec, const Draws& draws);

  /// Greatest reach of soft edges: the margin that layers need.
  static int margin(const FusionSpec& spec);
  /// Lays the layer's corner at `at`. Says what was drawn.
  Json lay(Layer layer, const glm::ivec2& at, std::size_t number);
  /// Stores the whole picture as a camera would, where the spec asks for it.
  Json finish();

 private:
  void soften(Layer& layer, std::size_t number, Json& said) const;
  void shade(const Layer& layer, const glm::ivec2& at, std::size_t number, Json& said);

  Image<Rgba8>& picture_;
  const FusionSpec& spec_;
  const Draws& draws_;
  SensorLook look_;
  double direction_;  ///< of shadows, radians from straight down towards the right
};

}  // namespace orrery
