#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generator/labelled_pixels.hpp"

namespace orrery {

/// How far labels and picture came apart when a picture was refined: what a gate decides by.
struct LabelDrift {
  double median_px = 0;  ///< distance of edges from silhouettes, beyond that of the raw picture
  double p95_px = 0;     ///< the same, 95th percentile
  double shift_px = 0;   ///< greatest shift of any instance
};

struct Refined {
  Image<Rgba8> color;  ///< as large as the input
  LabelDrift drift;
  bool kept = true;  ///< false: the gate refused it, and `color` is the raw picture
};

/// Changes the look of rendered pictures and nothing that their labels say. A pure function of
/// (picture, seed, index), callable from several threads.
class Refiner {
 public:
  virtual ~Refiner() = default;
  virtual Refined refine(const LabelledPixels& picture, std::uint64_t seed,
                         std::uint64_t index) const = 0;
  /// What a refined picture inherits: the refiner and what it was trained on.
  virtual std::vector<Ingredient> lineage() const = 0;
};

/// Names that open_refiner() knows.
const std::vector<std::string>& refiner_names();

/// "identity" leaves pictures as they are. Throws Error naming the nearest name.
std::unique_ptr<Refiner> open_refiner(const std::string& name);

}  // namespace orrery
