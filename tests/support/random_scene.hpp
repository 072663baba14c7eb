#pragma once

#include <cstdint>

#include "scenes/scene.hpp"

namespace orrery {

/// Models of every kind that a renderer must tell apart (level of detail, mask, blend,
/// double-sided, several wraps, hollow), each 0.5 to 2 m across, and two skies.
Assets varied_assets();

/// Scene `index` of an endless series over `assets`: up to 40 instances that overlap, leave the
/// image, stand behind the camera, cross the near plane or cover less than a pixel; with ground or
/// without; images of several sizes through lopsided cameras.
/// `lens`: through a lens that bends a lot, Brown–Conrady or a fisheye of up to 160°.
Shot random_shot(const Assets& assets, std::uint64_t seed, std::uint64_t index, bool lens = false);

}  // namespace orrery
