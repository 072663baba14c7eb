#include "generator/evaluate/matching.hpp"

#include <algorithm>
#include <numeric>

#include "generator/evaluate/overlaps.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {

std::array<double, kThresholds> overlap_thresholds() {
  std::array<double, kThresholds> out{};
  const double step = (0.95 - 0.5) / (kThresholds - 1);
  for (std::size_t i = 0; i < kThresholds; ++i) out[i] = static_cast<double>(i) * step + 0.5;
  out.back() = 0.95;
  return out;
}

Encounters::Encounters(const GroundTruth& truth, const Detections& detections, Overlap overlap,
                       std::size_t per_image)
    : truth_(truth), overlap_(overlap), per_image_(per_image), meetings_(truth.classes.size()) {
  // By class and image, both in order of id; then in the order of the files.
  const auto sorted = [](const auto& regions) {
    std::vector<std::uint32_t> order(regions.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const Region& l = regions[a];
      const Region& r = regions[b];
      return l.class_id != r.class_id ? l.class_id < r.class_id : l.image < r.image;
    });
    return order;
  };
  const std::vector<std::uint32_t> objects = sorted(truth.objects);
  const std::vector<std::uint32_t> found = sorted(detections.items);
  std::size_t next_found = 0;
  std::size_t next_object = 0;
  for (std::uint32_t class_id = 0; class_id < truth.classes.size(); ++class_id) {
    const auto here = [class_id](const Region& region) { return region.class_id == class_id; };
    while (true) {
      const bool more_objects =
          next_object < objects.size() && here(truth.objects[objects[next_object]]);
      const bool more_found =
          next_found < found.size() && here(detections.items[found[next_found]]);
      if (!more_objects && !more_found) break;
      Meeting meeting;
      meeting.image = ~0U;
      if (more_objects) meeting.image = truth.objects[objects[next_object]].image;
      if (more_found) {
        meeting.image = std::min(meeting.image, detections.items[found[next_found]].image);
      }
      const auto same = [&](const Region& region) {
        return here(region) && region.image == meeting.image;
      };
      for (; next_object < objects.size() && same(truth.objects[objects[next_object]]);
           ++next_object) {
        meeting.objects.push_back(&truth.objects[objects[next_object]]);
      }
      for (; next_found < found.size() && same(detections.items[found[next_found]]); ++next_found) {
        meeting.found.push_back(&detections.items[found[next_found]]);
      }
      std::stable_sort(meeting.found.begin(), meeting.found.end(),
                       [](const Detection* a, const Detection* b) { return a->score > b->score; });
      if (meeting.found.size() > per_image_) meeting.found.resize(per_image_);
      meetings_[class_id].push_back(std::move(meeting));
    }
  }
}

std::vector<double> Encounters::overlaps_of(const Meeting& meeting) const {
  std::vector<double> out;
  out.reserve(meeting.found.size() * meeting.objects.size());
  std::vector<double> object_areas;
  if (overlap_ == Overlap::segm) {
    for (const TruthObject* object : meeting.objects) {
      object_areas.push_back(static_cast<double>(area(object->mask)));
    }
  }
  for (const Detection* found : meeting.found) {
    const double found_area =
        overlap_ == Overlap::segm ? static_cast<double>(area(found->mask)) : 0;
    for (std::size_t g = 0; g < meeting.objects.size(); ++g) {
      const TruthObject& object = *meeting.objects[g];
      switch (overlap_) {
        case Overlap::bbox:
          out.push_back(box_overlap(*found, object));
          break;
        case Overlap::segm:
          out.push_back(mask_overlap(*found, object, found_area, object_areas[g]));
          break;
        case Overlap::keypoints:
          out.push_back(
              keypoint_similarity(*found, object, truth_.classes[object.class_id].sigmas));
          break;
      }
    }
  }
  return out;
}

void Encounters::match(const Meeting& meeting, const std::vector<double>& overlaps,
                       const Slice& slice, ClassOutcomes& out) const {
  static const std::array<double, kThresholds> kOverlaps = overlap_thresholds();
  const std::size_t objects = meeting.objects.size();
  std::vector<std::uint8_t> ignored(objects);
  for (std::size_t g = 0; g < objects; ++g) {
    ignored[g] = meeting.objects[g]->ignored || !slice.holds(*meeting.objects[g]) ? 1 : 0;
  }
  // Ignored objects come last.
  std::vector<std::size_t> order(objects);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t g) { return ignored[g] == 0; });
  std::vector<std::uint16_t> taken(objects, 0);
  for (std::size_t d = 0; d < meeting.found.size(); ++d) {
    const Detection& found = *meeting.found[d];
    Outcome outcome{found.score, meeting.image, static_cast<std::uint16_t>(d), 0, 0};
    const double* of_this = overlaps.data() + d * objects;
    for (std::size_t t = 0; t < kThresholds; ++t) {
      const auto bit = static_cast<std::uint16_t>(1U << t);
      double best = std::min(kOverlaps[t], 1 - 1e-10);
      std::size_t match = objects;
      for (const std::size_t g : order) {
        if ((taken[g] & bit) != 0 && !meeting.objects[g]->crowd) continue;
        if (match < objects && ignored[match] == 0 && ignored[g] != 0) break;
        if (of_this[g] < best) continue;
        best = of_this[g];
        match = g;
      }
      const bool none = match == objects;
      if (!none) taken[match] = static_cast<std::uint16_t>(taken[match] | bit);
      const bool ignore = none ? !slice.area.holds(found.area) : ignored[match] != 0;
      if (ignore) outcome.ignored = static_cast<std::uint16_t>(outcome.ignored | bit);
      if (!ignore && !none) outcome.hit = static_cast<std::uint16_t>(outcome.hit | bit);
    }
    out.detections.push_back(outcome);
  }
  const auto wanted = static_cast<std::uint32_t>(std::count(ignored.begin(), ignored.end(), 0));
  if (wanted > 0) out.objects.push_back({meeting.image, wanted});
}

std::vector<ClassOutcomes> Encounters::match(std::uint32_t class_id,
                                             std::span<const Slice> slices) const {
  std::vector<ClassOutcomes> out(slices.size());
  for (const Meeting& meeting : meetings_.at(class_id)) {
    const std::vector<double> overlaps = overlaps_of(meeting);
    for (std::size_t s = 0; s < slices.size(); ++s) {
      if (!slices[s].holds_image(truth_.images[meeting.image])) continue;
      match(meeting, overlaps, slices[s], out[s]);
    }
  }
  for (ClassOutcomes& outcomes : out) {
    std::stable_sort(outcomes.detections.begin(), outcomes.detections.end(),
                     [](const Outcome& a, const Outcome& b) { return a.score > b.score; });
  }
  return out;
}

}  // namespace orrery
