#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "generator/dataset_plan.hpp"
#include "generator/lane.hpp"
#include "generator/recipe.hpp"
#include "scenes/import_model.hpp"

namespace orrery {

/// A recipe with all that its samples are made from, loaded: any sample can be made from it, in any
/// order and on any number of lanes.
class SampleMaker {
 public:
  virtual ~SampleMaker() = default;
  virtual DatasetPlan plan() const = 0;
  virtual OnFailure on_failure() const = 0;
  /// See OpenLane. The lane must not outlive this. Throws Error (Exit::unavailable).
  virtual std::unique_ptr<Lane> open_lane(std::size_t device) const = 0;
};

/// Loads the assets of a recipe of scenes. Throws Error for what is wrong with them; `warn` is told
/// of the rest.
std::unique_ptr<SampleMaker> load_recipe(Recipe recipe,
                                         const std::function<void(const std::string&)>& warn,
                                         const ImportLimits& limits = {});

/// The same of assets that are loaded already. Both must outlive it.
std::unique_ptr<SampleMaker> maker_of(const Recipe& recipe, const Assets& assets);

}  // namespace orrery
