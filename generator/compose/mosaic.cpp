#include <algorithm>
#include <cmath>

#include "generator/compose/compose.hpp"
#include "generator/compose/inherit.hpp"
#include "generator/compose/part.hpp"

namespace orrery {
namespace {

double drawn_by(const Distribution& d, const Draws& draws, const std::string& factor) {
  Rng rng = draws.rng(factor);
  return drawn(d, rng);
}

Json json_of(const Box& box) { return {box.x0, box.y0, box.x1, box.y1}; }

/// A picture scaled so that it fills its cell, and somewhere in it.
FramedPart drawn_part(const LabelledPixels& picture, const Box& cell, const MosaicSpec& spec,
                      const Draws& draws, std::size_t number) {
  const std::string at = std::to_string(number);
  const glm::dvec2 size(cell.x1 - cell.x0, cell.y1 - cell.y0);
  const glm::dvec2 own(picture.color.width, picture.color.height);
  FramedPart part{&picture, std::max(size.x / own.x, size.y / own.y), {}, cell};
  part.scale *= std::max(1.0, drawn_by(spec.zoom, draws, "zoom/" + at));
  Rng rng = draws.rng("shift/" + at);
  const double right = rng.unit();
  const double down = rng.unit();
  const glm::dvec2 spare = glm::max(own * part.scale - size, glm::dvec2(0));
  part.shift = glm::dvec2(cell.x0, cell.y0) - spare * glm::dvec2(right, down);
  return part;
}

}  // namespace

LabelledPixels mosaic(const std::array<const LabelledPixels*, 4>& parts, const MosaicSpec& spec,
                      const LabelRules& rules, const Draws& draws, ComposeReport& report) {
  LabelledPixels result;
  LabelledImage& image = result.labelled;
  image.name = parts[0]->labelled.name;
  image.width = spec.width > 0 ? spec.width : parts[0]->color.width;
  image.height = spec.height > 0 ? spec.height : parts[0]->color.height;
  const std::array<const LabelledImage*, 4> parents{&parts[0]->labelled, &parts[1]->labelled,
                                                    &parts[2]->labelled, &parts[3]->labelled};
  inherit(image, parents);
  const double share_x = drawn_by(spec.centre, draws, "centre/x");
  const double share_y = drawn_by(spec.centre, draws, "centre/y");
  const auto meet = [](double share, int side) {
    return std::clamp(static_cast<int>(std::lround(share * side)), 1, std::max(1, side - 1));
  };
  const glm::ivec2 centre(meet(share_x, image.width), meet(share_y, image.height));
  result.color = Image<Rgba8>(image.width, image.height, Rgba8(0, 0, 0, 255));
  std::vector<WorkingLabel> labels;
  Json said{{"step", "mosaic"}, {"centre", {centre.x, centre.y}}, {"parts", Json::array()}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool right = i % 2 == 1;
    const bool below = i / 2 == 1;
    const Box cell{right ? centre.x : 0, below ? centre.y : 0, right ? image.width : centre.x,
                   below ? image.height : centre.y};
    const FramedPart part = drawn_part(*parts[i], cell, spec, draws, i);
    draw_part(part, result.color);
    for (WorkingLabel& label : labels_of(part, image.width, image.height, report)) {
      labels.push_back(std::move(label));
    }
    said["parts"].push_back({{"name", parts[i]->labelled.name},
                             {"scale", part.scale},
                             {"shift", {part.shift.x, part.shift.y}}});
  }
  image.labels = settled(std::move(labels), rules, report);
  report.steps.push_back(std::move(said));
  return result;
}

LabelledPixels cutmix(const LabelledPixels& a, const LabelledPixels& b, const CutmixSpec& spec,
                      const LabelRules& rules, const Draws& draws, ComposeReport& report) {
  LabelledPixels result = a;
  LabelledImage& image = result.labelled;
  const std::array<const LabelledImage*, 2> parents{&a.labelled, &b.labelled};
  inherit(image, parents);
  forget_camera(image);
  const double pixels =
      drawn_by(spec.area, draws, "area") * static_cast<double>(image.width) * image.height;
  const double aspect = drawn_by(spec.aspect, draws, "aspect");
  const auto side = [](double wanted, int in_a, int in_b) {
    return std::clamp(static_cast<int>(std::lround(wanted)), 1, std::min(in_a, in_b));
  };
  const glm::ivec2 size(side(std::sqrt(pixels * aspect), image.width, b.color.width),
                        side(std::sqrt(pixels / aspect), image.height, b.color.height));
  Rng place = draws.rng("place");
  const auto corner = [&](int width, int height) {
    const auto x = static_cast<int>(place.below(static_cast<std::uint32_t>(width - size.x + 1)));
    const auto y = static_cast<int>(place.below(static_cast<std::uint32_t>(height - size.y + 1)));
    return glm::ivec2(x, y);
  };
  const glm::ivec2 to = corner(image.width, image.height);
  const glm::ivec2 from = corner(b.color.width, b.color.height);
  const Box window{to.x, to.y, to.x + size.x, to.y + size.y};
  const FramedPart part{&b, 1, glm::dvec2(to - from), window};
  draw_part(part, result.color);
  Image<std::uint8_t> cover(image.width, image.height, 0);
  for (int y = window.y0; y < window.y1; ++y) {
    for (int x = window.x0; x < window.x1; ++x) cover.at(x, y) = 1;
  }
  std::vector<WorkingLabel> labels = working_labels(image, report);
  for (WorkingLabel& label : labels) {
    hide(label, cover, window);
    if (label.changed && label.label.loose) ++report.changed["loose"];
  }
  for (WorkingLabel& label : labels_of(part, image.width, image.height, report)) {
    labels.push_back(std::move(label));
  }
  image.labels = settled(std::move(labels), rules, report);
  report.steps.push_back({{"step", "cutmix"},
                          {"window", json_of(window)},
                          {"from", {from.x, from.y}},
                          {"of", b.labelled.name}});
  return result;
}

}  // namespace orrery
