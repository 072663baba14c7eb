#include "generator/augment/operation.hpp"

namespace orrery {
namespace {

constexpr double kMostPixels = 16384;  ///< along a side

OperationParameter whole(OperationParameter parameter) {
  parameter.whole = true;
  return parameter;
}

OperationParameter side(const char* name, double usual) {
  return whole({name, "pixels", {usual, usual}, 1, kMostPixels});
}

OperationParameter place(const char* name) {
  return {name, "where it lies: 0 at the start of the room there is, 1 at the end", {0, 1}, 0, 1};
}

void add_geometry(std::vector<OperationInfo>& all) {
  all.push_back({"flip_horizontal", "left and right change places", {}});
  all.push_back({"flip_vertical", "top and bottom change places", {}});
  all.push_back({"rotate90",
                 "turned by right angles, exactly",
                 {whole({"turns", "quarter turns clockwise", {1, 3}, 0, 3})}});
  all.push_back({"rotate",
                 "turned about the middle; the picture keeps its size",
                 {{"angle", "degrees clockwise", {-15, 15}, -180, 180}}});
  all.push_back({"scale",
                 "made larger or smaller about the middle; the picture keeps its size",
                 {{"factor", "of both sides", {0.8, 1.25}, 0.1, 10},
                  {"stretch", "of the width over that of the height", {1, 1}, 0.5, 2}}});
  all.push_back({"shift",
                 "moved",
                 {{"x", "share of the width", {-0.1, 0.1}, -1, 1},
                  {"y", "share of the height", {-0.1, 0.1}, -1, 1}}});
  all.push_back({"shear",
                 "slanted about the middle",
                 {{"x", "degrees of upright lines", {-8, 8}, -45, 45},
                  {"y", "degrees of level lines", {0, 0}, -45, 45}}});
  all.push_back({"perspective",
                 "seen aslant: each corner moves on its own",
                 {{"strength", "farthest move, share of the sides", {0.02, 0.08}, 0, 0.2}}});
  all.push_back({"crop",
                 "a window of a fixed size",
                 {side("width", 320), side("height", 320), place("x"), place("y")}});
  all.push_back({"random_crop",
                 "a window of any size",
                 {{"area", "share of the picture's", {0.5, 1}, 0.001, 1},
                  {"aspect", "width over height", {0.75, 1.333}, 0.05, 20},
                  place("x"),
                  place("y")}});
  all.push_back({"crop_instance",
                 "a window around one label",
                 {{"margin", "on each side, share of the box's longer side", {0.1, 0.6}, 0, 20}}});
  all.push_back({"elastic",
                 "bent smoothly",
                 {{"amplitude",
                   "greatest move, share of the shorter side; at most 0.2 cells",
                   {0.005, 0.02},
                   0,
                   0.2},
                  {"cell", "between bends, share of the shorter side", {0.15, 0.3}, 0.05, 1}}});
  all.push_back({"grid_distortion",
                 "columns and rows made wider and narrower",
                 {whole({"cells", "columns, and rows", {3, 6}, 2, 32}),
                  {"strength", "greatest change of a width, share of it", {0.1, 0.3}, 0, 0.8}}});
  all.push_back({"resize", "stretched to a size", {side("width", 640), side("height", 480)}});
  all.push_back(
      {"letterbox", "fitted into a size, with borders", {side("width", 640), side("height", 640)}});
}

void add_colour(std::vector<OperationInfo>& all) {
  all.push_back({"brightness_contrast",
                 "brighter or darker, more or less contrast",
                 {{"brightness", "added, white is 1", {-0.2, 0.2}, -1, 1},
                  {"contrast", "factor about middle grey", {0.8, 1.25}, 0, 10}}});
  all.push_back({"hue_saturation_value",
                 "colours turned, bleached or strengthened",
                 {{"hue", "degrees", {-10, 10}, -180, 180},
                  {"saturation", "factor", {0.7, 1.3}, 0, 10},
                  {"value", "factor on the brightness", {0.85, 1.15}, 0, 10}}});
  all.push_back({"grey", "colour taken out", {{"amount", "share", {1, 1}, 0, 1}}});
  all.push_back({"channel_shuffle", "red, green and blue in another order", {}});
  all.push_back({"gamma", "exponent on the values", {{"gamma", "exponent", {0.7, 1.4}, 0.1, 10}}});
  all.push_back({"clahe",
                 "contrast evened out over tiles",
                 {{"clip", "limit on contrast", {1, 3}, 1, 40},
                  whole({"tiles", "along each side", {8, 8}, 1, 64})}});
  all.push_back({"gaussian_noise",
                 "noise of a sensor",
                 {{"sigma", "standard deviation, white is 1", {0.01, 0.03}, 0, 0.5}}});
  all.push_back({"shot_noise",
                 "noise of light: the brighter, the more",
                 {{"electrons", "counted at white", {200, 2000}, 20, 100000}}});
}

void add_optics(std::vector<OperationInfo>& all) {
  all.push_back(
      {"gaussian_blur", "soft", {{"sigma", "standard deviation, pixels", {0.5, 2}, 0.1, 20}}});
  all.push_back({"motion_blur",
                 "moved while it was taken",
                 {{"length", "pixels", {3, 9}, 1, 63}, {"angle", "degrees", {0, 180}, -360, 360}}});
  all.push_back(
      {"defocus_blur", "out of focus", {{"radius", "of the disc, pixels", {1, 3}, 0.5, 15}}});
  all.push_back({"jpeg",
                 "stored as a JPEG and read again",
                 {whole({"quality", "1 to 100", {40, 90}, 1, 100})}});
  all.push_back({"downscale",
                 "made smaller and large again",
                 {{"factor", "of the sides between", {0.4, 0.8}, 0.02, 1}}});
  all.push_back({"fog", "haze", {{"amount", "share of haze at its thickest", {0.2, 0.5}, 0, 1}}});
  all.push_back({"rain",
                 "streaks of rain",
                 {{"amount", "streaks, 1 is heavy", {0.2, 0.8}, 0, 3},
                  {"length", "share of the shorter side", {0.02, 0.06}, 0.005, 0.5},
                  {"slant", "degrees off the vertical", {-20, 20}, -60, 60}}});
  all.push_back({"sun_flare",
                 "the sun shines into the lens",
                 {{"strength", "of the light in the middle, white is 1", {0.3, 0.8}, 0, 1},
                  {"radius", "share of the longer side", {0.15, 0.4}, 0.01, 2}}});
  all.push_back({"shadow",
                 "a shadow across the picture",
                 {{"darkness", "share of the light that is taken", {0.3, 0.6}, 0, 1},
                  {"softness", "of its edge, share of the shorter side", {0.005, 0.05}, 0, 0.5}}});
  all.push_back({"dropout",
                 "rectangles filled: what lies under them is hidden, labels too",
                 {whole({"count", "rectangles", {1, 6}, 1, 256}),
                  {"width", "share of the picture's", {0.03, 0.12}, 0.001, 1},
                  {"height", "share of the picture's", {0.03, 0.12}, 0.001, 1}}});
}

}  // namespace

const std::vector<OperationInfo>& operations() {
  static const std::vector<OperationInfo> all = [] {
    std::vector<OperationInfo> list;
    add_geometry(list);
    add_colour(list);
    add_optics(list);
    return list;
  }();
  return all;
}

const OperationInfo& operation_info(AugmentOp op) {
  return operations()[static_cast<std::size_t>(op)];
}

}  // namespace orrery
