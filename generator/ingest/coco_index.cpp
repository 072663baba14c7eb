#include "generator/ingest/coco_index.hpp"

#include <algorithm>

#include "generator/ingest/coco_label.hpp"
#include "generator/ingest/read_source.hpp"

namespace orrery {

CocoIndex::CocoIndex(const std::filesystem::path& file, DatasetInfo& info,
                     std::vector<Problem>& problems)
    : file_(file) {
  constexpr std::int64_t kNoImage = INT64_MIN;
  file_.walk([&](const std::string& key, const std::string& text, const JsonPlace& place) {
    if (key == "images") {
      add_image(text, place, problems);
    } else if (key == "annotations") {
      const auto id = whole_from(raw_member(text, "id"));
      const auto image = whole_from(raw_member(text, "image_id"));
      annotations_.push_back({place.offset, id.value_or(0), place.size, 0, id.has_value()});
      image_ids_.push_back(image.value_or(kNoImage));
    } else if (key == "categories") {
      add_category(text, place, info, problems);
    } else if (key == "licenses") {
      std::string fault;
      const auto licence = parsed_json(text, fault);
      const auto id = licence ? whole_at(*licence, "id") : std::nullopt;
      if (id) licences_[*id] = orrery::text_at(*licence, "name");
    } else if (key == "info") {
      std::string fault;
      if (const auto json = parsed_json(text, fault)) {
        description_ = orrery::text_at(*json, "description");
      }
    }
  });
  sort(problems);
}

void CocoIndex::add_image(const std::string& text, const JsonPlace& place,
                          std::vector<Problem>& problems) {
  const auto id = whole_from(raw_member(text, "id"));
  std::string fault;
  const auto json = parsed_json(text, fault);
  if (!json || !json->is_object() || !id) {
    problems.push_back({file_.path().string() + ": image at byte " + std::to_string(place.offset),
                        "malformed", !json ? fault : "an image without a whole number as id",
                        true});
    return;
  }
  if (!numbers_.emplace(*id, static_cast<std::uint32_t>(images_.size())).second) {
    problems.push_back({file_.path().string() + ": image " + orrery::text_at(*json, "file_name"),
                        "image_duplicate", "a second image has the id " + std::to_string(*id),
                        true});
    return;
  }
  images_.push_back(place);
}

void CocoIndex::add_category(const std::string& text, const JsonPlace& place, DatasetInfo& info,
                             std::vector<Problem>& problems) {
  std::string fault;
  const auto json = parsed_json(text, fault);
  const auto id = json ? whole_at(*json, "id") : std::nullopt;
  const std::string name = json ? orrery::text_at(*json, "name") : std::string();
  if (!id || name.empty() || class_ids_.count(*id) != 0) {
    problems.push_back(
        {file_.path().string() + ": category at byte " + std::to_string(place.offset), "malformed",
         !json ? fault : "a category without a name and an id of its own: " + text});
    return;
  }
  const auto known = std::find(info.classes.begin(), info.classes.end(), name);
  class_ids_[*id] = static_cast<std::uint32_t>(known - info.classes.begin());
  if (known != info.classes.end()) return;
  info.classes.push_back(name);
  const Keypoints keypoints = coco_keypoints(*json);
  if (keypoints.points.empty() && info.keypoints.empty()) return;
  info.keypoints.resize(info.classes.size());
  info.keypoints.back() = keypoints;
}

void CocoIndex::sort(std::vector<Problem>& problems) {
  std::vector<std::int64_t> ids;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < annotations_.size(); ++i) {
    Annotation annotation = annotations_[i];
    const auto number = numbers_.find(image_ids_[i]);
    if (number == numbers_.end()) {
      problems.push_back({file_.path().string() + ": annotation " + std::to_string(annotation.id),
                          "image_unknown", "its image_id is none of the images'"});
      continue;
    }
    annotation.image = number->second;
    if (annotation.has_id) ids.push_back(annotation.id);
    annotations_[kept++] = annotation;
  }
  annotations_.resize(kept);
  image_ids_ = {};
  numbers_.clear();
  std::stable_sort(annotations_.begin(), annotations_.end(),
                   [](const Annotation& a, const Annotation& b) { return a.image < b.image; });
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (ids[i] != ids[i - 1]) continue;
    problems.push_back({file_.path().string() + ": annotation " + std::to_string(ids[i]),
                        "id_duplicate",
                        "a second annotation has this id: both are kept, under ids of their own"});
  }
}

std::span<const CocoIndex::Annotation> CocoIndex::annotations_of(std::size_t image) const {
  const auto [from, end] =
      std::equal_range(annotations_.begin(), annotations_.end(),
                       Annotation{0, 0, 0, static_cast<std::uint32_t>(image)},
                       [](const Annotation& a, const Annotation& b) { return a.image < b.image; });
  return {from, end};
}

std::string CocoIndex::licence_of(const Json& image) const {
  const auto id = whole_at(image, "license");
  const auto found = id ? licences_.find(*id) : licences_.end();
  return found == licences_.end() ? std::string() : found->second;
}

}  // namespace orrery
