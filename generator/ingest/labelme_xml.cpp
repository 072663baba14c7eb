#include "generator/ingest/labelme_xml.hpp"

#include "generator/ingest/xml_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

bool is_deleted(const pugi::xml_node& object) { return text_in(object, "deleted") == "1"; }

std::optional<Polygon> points_in(const pugi::xml_node& polygon) {
  Polygon points;
  for (const pugi::xml_node& point : polygon.children("pt")) {
    const auto x = number_in(point, "x");
    const auto y = number_in(point, "y");
    if (!x || !y) return std::nullopt;
    points.emplace_back(*x, *y);
  }
  return points;
}

/// What is neither black nor transparent.
Rle mask_in(const std::string& name, const std::vector<fs::path>& folders) {
  if (name.empty()) throw Error("<segm> names no <mask>");
  const Image<Rgba8> colors = read_color(stated_picture(folders, name));
  Image<std::uint8_t> mask(colors.width, colors.height, 0);
  for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
    const Rgba8& c = colors.pixels[i];
    mask.pixels[i] = c.a > 0 && (c.r > 0 || c.g > 0 || c.b > 0) ? 1 : 0;
  }
  return rle_from_mask(mask);
}

}  // namespace

bool is_labelme_xml(const pugi::xml_node& annotation) {
  if (!annotation) return false;
  if (annotation.child("imagesize")) return true;
  for (const pugi::xml_node& object : annotation.children("object")) {
    if (object.child("bndbox")) return false;
    if (object.child("polygon") || object.child("segm")) return true;
  }
  return false;
}

void collect_labelme_names(const pugi::xml_node& annotation, std::set<std::string>& names) {
  for (const pugi::xml_node& object : annotation.children("object")) {
    const std::string name = text_in(object, "name");
    if (!name.empty() && !is_deleted(object)) names.insert(name);
  }
}

fs::path labelme_picture(const pugi::xml_node& annotation, const fs::path& file,
                         const fs::path& root) {
  const fs::path beside = file.parent_path();
  const std::string folder = text_in(annotation, "folder");
  std::string name = text_in(annotation, "filename");
  if (name.empty()) name = file.stem().string() + ".jpg";
  const fs::path images = beside / ".." / ".." / "Images" / beside.filename();
  return stated_picture({images, beside, root / "Images" / folder, root / "Images", root / folder,
                         root, beside / ".." / "Images"},
                        name);
}

void add_labelme_object(const pugi::xml_node& object, DraftImage& draft, const std::string& at,
                        const std::vector<fs::path>& masks) {
  if (is_deleted(object)) {
    draft.problem(at, "object_deleted", "is marked as deleted");
    return;
  }
  const auto class_id = draft.class_of(text_in(object, "name"), at);
  if (!class_id) return;
  Label label;
  label.class_id = *class_id;
  const pugi::xml_node polygon = object.child("polygon");
  const pugi::xml_node segm = object.child("segm");
  if (polygon) {
    const auto points = points_in(polygon);
    if (!points || points->empty()) {
      draft.problem(at, "malformed", "<polygon> has no points, or one without numbers x and y");
      return;
    }
    if (text_in(object, "type") == "bounding_box") {
      label.box = extent_of({*points});
    } else {
      label.outline = {*points};
    }
  } else if (segm) {
    try {
      label.mask = mask_in(text_in(segm, "mask"), masks);
    } catch (const Error& error) {
      draft.problem(at, "mask_malformed", error.what());
      return;
    }
  } else {
    draft.problem(at, "shape_unsupported", "has neither <polygon> nor <segm>");
    return;
  }
  if (text_in(object, "occluded") == "yes") label.more["occluded"] = true;
  if (const std::string text = text_in(object, "attributes"); !text.empty()) {
    label.more["attributes"] = text;
  }
  for (const char* key : {"hasparts", "ispartof"}) {
    const std::string text = text_in(object.child("parts"), key);
    if (!text.empty()) label.more[key] = text;
  }
  draft.add(std::move(label), at);
}

}  // namespace orrery
