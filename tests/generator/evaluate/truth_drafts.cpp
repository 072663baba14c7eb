#include "tests/generator/evaluate/truth_drafts.hpp"

#include <algorithm>
#include <fstream>

#include "generator/sample.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {

GroundTruth drafted_truth(std::uint32_t groups) {
  GroundTruth truth;
  truth.classes = {{1, "ball", {}}, {2, "box", {}}};
  for (std::uint32_t i = 0; i < 3 * groups; ++i) {
    TestImage image;
    image.id = i + 1;
    image.file_name = "images/" + std::to_string(i) + ".jpg";
    image.width = 400;
    image.height = 300;
    image.group = "session " + std::to_string(i / 3);
    truth.images.push_back(image);
    for (std::uint32_t k = 0; k < 4; ++k) {
      TruthObject object;
      object.image = i;
      object.class_id = k % 2;
      object.x = 10 + 60 * k;
      object.y = 10;
      object.width = object.height = 20;
      object.area = 400;
      object.id = static_cast<std::int64_t>(truth.objects.size()) + 1;
      truth.objects.push_back(object);
    }
  }
  return truth;
}

Detections drafted_detections(const GroundTruth& truth, double skill, std::uint64_t seed) {
  Detections out;
  for (const TruthObject& object : truth.objects) {
    Rng of_group(seed, object.image / 3, "skill");
    const double chance = std::clamp(skill + of_group.uniform(-0.3, 0.3), 0.0, 1.0);
    Rng rng(seed, static_cast<std::uint64_t>(object.id), "detections");
    Detection found;
    static_cast<Region&>(found) = object;
    const double lot = rng.unit();
    const double score = rng.unit();
    const double shift = rng.uniform(0, 4);
    if (lot < chance) {
      found.x += shift;
      found.score = 0.4 + 0.6 * score;
      out.items.push_back(found);
    }
    if (rng.unit() < 0.3) {
      found.y = 200;
      found.score = 0.7 * rng.unit();
      out.items.push_back(found);
    }
  }
  return out;
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

void write_coco(const GroundTruth& truth, const std::filesystem::path& file) {
  Json out = {
      {"images", Json::array()}, {"categories", Json::array()}, {"annotations", Json::array()}};
  for (const TestImage& image : truth.images) {
    out["images"].push_back({{"id", image.id},
                             {"file_name", image.file_name},
                             {"width", image.width},
                             {"height", image.height},
                             {"group", image.group}});
    if (!image.track.empty()) out["images"].back()["track"] = image.track;
  }
  for (const TestClass& one : truth.classes) {
    out["categories"].push_back({{"id", one.id}, {"name", one.name}});
  }
  for (const TruthObject& o : truth.objects) {
    out["annotations"].push_back({{"id", o.id},
                                  {"image_id", truth.images[o.image].id},
                                  {"category_id", truth.classes[o.class_id].id},
                                  {"bbox", {o.x, o.y, o.width, o.height}},
                                  {"area", o.area},
                                  {"iscrowd", o.crowd ? 1 : 0}});
    if (o.visible_fraction) out["annotations"].back()["visible_fraction"] = *o.visible_fraction;
  }
  write_text(file, out.dump());
}

void write_results(const GroundTruth& truth, const Detections& detections,
                   const std::filesystem::path& file) {
  Json out = Json::array();
  for (const Detection& d : detections.items) {
    out.push_back({{"image_id", truth.images[d.image].id},
                   {"category_id", truth.classes[d.class_id].id},
                   {"bbox", {d.x, d.y, d.width, d.height}},
                   {"score", d.score}});
  }
  write_text(file, out.dump());
}

}  // namespace orrery::testing
