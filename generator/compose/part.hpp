#pragma once

#include "generator/compose/working_label.hpp"

namespace orrery {

/// Part of a picture in another: result = scale · picture + shift, pixels from the top-left corner,
/// cut to a window of the result.
struct FramedPart {
  const LabelledPixels* picture = nullptr;
  double scale = 1;
  glm::dvec2 shift{0.0};
  Box window;
};

/// Draws the part into `result`: as it is where only whole pixels move, else each pixel the mean of
/// what it covers.
void draw_part(const FramedPart& part, Image<Rgba8>& result);

/// The part's labels in a result of width × height, with what the window leaves of them: masks by
/// the centres of the result's pixels, boxes and points exactly.
std::vector<WorkingLabel> labels_of(const FramedPart& part, int width, int height,
                                    ComposeReport& report);

}  // namespace orrery
