#include "generator/augment/augment.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "generator/augment/colour.hpp"
#include "generator/augment/filters.hpp"
#include "generator/augment/geometry_of.hpp"
#include "generator/augment/labels_at_work.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

using Kind = AugmentStep::Kind;

/// Beyond this the corners of a box say too little of what is in it.
const double kMostBoxTurn = glm::radians(10.0) + 1e-9;

/// One picture on its way through the steps. Geometry is put together until pixels are needed, and
/// colour goes on top of it: it does not matter to a pixel's colour where the pixel goes.
class Run {
 public:
  Run(LabelledPixels& picture, const AugmentSpec& spec, const DatasetInfo& info, std::uint64_t seed,
      std::uint64_t index, AugmentReport& report)
      : color_(picture.color),
        image_(picture.labelled),
        spec_(spec),
        seed_(seed),
        index_(index),
        report_(report),
        chiral_(chiral_classes(spec, info)),
        labels_(picture.labelled, info, spec),
        pending_(picture.color.width, picture.color.height),
        turned_(pending_) {}

  /// Every step is walked, so that what it is called does not hang on what is drawn.
  void walk(const std::vector<AugmentStep>& steps, bool active) {
    for (const AugmentStep& step : steps) walk(step, active);
  }

  void finish() {
    flush();
    if (!report_.ran.empty()) image_.train_only = true;
    labels_.finish(color_, repainted_, report_);
  }

 private:
  static std::vector<bool> chiral_classes(const AugmentSpec& spec, const DatasetInfo& info) {
    std::vector<bool> chiral(info.classes.size(), false);
    for (const std::string& name : spec.chiral) {
      const auto found = std::find(info.classes.begin(), info.classes.end(), name);
      if (found == info.classes.end()) {
        throw Error("augment: chiral names \"" + name + "\", wanted a class" +
                    (info.classes.empty()
                         ? std::string(", but there is none")
                         : " such as \"" + nearest_name(name, info.classes) + "\""));
      }
      chiral[static_cast<std::size_t>(found - info.classes.begin())] = true;
    }
    return chiral;
  }

  /// The stream of the next step of this name: "augment/rotate", "augment/rotate/2"…
  Rng stream(const std::string& name) {
    const int count = ++named_[name];
    return {seed_, index_, "augment/" + name + (count > 1 ? "/" + std::to_string(count) : "")};
  }

  void walk(const AugmentStep& step, bool active) {
    if (step.kind == Kind::operation) return operation(step, active);
    Rng rng = stream(step.kind == Kind::one_of ? "one_of" : "sequence");
    active = rng.unit() < step.probability && active;
    if (step.kind == Kind::sequence) return walk(step.steps, active);
    double sum = 0;
    for (const AugmentStep& one : step.steps) sum += one.weight;
    double at = rng.unit() * sum;
    bool chosen = false;
    for (const AugmentStep& one : step.steps) {
      const bool here = !chosen && at < one.weight;
      chosen = chosen || here;
      at -= one.weight;
      walk(one, active && here);
    }
  }

  void operation(const AugmentStep& step, bool active) {
    const OperationInfo& info = operation_info(step.op);
    Rng rng = stream(info.name);
    if (!(rng.unit() < step.probability) || !active) return;
    std::vector<double> values;
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      const Range& range = step.values[i];
      if (info.parameters[i].whole) {
        const auto count = static_cast<std::uint32_t>(range.high - range.low) + 1;
        values.push_back(range.low + rng.below(count));
      } else {
        values.push_back(rng.uniform(range.low, range.high));
      }
    }
    AugmentReport::Ran ran{step.op, {}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      ran.parameters.emplace_back(info.parameters[i].name, values[i]);
    }
    const std::string refused = run(step.op, values, rng, ran);
    if (refused.empty()) {
      report_.ran.push_back(std::move(ran));
    } else {
      report_.refused.push_back({step.op, refused});
    }
  }

  /// Why it was left out; empty if it was not.
  std::string run(AugmentOp op, const std::vector<double>& values, Rng& rng,
                  AugmentReport::Ran& ran) {
    if (is_geometry(op)) return move(op, values, rng);
    repainted_ = true;
    if (is_colour(op)) {
      std::array<int, 3> order{0, 1, 2};
      if (op == AugmentOp::channel_shuffle) order = draw_order(rng, ran);
      if (!colour_.add(op, values, order)) {
        flush();
        colour_.add(op, values, order);
      }
      return {};
    }
    flush();
    if (op == AugmentOp::dropout) {
      drop_out(values, rng);
    } else {
      filter(op, values, rng, color_);
      labels_.smear(blur_of(op, values));
    }
    return {};
  }

  /// Any order but the one that is.
  static std::array<int, 3> draw_order(Rng& rng, AugmentReport::Ran& ran) {
    static constexpr std::array<std::array<int, 3>, 5> kOrders{
        {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
    const std::array<int, 3> order = kOrders[rng.below(kOrders.size())];
    ran.parameters.emplace_back("red_from", order[0]);
    ran.parameters.emplace_back("green_from", order[1]);
    ran.parameters.emplace_back("blue_from", order[2]);
    return order;
  }

  std::string move(AugmentOp op, const std::vector<double>& values, Rng& rng) {
    const bool flips = op == AugmentOp::flip_horizontal || op == AugmentOp::flip_vertical;
    const auto& labels = labels_.labels();
    if (flips && std::any_of(labels.begin(), labels.end(), [&](const LabelAtWork& work) {
          return chiral_[work.label.class_id];
        })) {
      return "chiral";
    }
    std::vector<Rect> around;
    if (op == AugmentOp::crop_instance) {
      flush_geometry();
      around = labels_.boxes();
    }
    Geometry next = pending_;
    const std::string refused = add_operation(op, values, around, rng, next, turned_with_);
    if (!refused.empty()) return refused;
    if (turned_with_) {
      Geometry turned = turned_;
      turned.add(turned_with_->matrix, turned_with_->width, turned_with_->height);
      const bool may_turn = spec_.box_rotation == BoxRotation::ellipse || !labels_.any_box_only();
      if (!may_turn && turn_of(turned) > kMostBoxTurn) return "box_rotation";
      turned_ = std::move(turned);
    }
    pending_ = std::move(next);
    return {};
  }

  void drop_out(const std::vector<double>& values, Rng& rng) {
    std::vector<Box> boxes;
    for (int i = 0; i < static_cast<int>(values[0]); ++i) {
      const int width = std::max(1, static_cast<int>(std::lround(values[1] * color_.width)));
      const int height = std::max(1, static_cast<int>(std::lround(values[2] * color_.height)));
      const int x =
          static_cast<int>(rng.below(static_cast<std::uint32_t>(color_.width - width) + 1));
      const int y =
          static_cast<int>(rng.below(static_cast<std::uint32_t>(color_.height - height) + 1));
      boxes.push_back({x, y, x + width, y + height});
    }
    const Rgba8 fill(spec_.fill[0], spec_.fill[1], spec_.fill[2], 255);
    for (const Box& box : boxes) {
      for (int y = box.y0; y < box.y1; ++y) {
        std::fill(&color_.at(box.x0, y), &color_.at(box.x0, y) + (box.x1 - box.x0), fill);
      }
    }
    labels_.hide(boxes);
  }

  void flush_geometry() {
    if (pending_.is_identity()) return;
    const Warp warp(pending_);
    color_ = warp.color(color_, spec_.border,
                        cv::Scalar(spec_.fill[0], spec_.fill[1], spec_.fill[2], 255));
    labels_.move(pending_, warp);
    pending_ = Geometry(color_.width, color_.height);
  }

  void flush() {
    flush_geometry();
    colour_.run(color_);
  }

  Image<Rgba8>& color_;
  LabelledImage& image_;
  const AugmentSpec& spec_;
  std::uint64_t seed_, index_;
  AugmentReport& report_;
  std::map<std::string, int> named_;
  std::vector<bool> chiral_;  ///< by class
  LabelsAtWork labels_;
  Geometry pending_;  ///< since the pixels were last moved
  Geometry turned_;   ///< since the start, without bends
  std::optional<Projection> turned_with_;
  ColourPass colour_;
  bool repainted_ = false;
};

}  // namespace

void augment(LabelledPixels& picture, const AugmentSpec& spec, const DatasetInfo& info,
             std::uint64_t seed, std::uint64_t index, AugmentReport& report) {
  // Pictures are spread over threads by whoever calls: OpenCV's own would only be in their way.
  static const bool kAlone = (cv::setNumThreads(1), true);
  (void)kAlone;
  report = AugmentReport{};
  LabelledImage& image = picture.labelled;
  if (image.width != picture.color.width || image.height != picture.color.height) {
    throw Error("augment: \"" + image.name + "\" says " + std::to_string(image.width) + "x" +
                std::to_string(image.height) + ", its pixels are " +
                std::to_string(picture.color.width) + "x" + std::to_string(picture.color.height));
  }
  Run run(picture, spec, info, seed, index, report);
  run.walk(spec.steps, true);
  run.finish();
}

}  // namespace orrery
