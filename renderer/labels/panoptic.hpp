#pragma once

#include <string>
#include <vector>

#include "renderer/frame.hpp"
#include "renderer/labels/annotation.hpp"

namespace orrery {

/// A run of pixels that mean one thing: an instance, or all of one kind of surroundings.
struct Segment {
  std::uint32_t id = 0;  ///< value in Panoptic::ids
  bool thing = false;
  std::uint32_t kind = 0;  ///< class id of a thing, else into stuff_names()
  bool crowd = false;      ///< an instance that is no label: a drop rule refused it
  std::uint64_t area = 0;  ///< pixels
  Box box;
};

/// Every pixel's segment. Things have the instance's id; surroundings come after 65535.
struct Panoptic {
  Image<std::uint32_t> ids;
  std::vector<Segment> segments;  ///< by id; those with a pixel
};

/// Kinds of surroundings: those of Stuff, in its order, then ground, sky and background.
const std::vector<std::string>& stuff_names();

/// Needs Frame::prop. `annotations` are the frame's, after all drop rules.
Panoptic panoptic_of(const Frame& frame, const Annotations& annotations);

/// Checks that the segments partition the image and that those of labels are as large as their
/// visible masks. Throws Error (Exit::bug) naming the segment.
void check_panoptic(const Panoptic& panoptic, const Annotations& annotations);

}  // namespace orrery
