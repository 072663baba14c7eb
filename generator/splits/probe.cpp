#include "generator/splits/probe.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <opencv2/ml.hpp>
#include <opencv2/objdetect.hpp>
#include <string>

#include "scenes/error.hpp"
#include "scenes/random.hpp"

namespace orrery {

struct CropProbe::Learner {
  cv::Ptr<cv::ml::SVM> machine;
  std::vector<std::size_t> features;  ///< that it sees, in order
};

namespace {

constexpr int kSide = 48;
constexpr int kColorGrid = 4;
constexpr double kLeastSide = 2;
constexpr int kTries = 30;

bool touches(const Rect& a, const Rect& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/// The whole pixels of a picture that a box covers, at least one.
cv::Rect pixels_of(const Rect& box, int width, int height) {
  const auto cut = [](double value, int most) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(most)));
  };
  const int x0 = std::min(cut(std::floor(box.x0), width), width - 1);
  const int y0 = std::min(cut(std::floor(box.y0), height), height - 1);
  const int x1 = std::max(cut(std::ceil(box.x1), width), x0 + 1);
  const int y1 = std::max(cut(std::ceil(box.y1), height), y0 + 1);
  return {x0, y0, x1 - x0, y1 - y0};
}

/// What one learner sees of some crops, a crop a row.
cv::Mat rows_of(const std::vector<const ProbeCrop*>& crops,
                const std::vector<std::size_t>& features) {
  cv::Mat rows(static_cast<int>(crops.size()), static_cast<int>(features.size()), CV_32F);
  for (std::size_t i = 0; i < crops.size(); ++i) {
    auto* row = rows.ptr<float>(static_cast<int>(i));
    for (std::size_t k = 0; k < features.size(); ++k) row[k] = crops[i]->features[features[k]];
  }
  return rows;
}

/// The first `count` of a shuffle of 0 … from-1.
std::vector<std::size_t> some_of(std::size_t from, std::size_t count, Rng& rng) {
  std::vector<std::size_t> all(from);
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (std::size_t i = 0; i < std::min(count, from); ++i) {
    const std::uint32_t step = rng.below(static_cast<std::uint32_t>(from - i));
    std::swap(all[i], all[i + step]);
  }
  all.resize(std::min(count, from));
  return all;
}

using CropsByLabel = std::map<std::uint32_t, std::vector<const ProbeCrop*>>;

CropsByLabel chosen(const std::vector<const ProbeCrop*>& crops, const ProbeSettings& settings) {
  CropsByLabel by_label;
  for (const ProbeCrop* crop : crops) by_label[crop->label].push_back(crop);
  for (auto& [label, list] : by_label) {
    if (list.size() <= settings.crops_per_label) continue;
    Rng rng(settings.seed, label, "probe/crops");
    std::vector<const ProbeCrop*> kept;
    for (const std::size_t i : some_of(list.size(), settings.crops_per_label, rng)) {
      kept.push_back(list[i]);
    }
    list = std::move(kept);
  }
  return by_label;
}

/// As many of each label as there are, drawn with replacement.
std::vector<const ProbeCrop*> bootstrapped(const CropsByLabel& by_label, Rng& rng) {
  std::vector<const ProbeCrop*> sample;
  for (const auto& [label, list] : by_label) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      sample.push_back(list[rng.below(static_cast<std::uint32_t>(list.size()))]);
    }
  }
  return sample;
}

}  // namespace

std::vector<ProbeBox> probe_boxes(const LabelledImage& image, std::uint64_t seed) {
  std::vector<ProbeBox> boxes;
  for (const Label& label : image.labels) {
    const bool sliver = label.box.width() < kLeastSide || label.box.height() < kLeastSide;
    if (!label.crowd && !sliver) boxes.push_back({label.box, label.class_id + 1});
  }
  Rng rng(seed, 0, "probe/background/" + image.name);
  const std::size_t instances = boxes.size();
  const std::size_t wanted = instances == 0 ? 2 : instances;
  for (std::size_t i = 0; i < wanted; ++i) {
    const double width = instances == 0 ? image.width / 4.0 : boxes[i].box.width();
    const double height = instances == 0 ? image.height / 4.0 : boxes[i].box.height();
    if (width > image.width || height > image.height || width < 1 || height < 1) continue;
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const double x0 = rng.uniform(0, image.width - width);
      const double y0 = rng.uniform(0, image.height - height);
      const Rect place{x0, y0, x0 + width, y0 + height};
      const bool hit =
          std::any_of(image.labels.begin(), image.labels.end(),
                      [&place](const Label& label) { return touches(place, label.box); });
      if (hit) continue;
      boxes.push_back({place, 0});
      break;
    }
  }
  return boxes;
}

std::vector<float> probe_features(const Image<Rgba8>& picture, const Rect& box) {
  // OpenCV's headers take no const data; nothing is written to it.
  const cv::Mat all(picture.height, picture.width, CV_8UC4,
                    const_cast<Rgba8*>(picture.pixels.data()));
  cv::Mat color;
  cv::cvtColor(all(pixels_of(box, picture.width, picture.height)), color, cv::COLOR_RGBA2RGB);
  cv::Mat crop;
  cv::resize(color, crop, {kSide, kSide}, 0, 0, cv::INTER_AREA);
  const cv::HOGDescriptor hog({kSide, kSide}, {16, 16}, {8, 8}, {8, 8}, 9);
  std::vector<float> features;
  hog.compute(crop, features);
  cv::Mat grid;
  cv::resize(crop, grid, {kColorGrid, kColorGrid}, 0, 0, cv::INTER_AREA);
  for (int y = 0; y < kColorGrid; ++y) {
    for (int x = 0; x < kColorGrid; ++x) {
      for (int c = 0; c < 3; ++c) {
        features.push_back(static_cast<float>(grid.at<cv::Vec3b>(y, x)[c]) / 255.0F);
      }
    }
  }
  return features;
}

CropProbe::CropProbe(const std::vector<const ProbeCrop*>& crops, const ProbeSettings& settings) {
  const CropsByLabel by_label = chosen(crops, settings);
  if (by_label.size() < 2) {
    throw Error("probe: " + std::to_string(crops.size()) + " crops are of " +
                std::to_string(by_label.size()) + " labels, wanted two labels or more");
  }
  labels_ = by_label.rbegin()->first + 1;
  const std::size_t length = crops.front()->features.size();
  for (int i = 0; i < settings.learners; ++i) {
    Rng rng(settings.seed, static_cast<std::uint64_t>(i), "probe/bootstrap");
    const std::vector<const ProbeCrop*> sample = bootstrapped(by_label, rng);
    Learner& learner = learners_.emplace_back();
    learner.features = some_of(length, (length + 1) / 2, rng);
    std::sort(learner.features.begin(), learner.features.end());
    cv::Mat labels(static_cast<int>(sample.size()), 1, CV_32S);
    for (std::size_t k = 0; k < sample.size(); ++k) {
      labels.at<int>(static_cast<int>(k)) = static_cast<int>(sample[k]->label);
    }
    learner.machine = cv::ml::SVM::create();
    learner.machine->setType(cv::ml::SVM::C_SVC);
    learner.machine->setKernel(cv::ml::SVM::LINEAR);
    learner.machine->setC(settings.cost);
    learner.machine->setTermCriteria(
        {cv::TermCriteria::MAX_ITER | cv::TermCriteria::EPS, 2000, 1e-3});
    learner.machine->train(rows_of(sample, learner.features), cv::ml::ROW_SAMPLE, labels);
  }
}

CropProbe::~CropProbe() = default;
CropProbe::CropProbe(CropProbe&&) noexcept = default;
CropProbe& CropProbe::operator=(CropProbe&&) noexcept = default;

std::vector<double> CropProbe::votes(const ProbeCrop& crop) const {
  std::vector<double> votes(labels_);
  for (const Learner& learner : learners_) {
    const float label = learner.machine->predict(rows_of({&crop}, learner.features));
    votes.at(static_cast<std::size_t>(label)) += 1.0 / static_cast<double>(learners_.size());
  }
  return votes;
}

std::uint32_t CropProbe::label_of(const ProbeCrop& crop) const {
  const std::vector<double> all = votes(crop);
  // Shares are sums of one number: equal counts are equal shares.
  return static_cast<std::uint32_t>(std::max_element(all.begin(), all.end()) - all.begin());
}

ProbeScore score_of(const CropProbe& probe, const std::vector<const ProbeCrop*>& crops,
                    std::uint32_t labels) {
  ProbeScore score;
  score.crops = crops.size();
  score.recall.resize(labels);
  std::vector<std::size_t> right(labels);
  std::vector<std::size_t> all(labels);
  for (const ProbeCrop* crop : crops) {
    ++all.at(crop->label);
    right[crop->label] += probe.label_of(*crop) == crop->label ? 1U : 0U;
  }
  std::size_t rights = 0;
  std::size_t occurring = 0;
  for (std::uint32_t label = 0; label < labels; ++label) {
    if (all[label] == 0) continue;
    score.recall[label] = static_cast<double>(right[label]) / static_cast<double>(all[label]);
    score.mean_recall += *score.recall[label];
    rights += right[label];
    ++occurring;
  }
  if (occurring > 0) {
    score.accuracy = static_cast<double>(rights) / static_cast<double>(crops.size());
    score.mean_recall /= static_cast<double>(occurring);
  }
  return score;
}

}  // namespace orrery
