#include <algorithm>
#include <cmath>

#include "generator/compose/blur.hpp"
#include "generator/compose/compose.hpp"
#include "generator/compose/working_label.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

Image<std::uint8_t> pixels_of(const Label& label, int width, int height) {
  if (const std::optional<Rle> mask = mask_of(label, width, height)) return mask_from_rle(*mask);
  Image<std::uint8_t> pixels(width, height, 0);
  const Rect& b = label.box;
  for (int y = std::max(0, static_cast<int>(std::floor(b.y0))); y < std::min<double>(height, b.y1);
       ++y) {
    for (int x = std::max(0, static_cast<int>(std::floor(b.x0))); x < std::min<double>(width, b.x1);
         ++x) {
      pixels.at(x, y) = 1;
    }
  }
  return pixels;
}

glm::vec3 noisy(const glm::vec3& mean, const glm::vec3& deviation, Rng& rng) {
  glm::vec3 color = mean;
  for (int c = 0; c < 3; ++c) color[c] += deviation[c] * static_cast<float>(rng.normal());
  return color;
}

/// Mean and deviation of a picture around a region, the region itself left out; of it alone where
/// nothing is around it.
struct Around {
  glm::vec3 mean{0};
  glm::vec3 deviation{0};
};

Around around(const Image<Rgba8>& picture, const Image<std::uint8_t>& region, const Box& box) {
  const int reach = std::max(4, std::min(box.x1 - box.x0, box.y1 - box.y0) / 4);
  for (const std::uint8_t counted : {std::uint8_t{0}, std::uint8_t{1}}) {
    glm::dvec3 sum(0);
    glm::dvec3 squares(0);
    double count = 0;
    for (int y = std::max(box.y0 - reach, 0); y < std::min(box.y1 + reach, picture.height); ++y) {
      for (int x = std::max(box.x0 - reach, 0); x < std::min(box.x1 + reach, picture.width); ++x) {
        if (region.at(x, y) != counted) continue;
        const glm::dvec3 c(picture.at(x, y));
        sum += c;
        squares += c * c;
        ++count;
      }
    }
    if (count < 1) continue;
    const glm::dvec3 mean = sum / count;
    return {glm::vec3(mean),
            glm::vec3(glm::sqrt(glm::max(squares / count - mean * mean, glm::dvec3(0))))};
  }
  return {};
}

/// The box of the region and some picture around it, blurred beyond recognition.
Image<glm::vec3> smooth(const Image<Rgba8>& picture, const Box& box) {
  Image<glm::vec3> part(box.x1 - box.x0, box.y1 - box.y0);
  for (int y = box.y0; y < box.y1; ++y) {
    for (int x = box.x0; x < box.x1; ++x) {
      part.at(x - box.x0, y - box.y0) = glm::vec3(picture.at(x, y));
    }
  }
  const double sigma = std::max(4.0, std::min(part.width, part.height) / 4.0);
  return blurred(part, sigma, Border::last_pixel);
}

void fill(Image<Rgba8>& picture, const Image<std::uint8_t>& region, const Box& box, MaskFill how,
          Rng& rng) {
  const Around look = around(picture, region, box);
  const Image<glm::vec3> soft = how == MaskFill::blur ? smooth(picture, box) : Image<glm::vec3>();
  for (int y = box.y0; y < box.y1; ++y) {
    for (int x = box.x0; x < box.x1; ++x) {
      if (region.at(x, y) == 0) continue;
      glm::vec3 color = look.mean;
      if (how == MaskFill::blur) color = soft.at(x - box.x0, y - box.y0);
      if (how == MaskFill::noise) color = noisy(look.mean, look.deviation, rng);
      color = glm::clamp(color + 0.5F, 0.0F, 255.0F);
      picture.at(x, y) = Rgba8(glm::u8vec3(color), picture.at(x, y).a);
    }
  }
}

}  // namespace

void mask_out(LabelledPixels& picture, std::span<const Label> unlabelled, const MaskOutSpec& spec,
              const Draws& draws, ComposeReport& report) {
  const int width = picture.color.width;
  const int height = picture.color.height;
  std::vector<WorkingLabel> labels = working_labels(picture.labelled, report);
  for (const Label& region : unlabelled) {
    labels.push_back({region});
    labels.back().label.crowd = true;
    labels.back().label.keypoints.clear();
    ++report.ledger[region.class_id].placed;
    ++report.changed["crowd"];
  }
  std::uint64_t painted = 0;
  if (spec.fill != MaskFill::keep) {
    Image<std::uint8_t> shown(width, height, 0);
    for (const WorkingLabel& working : labels) {
      if (working.label.crowd) continue;
      const Image<std::uint8_t> pixels = pixels_of(working.label, width, height);
      for (std::size_t i = 0; i < pixels.pixels.size(); ++i) shown.pixels[i] |= pixels.pixels[i];
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      Label& label = labels[i].label;
      if (!label.crowd) continue;
      Image<std::uint8_t> region = pixels_of(label, width, height);
      Image<std::uint8_t> rest = region;
      for (std::size_t k = 0; k < region.pixels.size(); ++k) {
        if (shown.pixels[k] != 0) region.pixels[k] = 0;
        if (shown.pixels[k] == 0) rest.pixels[k] = 0;
      }
      const Box box = bounding_box(rle_from_mask(region));
      Rng rng = draws.rng("noise/" + std::to_string(i));
      fill(picture.color, region, box, spec.fill, rng);
      painted += area(rle_from_mask(region));
      set_mask(label, rle_from_mask(rest));
      labels[i].changed = true;
      labels[i].gone = "painted_over";
    }
  }
  picture.labelled.labels = settled(std::move(labels), {}, report);
  if (painted > 0) picture.labelled.file.clear();
  report.steps.push_back({{"step", "mask_out"}, {"painted_px", painted}});
}

}  // namespace orrery
