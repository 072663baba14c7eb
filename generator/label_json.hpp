#pragma once

#include <string>
#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery {

/// Labels and what belongs to them as JSON and back, every field exactly: numbers as the shortest
/// text that reads back as the same double, masks as {"size": [height, width], "counts": COCO's
/// compressed run lengths}, boxes as [x0, y0, x1, y1], polygons as [[x, y], …], keypoints as
/// [x, y, v]. Fields that say nothing are left out. Writing throws Error for what JSON cannot hold
/// (not-a-number, infinity); reading throws Error that begins with `where`.
Json json_from(const Label& label);
Label label_from_json(const Json& json, const std::string& where);

Json json_from(const Ingredient& ingredient);
Ingredient ingredient_from_json(const Json& json, const std::string& where);
/// A list of them, in order of kind and name.
std::vector<Ingredient> lineage_from_json(const Json& json, const std::string& where);

Json json_from(const Keypoints& keypoints);
Keypoints keypoints_from_json(const Json& json, const std::string& where);

/// How far a lens holds is worked out anew: it is what lens_from() makes of the coefficients.
Json json_from(const Intrinsics& camera);
Intrinsics intrinsics_from_json(const Json& json, const std::string& where);

}  // namespace orrery
