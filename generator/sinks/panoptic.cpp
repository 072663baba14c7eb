#include "generator/sinks/panoptic.hpp"

namespace orrery {
namespace {

/// Colours that differ between neighbours in the list: the golden angle around the hues.
Json color_of(std::size_t category) {
  const auto hue = static_cast<std::uint32_t>(category * 137 % 360);
  const std::uint32_t rise = hue % 60 * 255 / 60;
  const std::uint32_t sextant = hue / 60;
  const std::uint32_t up = sextant % 2 == 0 ? rise : 255 - rise;
  switch (sextant) {
    case 0:
      return {255, up, 0};
    case 1:
      return {up, 255, 0};
    case 2:
      return {0, 255, up};
    case 3:
      return {0, up, 255};
    case 4:
      return {up, 0, 255};
    default:
      return {255, 0, up};
  }
}

}  // namespace

Json panoptic_annotation_of(std::uint64_t index, const std::string& file_name,
                            const Panoptic& panoptic, std::size_t classes) {
  Json segments = Json::array();
  for (const Segment& segment : panoptic.segments) {
    const Box& box = segment.box;
    segments.push_back({{"id", segment.id},
                        {"category_id", segment.kind + 1 + (segment.thing ? 0 : classes)},
                        {"area", segment.area},
                        {"bbox", {box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0}},
                        {"iscrowd", segment.crowd ? 1 : 0}});
  }
  return {{"image_id", index + 1}, {"file_name", file_name}, {"segments_info", segments}};
}

PanopticWriter::PanopticWriter(WholeFile& out, const std::vector<std::string>& classes)
    : out_(out) {
  Json categories = Json::array();
  const auto add = [&](const std::string& name, int thing) {
    const std::size_t id = categories.size() + 1;
    categories.push_back({{"id", id},
                          {"name", name},
                          {"supercategory", ""},
                          {"isthing", thing},
                          {"color", color_of(id)}});
  };
  for (const std::string& name : classes) add(name, 1);
  for (const std::string& name : stuff_names()) add(name, 0);
  out_.write("{\"categories\":" + categories.dump() + ",\n\"images\":[");
}

void PanopticWriter::add_image(std::string_view image) {
  out_.write(first_ ? "\n" : ",\n");
  out_.write(image);
  first_ = false;
}

void PanopticWriter::start_annotations() {
  out_.write("\n],\n\"annotations\":[");
  in_images_ = false;
  first_ = true;
}

void PanopticWriter::add_annotation(std::string_view annotation) {
  if (in_images_) start_annotations();
  out_.write(first_ ? "\n" : ",\n");
  out_.write(annotation);
  first_ = false;
}

void PanopticWriter::finish() {
  if (in_images_) start_annotations();
  out_.write("\n]}\n");
}

}  // namespace orrery
