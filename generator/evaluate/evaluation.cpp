#include "generator/evaluate/evaluation.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace orrery {
namespace {

/// Scores of one class: in COCO's slices and in ours, and with fewer detections an image.
struct ClassScores {
  std::vector<ClassScore> slices;
  std::array<ClassScore, 2> fewer;  ///< at most 1 and 10, in the slice of all
};
constexpr std::array<std::uint32_t, 2> kFewer{1, 10};

/// The scores of all classes in one slice.
std::vector<ClassScore> slice_of(const std::vector<ClassScores>& classes, std::size_t slice) {
  std::vector<ClassScore> out;
  out.reserve(classes.size());
  for (const ClassScores& one : classes) out.push_back(one.slices.at(slice));
  return out;
}

StatLine line(bool precision, const char* overlaps, const std::string& area, std::uint32_t limit,
              std::string name, double value) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), " %-18s %s @[ IoU=%-9s | area=%6s | maxDets=%3u ]",
                precision ? "Average Precision" : "Average Recall", precision ? "(AP)" : "(AR)",
                overlaps, area.c_str(), limit);
  return {std::move(name), text.data(), value};
}

double recall_at(const std::vector<ClassScore>& classes, std::size_t threshold) {
  std::vector<double> known;
  for (const ClassScore& one : classes) known.push_back(one.recall[threshold]);
  return mean_of_known(known);
}

std::vector<StatLine> stats_of(const std::vector<ClassScores>& classes, Overlap overlap) {
  constexpr const char* kAll = "0.50:0.95";
  const std::uint32_t limit = detection_limit(overlap);
  const bool points = overlap == Overlap::keypoints;
  const std::vector<Slice> slices = coco_slices(overlap);
  const std::vector<ClassScore> all = slice_of(classes, 0);
  const Score score = mean_of(all);
  std::vector<StatLine> out{line(true, kAll, "all", limit, "AP", score.ap),
                            line(true, "0.50", "all", limit, "AP50", score.ap50),
                            line(true, "0.75", "all", limit, "AP75", score.ap75)};
  const auto by_area = [&](bool precision) {
    for (std::size_t s = 1; s < slices.size(); ++s) {
      const Score part = mean_of(slice_of(classes, s));
      out.push_back(line(precision, kAll, slices[s].name, limit,
                         (precision ? "AP_" : "AR_") + slices[s].name,
                         precision ? part.ap : part.ar));
    }
  };
  by_area(true);
  if (points) {
    out.push_back(line(false, kAll, "all", limit, "AR", score.ar));
    out.push_back(line(false, "0.50", "all", limit, "AR50", recall_at(all, 0)));
    out.push_back(line(false, "0.75", "all", limit, "AR75", recall_at(all, 5)));
  } else {
    for (std::size_t i = 0; i < kFewer.size(); ++i) {
      std::vector<ClassScore> fewer;
      for (const ClassScores& one : classes) fewer.push_back(one.fewer.at(i));
      out.push_back(
          line(false, kAll, "all", kFewer[i], "AR" + std::to_string(kFewer[i]), mean_of(fewer).ar));
    }
    out.push_back(line(false, kAll, "all", limit, "AR100", score.ar));
  }
  by_area(false);
  return out;
}

}  // namespace

std::uint32_t detection_limit(Overlap overlap) { return overlap == Overlap::keypoints ? 20 : 100; }

Evaluation evaluate(const GroundTruth& truth, const Detections& detections,
                    const EvaluationParams& params) {
  const Encounters encounters(truth, detections, params.overlap, detection_limit(params.overlap));
  std::vector<Slice> slices = coco_slices(params.overlap);
  const std::size_t own = slices.size();
  slices.insert(slices.end(), params.slices.begin(), params.slices.end());
  std::vector<ClassScores> scores(truth.classes.size());
  tbb::parallel_for(std::size_t{0}, scores.size(), [&](std::size_t c) {
    const auto outcomes = encounters.match(static_cast<std::uint32_t>(c), slices);
    for (const ClassOutcomes& one : outcomes) scores[c].slices.push_back(score_class(one));
    for (std::size_t i = 0; i < kFewer.size(); ++i) {
      scores[c].fewer[i] = score_class(outcomes[0], {}, kFewer[i]);
    }
  });

  Evaluation out;
  out.stats = stats_of(scores, params.overlap);
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const ClassScore& all = scores[c].slices[0];
    ClassResult& result = out.classes.emplace_back();
    result.name = truth.classes[c].name;
    result.id = truth.classes[c].id;
    result.score = score_of(all);
    result.ap_by_overlap.assign(all.ap.begin(), all.ap.end());
  }
  for (const Detection& found : detections.items) ++out.classes[found.class_id].detections;
  for (std::size_t s = own; s < slices.size(); ++s) {
    const std::vector<ClassScore> classes = slice_of(scores, s);
    SliceResult& result = out.slices.emplace_back();
    result.name = slices[s].name;
    result.score = mean_of(classes);
    for (const ClassScore& one : classes) result.classes.push_back(score_of(one));
    result.images = static_cast<std::uint64_t>(
        std::count_if(truth.images.begin(), truth.images.end(),
                      [&](const TestImage& image) { return slices[s].holds_image(image); }));
  }
  return out;
}

std::vector<ClassOutcomes> outcomes_of(const GroundTruth& truth, const Detections& detections,
                                       Overlap overlap, const Slice& slice) {
  const Encounters encounters(truth, detections, overlap, detection_limit(overlap));
  std::vector<ClassOutcomes> out(truth.classes.size());
  tbb::parallel_for(std::size_t{0}, out.size(), [&](std::size_t c) {
    out[c] = std::move(encounters.match(static_cast<std::uint32_t>(c), {&slice, 1}).front());
  });
  return out;
}

}  // namespace orrery
