// CVAT for images 1.1. Byte layout:
//
//   images/<name>.<ext>   the pictures
//   <split>.xml           a task for each split, as CVAT has it; annotations.xml: images without
//   one.
//                         annotations/version 1.1; meta/task with name, mode, subset and labels
//                         (each class a label of type any, with the attribute "hard"); then per
//                         image <image id name width height>, id from 0, and in it a shape a label:
//     box      xtl ytl xbr ybr, pixels from the image's corner, half-open; of an oriented box about
//     its
//              centre, with rotation in degrees, clockwise on the screen
//     polygon  points "x,y;x,y": labels of one polygon
//     mask     rle left top width height: run lengths along the rows of the crop, starting with
//              background; labels with a mask, or with several polygons (counted: the mask's pixels
//              stand for them)
//              each with label, source, occluded (more than nothing hidden), z_order 0
//
// CVAT has no crowds; keypoints would need a skeleton for each class.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_lists.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/xml_text.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

/// The crop's rows as run lengths.
std::string rows_rle(const Image<std::uint8_t>& mask, const Box& crop) {
  std::string text;
  std::uint8_t value = 0;
  std::uint64_t run = 0;
  const auto end_run = [&] {
    text += (text.empty() ? "" : ", ") + std::to_string(run);
    run = 0;
  };
  for (int y = crop.y0; y < crop.y1; ++y) {
    for (int x = crop.x0; x < crop.x1; ++x) {
      if (mask.at(x, y) != value) {
        end_run();
        value = mask.at(x, y);
      }
      ++run;
    }
  }
  end_run();
  return text;
}

class CvatSink : public Sink {
 public:
  CvatSink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options)
      : folder_(folder), info_(std::move(info)), options_(options) {}

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{
        .masks = true, .oriented_boxes = true, .hard = true, .fractions = true, .splits = true};
    require_split_name(image);
    place_picture_of(image, folder_ / "images");
    pugi::xml_document document;
    pugi::xml_node node = document.append_child("image");
    Task& task = task_of(image.split);
    add_attribute(node, "id", std::to_string(task.images++));
    add_attribute(node, "name", picture_name(image));
    add_attribute(node, "width", std::to_string(image.width));
    add_attribute(node, "height", std::to_string(image.height));
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      add_shape(node, image, *label);
    }
    task.out.write(xml_text(node, 1));
  }

  void finish() override {
    if (tasks_.empty()) task_of("");
    for (auto& [split, task] : tasks_) {
      task.out.write("</annotations>\n");
      task.out.close();
    }
  }

 private:
  struct Task {
    TextFile out;
    std::uint64_t images = 0;
  };

  Task& task_of(const std::string& split) {
    const auto found = tasks_.find(split);
    if (found != tasks_.end()) return found->second;
    const std::string name = split.empty() ? "annotations" : split;
    Task task{TextFile(folder_ / (name + ".xml"))};
    task.out.write(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n");
    pugi::xml_document document;
    pugi::xml_node meta = document.append_child("meta");
    pugi::xml_node node = meta.append_child("task");
    add_text(node, "name", info_.name.empty() ? "dataset" : info_.name);
    add_text(node, "mode", "annotation");
    add_text(node, "subset", split);
    pugi::xml_node labels = node.append_child("labels");
    for (const std::string& class_name : info_.classes) {
      pugi::xml_node label = labels.append_child("label");
      add_text(label, "name", class_name);
      add_text(label, "type", "any");
      pugi::xml_node attribute = label.append_child("attributes").append_child("attribute");
      add_text(attribute, "name", "hard");
      add_text(attribute, "mutable", "False");
      add_text(attribute, "input_type", "checkbox");
      add_text(attribute, "default_value", "false");
      add_text(attribute, "values", "false");
    }
    task.out.write(xml_text(meta, 1));
    return tasks_.emplace(split, std::move(task)).first->second;
  }

  pugi::xml_node shape(pugi::xml_node& image, const char* kind, const Label& label) {
    pugi::xml_node node = image.append_child(kind);
    add_attribute(node, "label", info_.classes.at(label.class_id));
    add_attribute(node, "source", "manual");
    add_attribute(node, "occluded", label.occlusion.value_or(0) > 0 ? "1" : "0");
    return node;
  }

  void end_shape(pugi::xml_node& node, const Label& label) {
    if (label.visible_fraction || label.truncation) ++left_out_["visible fractions"];
    add_attribute(node, "z_order", "0");
    pugi::xml_node hard = node.append_child("attribute");
    add_attribute(hard, "name", "hard");
    hard.append_child(pugi::node_pcdata).set_value(label.hard ? "true" : "false");
  }

  void add_shape(pugi::xml_node& node, const LabelledImage& image, const Label& label) {
    if (label.mask || label.outline.size() > 1) {
      add_mask(node, image, label);
      return;
    }
    if (label.outline.size() == 1) {
      pugi::xml_node polygon = shape(node, "polygon", label);
      std::string points;
      for (const glm::dvec2& corner : label.outline[0]) {
        points += (points.empty() ? "" : ";") + decimal(corner.x, 6) + "," + decimal(corner.y, 6);
      }
      add_attribute(polygon, "points", points);
      if (label.oriented) ++left_out_["oriented boxes"];
      end_shape(polygon, label);
      return;
    }
    pugi::xml_node box = shape(node, "box", label);
    Rect corners = label.box;
    if (label.oriented) {
      const OrientedBox& o = *label.oriented;
      corners = {o.center.x - o.size.x / 2, o.center.y - o.size.y / 2, o.center.x + o.size.x / 2,
                 o.center.y + o.size.y / 2};
    }
    add_attribute(box, "xtl", decimal(corners.x0, 6));
    add_attribute(box, "ytl", decimal(corners.y0, 6));
    add_attribute(box, "xbr", decimal(corners.x1, 6));
    add_attribute(box, "ybr", decimal(corners.y1, 6));
    if (label.oriented) {
      add_attribute(box, "rotation", decimal(label.oriented->angle * 180 / std::numbers::pi));
    }
    end_shape(box, label);
  }

  void add_mask(pugi::xml_node& node, const LabelledImage& image, const Label& label) {
    if (!label.mask) ++left_out_["outlines of several polygons"];
    if (label.oriented) ++left_out_["oriented boxes"];
    const Rle rle = *mask_of(label, image.width, image.height);
    const Box crop = bounding_box(rle);
    if (crop.empty()) {
      ++left_out_["labels without a pixel inside the image"];
      return;
    }
    pugi::xml_node mask = shape(node, "mask", label);
    add_attribute(mask, "rle", rows_rle(mask_from_rle(rle), crop));
    add_attribute(mask, "left", std::to_string(crop.x0));
    add_attribute(mask, "top", std::to_string(crop.y0));
    add_attribute(mask, "width", std::to_string(crop.x1 - crop.x0));
    add_attribute(mask, "height", std::to_string(crop.y1 - crop.y0));
    end_shape(mask, label);
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  std::map<std::string, Task> tasks_;  ///< by split
};

}  // namespace

std::unique_ptr<Sink> make_cvat(const std::filesystem::path& folder, const DatasetInfo& info,
                                const SinkOptions& options) {
  return std::make_unique<CvatSink>(folder, info, options);
}

}  // namespace orrery
