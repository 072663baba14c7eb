#include "generator/survey.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "generator/core_clock.hpp"
#include "generator/coverage.hpp"
#include "generator/make_sample.hpp"
#include "scenes/random.hpp"

namespace orrery {
namespace {

/// Of each model, its group; of surfaces and of things without labels, none.
struct SurveyGroups {
  std::vector<std::optional<std::uint32_t>> of_model;
  std::uint32_t count = 0;
};

SurveyGroups survey_groups(const Recipe& recipe) {
  SurveyGroups groups;
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> known;
  for (const ModelEntry& model : recipe.models) {
    if (!model.set || !recipe.scene.objects.at(*model.set).label) {
      groups.of_model.emplace_back();
      continue;
    }
    const auto place =
        known.try_emplace({*model.set, model.class_name}, static_cast<std::uint32_t>(known.size()));
    groups.of_model.emplace_back(place.first->second);
  }
  groups.count = static_cast<std::uint32_t>(known.size());
  return groups;
}

std::vector<double> wanted_of(const std::vector<std::uint32_t>& models,
                              const SurveyGroups& groups) {
  std::vector<double> wanted(groups.count);
  for (const std::uint32_t model : models) {
    if (const auto group = groups.of_model[model]) ++wanted[*group];
  }
  return wanted;
}

/// Numbers of things over all indices; of very many, over every n-th, scaled up.
std::vector<double> all_wanted(const Recipe& recipe, const DrawModels& models_of,
                               const SurveyGroups& groups) {
  constexpr std::uint64_t kMost = 100'000;
  std::vector<double> sum(groups.count);
  const std::vector<std::uint64_t> indices = spread_indices(recipe.seed, recipe.count, kMost);
  const double each = static_cast<double>(recipe.count) / static_cast<double>(indices.size());
  for (const std::uint64_t index : indices) {
    const std::vector<double> wanted = wanted_of(models_of(index), groups);
    for (std::size_t g = 0; g < sum.size(); ++g) sum[g] += each * wanted[g];
  }
  return sum;
}

/// Which of the recipe's surfaces lies where (one number each), what the sensor does, how much of
/// the image shows things and surfaces, and how near they are.
std::vector<double> traits_of(const Shot& shot, const Frame& frame, const Recipe& recipe) {
  std::vector<double> traits;
  for (std::uint32_t i = 0; i < recipe.models.size(); ++i) {
    if (recipe.models[i].set) continue;
    const auto& props = shot.scene.props;
    traits.push_back(
        std::any_of(props.begin(), props.end(), [&](const Prop& p) { return p.model == i; }));
  }
  const auto kind = [&](std::uint32_t value, std::uint32_t kinds) {
    for (std::uint32_t k = 0; k < kinds; ++k) traits.push_back(value == k ? 1 : 0);
  };
  kind(static_cast<std::uint32_t>(shot.scene.background.kind), 4);
  kind(static_cast<std::uint32_t>(shot.scene.ground.kind), 3);
  kind(shot.scene.sky, static_cast<std::uint32_t>(std::min<std::size_t>(recipe.skies.size(), 8)));
  const Sensor& sensor = shot.sensor;
  const double noise =
      sensor.read_noise + (sensor.full_well > 0 ? std::sqrt(0.2 / sensor.full_well) : 0.0);
  const int height = shot.view.intrinsics.height;
  double instances = 0;
  double surfaces = 0;
  double log_depth = 0;
  for (std::size_t i = 0; i < frame.id.pixels.size(); ++i) {
    instances += frame.id.pixels[i] > 0 ? 1 : 0;
    const float depth = frame.depth.pixels[i];
    if (depth <= 0) continue;
    ++surfaces;
    log_depth += std::log(static_cast<double>(depth));
  }
  const double pixels = static_cast<double>(frame.id.pixels.size());
  const double depth = surfaces > 0 ? log_depth / surfaces : 0;
  const double blur = defocus_px(sensor, std::exp(depth), height) + sensor.shake;
  for (const double t : {std::log1p(200 * noise), sensor.mosaic ? 1.0 : 0.0, sensor.sharpening,
                         sensor.jpeg_quality > 0 ? 100.0 - sensor.jpeg_quality : 0.0,
                         std::log1p(blur), sensor.exposure, instances / pixels, surfaces / pixels,
                         depth, static_cast<double>(shot.scene.objects.size()),
                         static_cast<double>(shot.scene.lights.size())}) {
    traits.push_back(t);
  }
  return traits;
}

class Surveyor {
 public:
  Surveyor(const Recipe& recipe, const Assets& assets, const DrawShot& draw)
      : recipe_(recipe),
        assets_(assets),
        groups_(survey_groups(recipe)),
        draw_(draw),
        models_of_(draw_models_of(recipe)) {}

  SurveyedShot shot(std::uint64_t index, Coverage& coverage) const {
    SurveyedShot result;
    result.index = index;
    result.wanted = wanted_of(models_of_(index), groups_);
    const double start = thread_seconds();
    const Shot shot = draw_(index);
    const double drawn = thread_seconds();
    result.draw = drawn - start;
    const Frame frame = coverage.of(shot, assets_.models, recipe_.render.lod_error_px);
    const Annotations labels = labels_of(frame, recipe_, assets_, index);
    result.traits = traits_of(shot, frame, recipe_);
    const auto group_of = [&](std::uint32_t id) {
      return *groups_.of_model[shot.scene.objects[id - 1].model];
    };
    for (const InstanceLabel& label : labels.instances) {
      result.instances.push_back({group_of(label.id), label.class_id, "",
                                  static_cast<double>(label.visible_area), label.visible_fraction,
                                  label.hard});
    }
    for (const Annotations::Dropped& dropped : labels.dropped) {
      result.instances.push_back(
          {group_of(dropped.id), dropped.class_id, dropped.rule, 0, 0, false});
    }
    result.look = thread_seconds() - drawn;
    return result;
  }

 private:
  const Recipe& recipe_;
  const Assets& assets_;
  SurveyGroups groups_;
  const DrawShot& draw_;
  DrawModels models_of_;
};

}  // namespace

std::vector<std::uint64_t> spread_indices(std::uint64_t seed, std::uint64_t count,
                                          std::uint64_t most) {
  const std::uint64_t n = std::min(count, most);
  std::vector<std::uint64_t> indices(n);
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto edge = [&](std::uint64_t i) {
      return static_cast<std::uint64_t>(static_cast<double>(i) * static_cast<double>(count) /
                                        static_cast<double>(n));
    };
    const std::uint64_t width = std::max<std::uint64_t>(edge(k + 1) - edge(k), 1);
    const double u = Rng(seed, k, "plan/index").unit();
    indices[k] = edge(k) + static_cast<std::uint64_t>(u * static_cast<double>(width));
  }
  Rng order(seed, count, "plan/order");
  for (std::size_t i = indices.size(); i > 1; --i) {
    std::swap(indices[i - 1], indices[order.below(static_cast<std::uint32_t>(i))]);
  }
  return indices;
}

Survey surveyed(const Recipe& recipe, const Assets& assets, const DrawShot& draw,
                const std::vector<std::uint64_t>& indices, double seconds, unsigned threads) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                   std::chrono::duration<double>(seconds));
  const Surveyor surveyor(recipe, assets, draw);
  Survey survey;
  std::mutex mutex;  // guards what the threads add to
  std::exception_ptr failure;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    try {
      Coverage coverage;
      while (true) {
        const std::size_t k = next++;
        if (k >= indices.size() || (k >= 2 && Clock::now() > end)) return;
        SurveyedShot shot = surveyor.shot(indices[k], coverage);
        const std::lock_guard lock(mutex);
        survey.shots.push_back(std::move(shot));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = indices.size();
    }
  };
  std::vector<std::thread> running;
  for (unsigned i = 0; i < std::max(threads, 1U); ++i) running.emplace_back(work);
  for (std::thread& thread : running) thread.join();
  if (failure) std::rethrow_exception(failure);
  std::sort(survey.shots.begin(), survey.shots.end(),
            [](const SurveyedShot& a, const SurveyedShot& b) { return a.index < b.index; });
  return survey;
}

void count_groups(Survey& survey, const Recipe& recipe) {
  const std::vector<double> all = all_wanted(recipe, draw_models_of(recipe), survey_groups(recipe));
  survey.groups.assign(all.size(), {});
  for (std::size_t g = 0; g < all.size(); ++g) {
    survey.groups[g].in_all = all[g];
    for (const SurveyedShot& shot : survey.shots) survey.groups[g].in_drawn += shot.wanted[g];
  }
}

}  // namespace orrery
