// Label Studio, as pre-annotations. Byte layout:
//
//   images/<name>.<ext>   the pictures; serve the dataset's folder as the local files' root
//   config.xml            the labelling interface: RectangleLabels "box", PolygonLabels "polygon"
//   and,
//                         if a class has some, KeyPointLabels "keypoint" with "class/keypoint"
//   tasks.json            an array with a task a line:
//     data         {"image": "/data/local-files/?d=images/…" (percent-encoded), "name", "split"}
//     predictions  [{"model_version", "result": [...]}], a result a shape:
//                  id, type, from_name, to_name "image", original_width, original_height,
//                  image_rotation 0, and value: percent of the upright picture's width and height;
//                  rectanglelabels x y width height rotation (degrees, clockwise on the screen,
//                  about the box's top left corner), polygonlabels points closed, keypointlabels x
//                  y width; keypoints name their shape as parentID
//
// Masks are polygons along pixel edges: holes are filled, and each further part is a shape of its
// own; both are counted. Polygons and boxes are cut at the image's border, oriented boxes are not.

#include <array>
#include <cmath>
#include <numbers>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/polygons.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/xml_text.hpp"

namespace orrery {
namespace {

std::string percent_encoded(const std::string& path) {
  static constexpr std::array kHex{'0', '1', '2', '3', '4', '5', '6', '7',
                                   '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
  const std::string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string out;
  for (const char c : path) {
    if (plain.find(c) != std::string::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex.at(byte >> 4U);
    out += kHex.at(byte & 15U);
  }
  return out;
}

/// Results of one image.
class Results {
 public:
  explicit Results(const LabelledImage& image) : image_(image) {}

  void add(const std::string& id, const char* type, const char* from, Json value,
           const std::string& name, const std::string& parent = {}) {
    value[type] = {name};
    Json result{{"id", id},
                {"type", type},
                {"from_name", from},
                {"to_name", "image"},
                {"original_width", image_.width},
                {"original_height", image_.height},
                {"image_rotation", 0},
                {"value", std::move(value)}};
    if (!parent.empty()) result["parentID"] = parent;
    all_.push_back(std::move(result));
  }
  double percent_x(double x) const { return 100 * x / image_.width; }
  double percent_y(double y) const { return 100 * y / image_.height; }
  Json take() { return std::move(all_); }

 private:
  const LabelledImage& image_;
  Json all_ = Json::array();
};

class LabelStudioSink : public Sink {
 public:
  LabelStudioSink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options)
      : folder_(folder), info_(std::move(info)), options_(options), out_(folder / "tasks.json") {
    write_config();
    out_.write("[");
  }

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{
        .masks = true, .keypoints = true, .oriented_boxes = true, .splits = true};
    place_picture_of(image, folder_ / "images");
    Results results(image);
    std::uint64_t shape = 0;
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      add_shapes(results, image, *label, "s" + std::to_string(++shape));
    }
    Json data{{"image", "/data/local-files/?d=images/" + percent_encoded(picture_name(image))},
              {"name", image.name}};
    if (!image.split.empty()) data["split"] = image.split;
    const Json task{{"data", std::move(data)},
                    {"predictions", {{{"model_version", "orrery"}, {"result", results.take()}}}}};
    out_.write(images_++ == 0 ? "\n" : ",\n");
    out_.write(task.dump());
  }

  void finish() override {
    out_.write("\n]\n");
    out_.close();
  }

 private:
  const Keypoints* keypoints_of(std::size_t class_id) const {
    return class_id < info_.keypoints.size() ? &info_.keypoints[class_id] : nullptr;
  }

  void write_config() const {
    pugi::xml_document document;
    pugi::xml_node view = document.append_child("View");
    pugi::xml_node picture = view.append_child("Image");
    add_attribute(picture, "name", "image");
    add_attribute(picture, "value", "$image");
    const auto control = [&](const char* kind, const char* name) {
      pugi::xml_node node = view.append_child(kind);
      add_attribute(node, "name", name);
      add_attribute(node, "toName", "image");
      return node;
    };
    const auto label = [](pugi::xml_node& node, const std::string& value) {
      pugi::xml_node child = node.append_child("Label");
      add_attribute(child, "value", value);
    };
    pugi::xml_node boxes = control("RectangleLabels", "box");
    add_attribute(boxes, "canRotate", "true");
    for (const std::string& name : info_.classes) label(boxes, name);
    pugi::xml_node polygons = control("PolygonLabels", "polygon");
    for (const std::string& name : info_.classes) label(polygons, name);
    pugi::xml_node points;
    for (std::size_t c = 0; c < info_.classes.size(); ++c) {
      const Keypoints* keypoints = keypoints_of(c);
      if (keypoints == nullptr || keypoints->points.empty()) continue;
      if (!points) points = control("KeyPointLabels", "keypoint");
      for (const Keypoint& k : keypoints->points) label(points, info_.classes[c] + "/" + k.name);
    }
    write_text(folder_ / "config.xml", xml_text(view));
  }

  void add_shapes(Results& results, const LabelledImage& image, const Label& label,
                  const std::string& id) {
    const std::string& name = info_.classes.at(label.class_id);
    if (!label.mask && label.outline.empty()) {
      add_box(results, image, label, id, name);
    } else {
      std::size_t holes = 0;
      const std::vector<Polygon> parts = outline_inside(image, label, holes);
      if (holes > 0) left_out_["holes of masks"] += holes;
      if (parts.empty()) ++left_out_["labels without a pixel inside the image"];
      if (parts.size() > 1) ++left_out_["labels of several polygons as one"];
      if (label.oriented) ++left_out_["oriented boxes"];
      for (std::size_t i = 0; i < parts.size(); ++i) {
        Json points = Json::array();
        for (const glm::dvec2& corner : parts[i]) {
          points.push_back({results.percent_x(corner.x), results.percent_y(corner.y)});
        }
        results.add(i == 0 ? id : id + "p" + std::to_string(i + 1), "polygonlabels", "polygon",
                    {{"points", std::move(points)}, {"closed", true}}, name);
      }
    }
    add_keypoints(results, label, id, name);
  }

  void add_box(Results& results, const LabelledImage& image, const Label& label,
               const std::string& id, const std::string& name) {
    Rect box{std::max(label.box.x0, 0.0), std::max(label.box.y0, 0.0),
             std::min(label.box.x1, static_cast<double>(image.width)),
             std::min(label.box.y1, static_cast<double>(image.height))};
    double rotation = 0;
    if (label.oriented) {
      const OrientedBox& o = *label.oriented;
      const glm::dvec2 along(std::cos(o.angle), std::sin(o.angle));
      const glm::dvec2 across(-along.y, along.x);
      const glm::dvec2 corner = o.center - along * (o.size.x / 2) - across * (o.size.y / 2);
      box = {corner.x, corner.y, corner.x + o.size.x, corner.y + o.size.y};
      rotation = o.angle * 180 / std::numbers::pi;
    }
    if (box.empty()) {
      ++left_out_["boxes outside the image"];
      return;
    }
    results.add(id, "rectanglelabels", "box",
                {{"x", results.percent_x(box.x0)},
                 {"y", results.percent_y(box.y0)},
                 {"width", results.percent_x(box.width())},
                 {"height", results.percent_y(box.height())},
                 {"rotation", rotation}},
                name);
  }

  void add_keypoints(Results& results, const Label& label, const std::string& id,
                     const std::string& name) {
    const Keypoints* keypoints = keypoints_of(label.class_id);
    if (keypoints == nullptr) return;
    for (std::size_t i = 0; i < std::min(label.keypoints.size(), keypoints->points.size()); ++i) {
      const LabelPoint& point = label.keypoints[i];
      if (point.visibility == 0) continue;
      if (point.visibility == 1) ++left_out_["hidden keypoints as such"];
      results.add(id + "k" + std::to_string(i + 1), "keypointlabels", "keypoint",
                  {{"x", results.percent_x(point.position.x)},
                   {"y", results.percent_y(point.position.y)},
                   {"width", 0.5}},
                  name + "/" + keypoints->points[i].name, id);
    }
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  TextFile out_;
  std::uint64_t images_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_label_studio(const std::filesystem::path& folder,
                                        const DatasetInfo& info, const SinkOptions& options) {
  return std::make_unique<LabelStudioSink>(folder, info, options);
}

}  // namespace orrery
