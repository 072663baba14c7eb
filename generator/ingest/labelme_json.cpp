#include "generator/ingest/labelme_json.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>

#include "generator/ingest/json_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

struct Shape {
  const Json* json = nullptr;
  int number = 0;  ///< in the file, from 1
  std::string at() const { return "shape " + std::to_string(number); }
};

/// Shapes that are one instance, and the points that belong to it.
struct Group {
  std::string label;
  std::string id;  ///< as written; empty: none
  std::vector<Shape> shapes;
  std::vector<Shape> points;
};

std::string type_of(const Json& shape) {
  const std::string type = text_at(shape, "shape_type");
  return type.empty() ? "polygon" : type;  // early versions had nothing else
}

/// Points that no instance takes are in `alone`.
std::vector<Group> groups_of(const Json& json, std::vector<Shape>& alone) {
  std::vector<Group> groups;
  std::vector<std::pair<std::string, Shape>> points;
  int number = 0;
  for (const Json& shape : list_at(json, "shapes")) {
    ++number;
    const auto found = shape.is_object() ? shape.find("group_id") : shape.end();
    const bool grouped = shape.is_object() && found != shape.end() && !found->is_null();
    const std::string id = grouped ? found->dump() : std::string();
    if (type_of(shape) == "point") {
      points.emplace_back(id, Shape{&shape, number});
      continue;
    }
    const std::string label = text_at(shape, "label");
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return grouped && g.id == id && g.label == label;
    });
    if (group == groups.end()) group = groups.insert(group, Group{label, id, {}, {}});
    group->shapes.push_back({&shape, number});
  }
  for (const auto& [id, point] : points) {
    const auto of_it = [&id = id](const Group& g) { return !id.empty() && g.id == id; };
    if (std::count_if(groups.begin(), groups.end(), of_it) == 1) {
      std::find_if(groups.begin(), groups.end(), of_it)->points.push_back(point);
    } else {
      alone.push_back(point);
    }
  }
  return groups;
}

Polygon points_of(const Json& shape) {
  Polygon points;
  for (const Json& pair : list_at(shape, "points")) {
    const auto n = numbers_from(pair);
    if (!n || n->size() != 2) throw Error("a point is no list of two numbers");
    points.emplace_back((*n)[0], (*n)[1]);
  }
  return points;
}

std::vector<std::byte> bytes_of_base64(std::string text) {
  const auto blank = [](char c) { return c == '\n' || c == '\r' || c == ' '; };
  text.erase(std::remove_if(text.begin(), text.end(), blank), text.end());
  std::vector<std::byte> bytes(text.size() / 4 * 3 + 1);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size <= 0) throw Error("the mask is no base64");
  bytes.resize(static_cast<std::size_t>(size));  // zeros at the end for "=": a PNG ends before
  return bytes;
}

/// A mask of the whole image, of a PNG whose first pixel lies at the shape's first point.
Image<std::uint8_t> mask_of_shape(const Json& shape, const Polygon& points, int width, int height) {
  const std::string text = text_at(shape, "mask");
  if (text.empty() || points.empty()) throw Error("the mask has no picture or no point");
  const Image<Rgba8> part = color_from_bytes(bytes_of_base64(text), "the mask");
  const double left = std::floor(points.front().x);
  const double top = std::floor(points.front().y);
  const bool inside =
      left >= 0 && top >= 0 && left + part.width <= width && top + part.height <= height;
  if (!inside) throw Error("the mask leaves the image");
  Image<std::uint8_t> mask(width, height, 0);
  for (int y = 0; y < part.height; ++y) {
    for (int x = 0; x < part.width; ++x) {
      const bool set = part.at(x, y).r > 0;
      mask.at(static_cast<int>(left) + x, static_cast<int>(top) + y) = set ? 1 : 0;
    }
  }
  return mask;
}

void join(Label& label, const Image<std::uint8_t>& mask) {
  Image<std::uint8_t> all = label.mask ? mask_from_rle(*label.mask) : mask;
  for (std::size_t i = 0; i < all.pixels.size(); ++i) {
    if (mask.pixels[i] != 0) all.pixels[i] = 1;
  }
  label.mask = rle_from_mask(all);
}

/// Adds a shape to its instance; of one of several, its polygon. False: it is of a kind that is no
/// instance.
bool take_shape(const Json& shape, bool several, const DraftImage& draft, Label& label) {
  const std::string type = type_of(shape);
  const Polygon points = points_of(shape);
  if (type == "polygon") {
    label.outline.push_back(points);
  } else if (type == "rectangle") {
    if (points.size() != 2 && points.size() != 4) {
      throw Error("a rectangle has " + std::to_string(points.size()) + " points, wanted 2");
    }
    const Rect box = extent_of({points});
    if (several) {
      label.outline.push_back(
          {{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}});
    } else {
      label.box = box;
    }
  } else if (type == "rotation") {
    if (points.size() != 4) {
      throw Error("a turned rectangle has " + std::to_string(points.size()) + " points, wanted 4");
    }
    if (several) {
      label.outline.push_back(points);
    } else {
      label.oriented = oriented_box(points);
      label.box = extent_of({points});
    }
  } else if (type == "circle") {
    if (points.size() != 2) {
      throw Error("a circle has " + std::to_string(points.size()) + " points, wanted 2");
    }
    label.outline.push_back(ellipse(points[0], glm::dvec2(glm::length(points[1] - points[0])), 0));
  } else if (type == "mask") {
    join(label, mask_of_shape(shape, points, draft.width(), draft.height()));
  } else {
    return false;
  }
  return true;
}

void take_keypoints(const Group& group, const DatasetInfo& info, DraftImage& draft, Label& label) {
  for (const Shape& shape : group.points) {
    const auto& names = info.keypoints.at(label.class_id).points;
    const std::string name = text_at(*shape.json, "label");
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const Keypoint& k) { return k.name == name; });
    Polygon points;
    try {
      points = points_of(*shape.json);
    } catch (const Error&) {  // said below
      points.clear();
    }
    label.keypoints.resize(names.size());
    const auto index = static_cast<std::size_t>(found - names.begin());
    if (found == names.end() || points.size() != 1 || label.keypoints[index].visibility != 0) {
      draft.problem(shape.at(), "keypoints_malformed",
                    "the point \"" + name + "\" has no name, no position or is there twice");
      continue;
    }
    label.keypoints[index] = {points.front(), 2};
  }
}

void take_shape_fields(const Json& shape, Label& label) {
  label.hard = label.hard || flag_at(shape, "difficult");
  const Json& flags = object_at(shape, "flags");
  if (!flags.empty()) label.more["flags"] = flags;
  const std::string description = text_at(shape, "description");
  if (!description.empty()) label.more["description"] = description;
}

void add_group(const Group& group, DraftImage& draft, const DatasetInfo& info) {
  const std::string at = group.shapes.front().at();
  const auto class_id = draft.class_of(group.label, at);
  if (!class_id) return;
  Label label;
  label.class_id = *class_id;
  bool any = false;
  for (const Shape& shape : group.shapes) {
    try {
      if (take_shape(*shape.json, group.shapes.size() > 1, draft, label)) {
        any = true;
        take_shape_fields(*shape.json, label);
      } else {
        draft.problem(shape.at(), "shape_unsupported",
                      "is a \"" + type_of(*shape.json) +
                          "\", wanted polygon, rectangle, rotation, circle, mask or point");
      }
    } catch (const Error& error) {
      draft.problem(shape.at(), type_of(*shape.json) == "mask" ? "mask_malformed" : "malformed",
                    error.what());
    }
  }
  if (!any) return;
  if (label.mask && !label.outline.empty()) {
    join(label, mask_from_rle(mask_of(label.outline, draft.width(), draft.height())));
    label.outline.clear();
  }
  take_keypoints(group, info, draft, label);
  draft.add(std::move(label), at);
}

}  // namespace

void collect_labelme_names(const Json& json, std::set<std::string>& names,
                           std::map<std::string, std::set<std::string>>& points) {
  std::vector<Shape> alone;
  for (const Group& group : groups_of(json, alone)) {
    if (group.label.empty()) continue;
    names.insert(group.label);
    for (const Shape& point : group.points) {
      const std::string name = text_at(*point.json, "label");
      if (!name.empty()) points[group.label].insert(name);
    }
  }
}

void add_labelme_shapes(const Json& json, DraftImage& draft, const DatasetInfo& info) {
  std::vector<Shape> alone;
  for (const Group& group : groups_of(json, alone)) add_group(group, draft, info);
  for (const Shape& point : alone) {
    draft.problem(point.at(), "shape_unsupported", "is a point that belongs to no shape");
  }
}

}  // namespace orrery
