#include "scenes/scene_lens.hpp"

#include <glm/glm.hpp>

#include "scenes/camera.hpp"
#include "scenes/error.hpp"
#include "scenes/factor_value.hpp"

namespace orrery {
namespace {

/// What is drawn, or an end of the range, for each coefficient in the order of Lens::k.
template <class Choose>
Lens lens_of(const LensSpec& spec, const Choose& choose) {
  switch (spec.model) {
    case LensModel::pinhole:
      break;
    case LensModel::brown_conrady:
      return lens_from(spec.model,
                       {choose(spec.k1, "k1"), choose(spec.k2, "k2"), choose(spec.p1, "p1"),
                        choose(spec.p2, "p2"), choose(spec.k3, "k3"), choose(spec.k4, "k4"),
                        choose(spec.k5, "k5"), choose(spec.k6, "k6")});
    case LensModel::fisheye:
      return lens_from(spec.model, {choose(spec.k1, "k1"), choose(spec.k2, "k2"),
                                    choose(spec.k3, "k3"), choose(spec.k4, "k4")});
  }
  return {};
}

bool is_used(const Distribution& d) { return d != Distribution::fixed(0); }

}  // namespace

std::optional<std::string> lens_mistake(const CameraSpec& spec) {
  const LensSpec& lens = spec.lens;
  const bool tangential =
      is_used(lens.p1) || is_used(lens.p2) || is_used(lens.k5) || is_used(lens.k6);
  const bool radial = is_used(lens.k1) || is_used(lens.k2) || is_used(lens.k3) || is_used(lens.k4);
  if (lens.model == LensModel::fisheye && tangential) {
    return "a fisheye with p1, p2, k5 or k6, wanted k1 to k4 alone";
  }
  if (lens.model == LensModel::pinhole && (tangential || radial)) {
    return "a pinhole with coefficients, wanted a model that has them: brown_conrady or fisheye";
  }
  if (lens.model == LensModel::pinhole) return std::nullopt;
  // A range may fold though its middle does not: its ends are tried together.
  for (const bool wide : {false, true}) {
    for (const bool high : {false, true}) {
      try {
        const Lens end = lens_of(lens, [&](const Distribution& d, const char*) {
          return high ? greatest(d) : least(d);
        });
        const double fov = wide ? greatest(spec.fov) : least(spec.fov);
        intrinsics_from_fov(spec.width, spec.height, glm::radians(fov), end);
      } catch (const Error& error) {
        return error.what();
      }
    }
  }
  return std::nullopt;
}

Lens drawn_lens(const LensSpec& spec, const Streams& streams) {
  return lens_of(spec, [&](const Distribution& d, const char* name) {
    return value_of(d, streams, std::string("camera/lens/") + name);
  });
}

}  // namespace orrery
