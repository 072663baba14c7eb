#include <algorithm>
#include <cmath>

#include "generator/compose/beta.hpp"
#include "generator/compose/compose.hpp"
#include "generator/compose/inherit.hpp"
#include "generator/compose/part.hpp"

namespace orrery {
namespace {

constexpr double kLeastShare = 1e-3;  // a label's weight is above 0

void add_weighted(const Image<Rgba8>& picture, double share, Image<glm::dvec3>& sum) {
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      sum.at(x, y) += share * glm::dvec3(picture.at(x, y));
    }
  }
}

}  // namespace

LabelledPixels mixup(const LabelledPixels& a, const LabelledPixels& b, const MixupSpec& spec,
                     const Draws& draws, ComposeReport& report) {
  Rng rng = draws.rng("share");
  const double share =
      std::clamp(beta_drawn(spec.alpha, spec.alpha, rng), kLeastShare, 1 - kLeastShare);
  LabelledPixels result;
  LabelledImage& image = result.labelled;
  image.name = a.labelled.name;
  image.width = std::max(a.color.width, b.color.width);
  image.height = std::max(a.color.height, b.color.height);
  const std::array<const LabelledImage*, 2> parents{&a.labelled, &b.labelled};
  inherit(image, parents);
  Image<glm::dvec3> sum(image.width, image.height, glm::dvec3(0));
  add_weighted(a.color, share, sum);
  add_weighted(b.color, 1 - share, sum);
  result.color = Image<Rgba8>(image.width, image.height);
  for (std::size_t i = 0; i < sum.pixels.size(); ++i) {
    const glm::dvec3 rounded = glm::floor(sum.pixels[i] + 0.5);
    result.color.pixels[i] = Rgba8(glm::u8vec3(rounded), 255);
  }
  std::vector<WorkingLabel> labels;
  const Box whole{0, 0, image.width, image.height};
  const auto add = [&](const LabelledPixels& picture, double weight) {
    const FramedPart part{&picture, 1, {}, whole};
    for (WorkingLabel& label : labels_of(part, image.width, image.height, report)) {
      label.label.weight *= weight;
      labels.push_back(std::move(label));
    }
  };
  add(a, share);
  add(b, 1 - share);
  image.labels = settled(std::move(labels), {}, report);
  report.steps.push_back({{"step", "mixup"}, {"with", b.labelled.name}, {"share", share}});
  return result;
}

}  // namespace orrery
