#include "generator/sinks/coco.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "generator/sinks/coco_json.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

Json annotation_of(std::uint64_t image_id, const InstanceLabel& label) {
  Json occluders = Json::array();
  for (const Occluder& o : label.occluders) {
    occluders.push_back({{"instance_id", o.id}, {"area", o.area}});
  }
  const Pose& pose = label.camera_from_object;
  const glm::dvec3 low(label.bounds.low);
  const glm::dvec3 high(label.bounds.high);
  return {{"image_id", image_id},
          {"category_id", label.class_id + 1},
          {"segmentation", coco_json(label.visible)},
          {"bbox", coco_json(label.visible_box)},
          {"area", label.visible_area},
          {"iscrowd", 0},
          {"instance_id", label.id},
          {"hard", label.hard},
          {"visible_fraction", label.visible_fraction},
          {"truncation", label.truncation},
          {"occlusion", label.occlusion},
          {"occluders", occluders},
          {"amodal_segmentation", coco_json(label.amodal)},
          {"amodal_bbox", coco_json(label.amodal_box)},
          {"amodal_area", label.amodal_area},
          {"oriented_bbox", coco_json(label.oriented_box)},
          {"cam_R_m2c", coco_rows(pose.rotation)},
          {"cam_t_m2c", coco_json(pose.translation)},
          {"bbox3d_center", coco_json((low + high) * (0.5 * pose.scale))},
          {"bbox3d_size", coco_json((high - low) * pose.scale)}};
}

/// Where a name stands in the list of a class, from 1.
std::size_t place_of(const Keypoints& keypoints, const std::string& name) {
  const auto found = std::find_if(keypoints.points.begin(), keypoints.points.end(),
                                  [&](const Keypoint& point) { return point.name == name; });
  return static_cast<std::size_t>(found - keypoints.points.begin()) + 1;
}

Json pairs_of(const Keypoints& keypoints, const std::vector<std::array<std::string, 2>>& pairs) {
  Json out = Json::array();
  for (const auto& pair : pairs) {
    out.push_back({place_of(keypoints, pair[0]), place_of(keypoints, pair[1])});
  }
  return out;
}

void add_keypoints_of(Json& annotation, const InstanceLabel& label, const Keypoints& keypoints) {
  Json coco = Json::array();
  Json states = Json::array();
  Json positions = Json::array();
  int counted = 0;
  for (const Keypoint& wanted : keypoints.points) {
    const auto found =
        std::find_if(label.keypoints.begin(), label.keypoints.end(),
                     [&](const KeypointLabel& point) { return point.name == wanted.name; });
    const bool there = found != label.keypoints.end();
    states.push_back(there ? name_of(found->state) : "absent");
    const bool known = there && found->pixel;
    positions.push_back(known ? Json{found->pixel->x, found->pixel->y} : Json());
    if (!known || found->state == KeypointState::outside) {
      for (int i = 0; i < 3; ++i) coco.push_back(0);
      continue;
    }
    coco.push_back(found->pixel->x - 0.5);
    coco.push_back(found->pixel->y - 0.5);
    coco.push_back(found->state == KeypointState::visible ? 2 : 1);
    ++counted;
  }
  annotation["keypoints"] = coco;
  annotation["num_keypoints"] = counted;
  annotation["keypoint_states"] = states;
  annotation["keypoint_positions"] = positions;
}

/// Counts while it reads; keeps nothing of the file.
class Counter : public nlohmann::json_sax<nlohmann::json> {
 public:
  Counter(CocoCounts& counts, const std::filesystem::path& file) : counts_(counts), file_(file) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool number_unsigned(number_unsigned_t n) override {
    // Depth 3 is inside an element of a top-level array.
    if (depth_ != 3 || section_ != "annotations") return true;
    if (key_ == "category_id") ++counts_.annotations[n];
    if (key_ == "id" && n != ++last_id_) {
      throw Error(file_.string() + ": annotation id " + std::to_string(n) + ", wanted " +
                      std::to_string(last_id_),
                  Exit::io);
    }
    return true;
  }
  bool start_object(std::size_t) override {
    ++depth_;
    if (depth_ == 3 && section_ == "images") ++counts_.images;
    return true;
  }
  bool key(string_t& name) override {
    key_ = name;
    if (depth_ == 1) section_ = name;
    return true;
  }
  bool end_object() override { return --depth_, true; }
  bool start_array(std::size_t) override { return ++depth_, true; }
  bool end_array() override { return --depth_, true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& e) override {
    throw Error(file_.string() + ": " + e.what(), Exit::io);
  }

 private:
  CocoCounts& counts_;
  const std::filesystem::path& file_;
  int depth_ = 0;
  std::uint64_t last_id_ = 0;
  std::string section_;
  std::string key_;
};

}  // namespace

const char* name_of(KeypointState state) {
  static constexpr std::array kNames{"visible", "hidden_by_itself", "hidden_by_another", "outside"};
  return kNames.at(static_cast<std::size_t>(state));
}

CocoImage coco_of(std::uint64_t index, const std::string& file_name, const Intrinsics& camera,
                  const Annotations& annotations, std::span<const Keypoints> keypoints) {
  const std::uint64_t id = index + 1;
  CocoImage out;
  out.image = {
      {"id", id}, {"width", camera.width}, {"height", camera.height}, {"file_name", file_name}};
  add_camera(out.image, camera);
  for (const InstanceLabel& label : annotations.instances) {
    Json annotation = annotation_of(id, label);
    const bool has_keypoints =
        label.class_id < keypoints.size() && !keypoints[label.class_id].points.empty();
    if (has_keypoints) add_keypoints_of(annotation, label, keypoints[label.class_id]);
    out.annotations.push_back(std::move(annotation));
  }
  return out;
}

CocoWriter::CocoWriter(WholeFile& out, const std::vector<std::string>& classes,
                       std::span<const Keypoints> keypoints, const std::string& description)
    : out_(out) {
  Json categories = Json::array();
  for (const std::string& name : classes) {
    const std::size_t place = categories.size();
    categories.push_back({{"id", place + 1}, {"name", name}, {"supercategory", ""}});
    if (place >= keypoints.size() || keypoints[place].points.empty()) continue;
    Json names = Json::array();
    for (const Keypoint& point : keypoints[place].points) names.push_back(point.name);
    categories.back()["keypoints"] = names;
    categories.back()["skeleton"] = pairs_of(keypoints[place], keypoints[place].skeleton);
    categories.back()["keypoint_swaps"] = pairs_of(keypoints[place], keypoints[place].swaps);
  }
  out_.write("{\"info\":{\"description\":" + Json(description).dump() +
             "},\"licenses\":[],\n\"categories\":");
  out_.write(categories.dump());
  out_.write(",\n\"images\":[");
}

void CocoWriter::add_image(std::string_view image) {
  out_.write(images_++ == 0 ? "\n" : ",\n");
  out_.write(image);
}

void CocoWriter::add_annotation(std::string_view annotation) {
  if (in_images_) start_annotations();
  out_.write(annotations_++ == 0 ? "\n" : ",\n");
  // The one number that depends on what came before is put in front.
  out_.write("{\"id\":" + std::to_string(annotations_) + ",");
  out_.write(annotation.substr(1));
}

void CocoWriter::start_annotations() {
  out_.write("\n],\n\"annotations\":[");
  in_images_ = false;
}

void CocoWriter::finish() {
  if (in_images_) start_annotations();
  out_.write("\n]}\n");
}

CocoCounts counts_of_coco(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a COCO file", Exit::io);
  CocoCounts counts;
  Counter counter(counts, file);
  nlohmann::json::sax_parse(in, &counter);
  return counts;
}

}  // namespace orrery
