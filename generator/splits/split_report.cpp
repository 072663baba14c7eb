#include "generator/splits/split_report.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <set>
#include <tuple>

#include "generator/upright_picture.hpp"
#include "scenes/image.hpp"
#include "scenes/random.hpp"

namespace orrery {
namespace {

/// Crops of a label that each fold's probe learns from: it is trained again and again, and its time
/// grows with their square.
constexpr std::size_t kLearnedCrops = 60;

struct Folds {
  std::vector<std::vector<const ProbeCrop*>> train;
  std::vector<std::vector<const ProbeCrop*>> test;
};

Folds folds_of(const std::vector<SplitItem>& items, const Partition& partition,
               const std::map<std::string, std::vector<ProbeCrop>>& crops, std::size_t parts) {
  Folds folds{std::vector<std::vector<const ProbeCrop*>>(parts),
              std::vector<std::vector<const ProbeCrop*>>(parts)};
  std::map<std::string, bool> train_only;
  for (const SplitItem& item : items) train_only[item.name] = item.train_only;
  for (const auto& [name, list] : crops) {
    const auto found = partition.part_of.find(name);
    if (found == partition.part_of.end()) continue;
    for (const ProbeCrop& crop : list) {
      for (std::size_t fold = 0; fold < parts; ++fold) {
        if (fold != found->second) folds.train[fold].push_back(&crop);
      }
      if (!train_only.at(name)) folds.test[found->second].push_back(&crop);
    }
  }
  return folds;
}

SplitScores summed_up(std::vector<ProbeScore> folds) {
  SplitScores scores;
  scores.folds = std::move(folds);
  const auto count = static_cast<double>(scores.folds.size());
  scores.low = scores.high = scores.folds.front().mean_recall;
  for (const ProbeScore& fold : scores.folds) {
    scores.mean += fold.mean_recall / count;
    scores.low = std::min(scores.low, fold.mean_recall);
    scores.high = std::max(scores.high, fold.mean_recall);
  }
  double squares = 0;
  for (const ProbeScore& fold : scores.folds) {
    squares += (fold.mean_recall - scores.mean) * (fold.mean_recall - scores.mean);
  }
  scores.sd = std::sqrt(squares / (count - 1));
  return scores;
}

std::string in_columns(const char* format, double a, double b, double c) {
  char text[160];
  std::snprintf(text, sizeof text, format, a, b, c);
  return text;
}

std::string label_name(std::size_t label, const std::vector<std::string>& classes) {
  return label == 0 ? "(background)" : classes.at(label - 1);
}

}  // namespace

ProbedImage probed_image(const LabelledImage& image, std::uint64_t seed) {
  return {image.name, image.file, probe_boxes(image, seed)};
}

std::map<std::string, std::vector<ProbeCrop>> crops_of(const std::vector<ProbedImage>& images,
                                                       std::size_t most, std::uint64_t seed,
                                                       std::size_t& left_out) {
  struct Place {
    std::uint32_t lot;
    std::size_t image;
    std::size_t box;
    bool operator<(const Place& other) const {
      return std::tie(lot, image, box) < std::tie(other.lot, other.image, other.box);
    }
  };
  std::map<std::uint32_t, std::vector<Place>> places;
  for (std::size_t i = 0; i < images.size(); ++i) {
    Rng rng(seed, 0, "probe/kept/" + images[i].name);
    for (std::size_t b = 0; b < images[i].boxes.size(); ++b) {
      places[images[i].boxes[b].label].push_back({rng.bits(), i, b});
    }
  }
  left_out = 0;
  std::vector<std::vector<std::size_t>> kept(images.size());
  for (auto& [label, list] : places) {
    std::sort(list.begin(), list.end());
    left_out += list.size() - std::min(most, list.size());
    list.resize(std::min(most, list.size()));
    for (const Place& place : list) kept[place.image].push_back(place.box);
  }
  std::vector<std::vector<ProbeCrop>> described(images.size());
  tbb::parallel_for(std::size_t{0}, images.size(), [&](std::size_t i) {
    if (kept[i].empty()) return;
    std::sort(kept[i].begin(), kept[i].end());
    const Image<Rgba8> picture = read_upright(images[i].file);
    for (const std::size_t b : kept[i]) {
      const ProbeBox& box = images[i].boxes[b];
      described[i].push_back({probe_features(picture, box.box), box.label});
    }
  });
  std::map<std::string, std::vector<ProbeCrop>> crops;
  for (std::size_t i = 0; i < images.size(); ++i) crops[images[i].name] = std::move(described[i]);
  return crops;
}

double SplitReport::standard_error() const { return own.sd * std::sqrt(variance_factor); }

SplitReport split_report(const std::vector<SplitItem>& items, const SplitRules& rules,
                         const Partition& partition,
                         const std::map<std::string, std::vector<ProbeCrop>>& crops,
                         std::uint32_t labels, std::size_t repeats) {
  const std::size_t parts = rules.parts.size();
  std::vector<Folds> splits{folds_of(items, partition, crops, parts)};
  for (std::size_t r = 0; r < repeats; ++r) {
    splits.push_back(folds_of(items, random_partition(items, rules, r), crops, parts));
  }
  ProbeSettings settings;
  settings.seed = rules.seed;
  settings.crops_per_label = kLearnedCrops;
  std::vector<std::vector<ProbeScore>> scores(splits.size(), std::vector<ProbeScore>(parts));
  tbb::parallel_for(std::size_t{0}, splits.size() * parts, [&](std::size_t job) {
    const std::size_t split = job / parts;
    const std::size_t fold = job % parts;
    const CropProbe probe(splits[split].train[fold], settings);
    scores[split][fold] = score_of(probe, splits[split].test[fold], labels);
  });
  SplitReport report;
  report.own = summed_up(std::move(scores.front()));
  double below = 0;
  for (std::size_t r = 1; r < splits.size(); ++r) {
    const double mean = summed_up(std::move(scores[r])).mean;
    report.others.push_back(mean);
    below += mean < report.own.mean ? 1 : mean == report.own.mean ? 0.5 : 0;
  }
  std::set<std::string> validated;
  for (const SplitItem& item : items) {
    if (!item.train_only) validated.insert(item.name);
  }
  report.groups = static_cast<std::size_t>(std::count_if(
      partition.groups.begin(), partition.groups.end(), [&validated](const SplitGroup& group) {
        return std::any_of(group.images.begin(), group.images.end(),
                           [&](const std::string& name) { return validated.contains(name); });
      }));
  std::sort(report.others.begin(), report.others.end());
  report.percentile = 100 * below / static_cast<double>(std::max<std::size_t>(1, repeats));
  double test_by_train = 0;
  for (const PartCount& count : counts_of(items, labels - 1, rules, partition)) {
    const auto test = static_cast<double>(count.images);
    const auto train = static_cast<double>(items.size() - count.images - count.train_only);
    test_by_train += test / train / static_cast<double>(parts);
  }
  report.variance_factor = 1 / static_cast<double>(parts) + test_by_train;
  for (const auto& [name, list] : crops) report.crops += list.size();
  return report;
}

Json json_of(const SplitReport& report, const std::vector<std::string>& classes) {
  Json folds = Json::array();
  for (const ProbeScore& fold : report.own.folds) {
    Json recall = Json::object();
    for (std::size_t label = 0; label < fold.recall.size(); ++label) {
      recall[label_name(label, classes)] = fold.recall[label] ? Json(*fold.recall[label]) : Json();
    }
    folds.push_back({{"crops", fold.crops},
                     {"accuracy", fold.accuracy},
                     {"mean_recall", fold.mean_recall},
                     {"recall", recall}});
  }
  return {{"probe", "bagged linear support vector machines on oriented gradients of crops"},
          {"crops", report.crops},
          {"crops_left_out", report.left_out},
          {"folds", folds},
          {"mean", report.own.mean},
          {"sd", report.own.sd},
          {"min", report.own.low},
          {"max", report.own.high},
          {"variance_factor", report.variance_factor},
          {"standard_error", report.standard_error()},
          {"random_splits", report.others},
          {"percentile", report.percentile},
          {"groups", report.groups},
          {"few_splits", report.few_splits()},
          {"lucky", report.lucky()},
          {"unlucky", report.unlucky()}};
}

void print(const SplitReport& report, const std::vector<std::string>& classes, std::ostream& out) {
  out << "\nquick probe on " << report.crops << " crops";
  if (report.left_out > 0) out << " (" << report.left_out << " more left out)";
  out << ", recall in %\n";
  std::size_t width = 14;
  for (const std::string& name : classes) width = std::max(width, name.size() + 2);
  const auto cell = [&out](const std::optional<double>& value) {
    char text[16];
    std::snprintf(text, sizeof text, "%8.1f", value ? 100 * *value : 0.0);
    out << (value ? text : "       -");
  };
  out << std::string("label").append(width - 5, ' ');
  for (std::size_t fold = 0; fold < report.own.folds.size(); ++fold) {
    char text[32];
    std::snprintf(text, sizeof text, "  fold%2d", static_cast<int>(fold));
    out << text;
  }
  out << '\n';
  for (std::size_t label = 0; label <= classes.size(); ++label) {
    const std::string name = label_name(label, classes);
    out << name << std::string(width - name.size(), ' ');
    for (const ProbeScore& fold : report.own.folds) cell(fold.recall.at(label));
    out << '\n';
  }
  out << "mean" << std::string(width - 4, ' ');
  for (const ProbeScore& fold : report.own.folds) cell(fold.mean_recall);
  out << '\n';
  const SplitScores& own = report.own;
  out << in_columns("over folds: mean %.1f, sd %.1f, standard error %.1f", 100 * own.mean,
                    100 * own.sd, 100 * report.standard_error());
  out << in_columns(" (Nadeau-Bengio factor %.3f), from %.1f to %.1f\n", report.variance_factor,
                    100 * own.low, 100 * own.high);
  if (report.others.empty()) return;
  out << report.others.size() << " random splits of the same groups: "
      << in_columns("mean %.1f to %.1f; this split is at percentile %.0f",
                    100 * report.others.front(), 100 * report.others.back(), report.percentile);
  out << (report.lucky()     ? ": LUCKY, its scores will look too good\n"
          : report.unlucky() ? ": UNLUCKY, its scores will look too bad\n"
                             : ": ordinary\n");
  if (!report.few_splits()) return;
  out << "  of only " << report.groups
      << " groups there are few different splits: this says little; "
      << "more capture sessions would\n";
}

}  // namespace orrery
