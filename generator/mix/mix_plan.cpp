#include "generator/mix/mix_plan.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <ostream>
#include <sstream>

#include "generator/core_clock.hpp"
#include "generator/dataset.hpp"
#include "generator/mix/mix_export.hpp"
#include "generator/mix/mix_lane.hpp"
#include "renderer/renderer.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// What is alike enough to be forecast together.
struct Stratum {
  std::string name;
  std::vector<std::uint64_t> indices{};  ///< to be made
  std::uint64_t images = 0;              ///< of the whole dataset
  std::vector<double> bytes{}, core{}, labels{};
  std::vector<std::vector<double>> by_class{};  ///< labels of each class, by image
  std::map<std::pair<std::uint32_t, std::string>, std::vector<double>> dropped{};
};

std::string stratum_of(const MixDraft& draft) {
  if (draft.original) return "photos";
  return EnumNames<Making>::kNames[static_cast<std::size_t>(draft.making)];
}

/// Every way of making images, with indices that are spread over all that are made so.
std::vector<Stratum> strata_of(const MixDraw& draw, std::uint64_t count, std::uint64_t probe) {
  std::map<std::string, std::vector<std::uint64_t>> by_name;
  for (std::uint64_t i = 0; i < count; ++i) by_name[stratum_of(draw(i))].push_back(i);
  std::vector<Stratum> strata;
  for (const auto& [name, all] : by_name) {
    Stratum& stratum = strata.emplace_back();
    stratum.name = name;
    stratum.images = all.size();
    const double share = static_cast<double>(all.size()) / static_cast<double>(count);
    const auto wanted = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(std::lround(share * static_cast<double>(probe))), 4,
        std::max<std::uint64_t>(all.size(), 4));
    const std::uint64_t taken = std::min<std::uint64_t>(wanted, all.size());
    for (std::uint64_t k = 0; k < taken; ++k) {
      stratum.indices.push_back(all[static_cast<std::size_t>(k * all.size() / taken)]);
    }
  }
  return strata;
}

double bytes_of(const Sample& sample) {
  std::size_t bytes = sample.manifest.dump().size() + sample.coco.image.dump().size() + 3;
  for (const EncodedFile& file : sample.files) bytes += file.bytes.size();
  for (const Json& annotation : sample.coco.annotations) bytes += annotation.dump().size() + 2;
  return static_cast<double>(bytes);
}

void keep(Stratum& stratum, const Sample& sample, double core, std::size_t classes) {
  stratum.bytes.push_back(bytes_of(sample));
  stratum.core.push_back(core);
  std::vector<double> counts(classes, 0);
  for (const Json& annotation : sample.coco.annotations) {
    if (annotation.at("iscrowd") != 0) continue;
    ++counts.at(annotation.at("category_id").get<std::size_t>() - 1);
  }
  double sum = 0;
  for (const double c : counts) sum += c;
  stratum.labels.push_back(sum);
  stratum.by_class.push_back(std::move(counts));
  for (const auto& [class_id, tally] : sample.ledger) {
    for (const auto& [rule, count] : tally.dropped) {
      stratum.dropped[{class_id, rule}].push_back(static_cast<double>(count));
    }
  }
}

/// The sum over all images of a stratum, from some; what `values` lacks is 0.
Estimate total_of(const Stratum& stratum, const std::vector<double>& values) {
  const auto n = static_cast<double>(stratum.indices.size());
  const auto all = static_cast<double>(stratum.images);
  double sum = 0;
  double squares = 0;
  for (const double v : values) {
    sum += v;
    squares += v * v;
  }
  const double mean = sum / n;
  const double variance = n > 1 ? std::max(squares - n * mean * mean, 0.0) / (n - 1) : 0;
  return {all * mean, all * std::sqrt(variance / n * std::max(1 - n / all, 0.0))};
}

void add(Estimate& sum, const Estimate& more) {
  sum = {sum.value + more.value, std::hypot(sum.error, more.error)};
}

/// Bytes below a folder; what hard links share is counted where it has one name only.
double bytes_below(const fs::path& folder) {
  double bytes = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    struct stat info {};
    if (!entry.is_regular_file() || stat(entry.path().c_str(), &info) != 0) continue;
    if (info.st_nlink == 1) bytes += static_cast<double>(info.st_size);
  }
  return bytes;
}

/// What the formats add to each byte of the dataset itself: what lies in archives they copy.
double format_factor(const MixRecipe& recipe, const MixAssets& assets,
                     const std::vector<Sample>& samples) {
  const TemporaryFolder folder;
  MixRecipe small = recipe;
  small.count = samples.size();
  Dataset dataset(folder.path, {.recipe = json_from(small),
                                .recipe_hash = assets.hash,
                                .seed = small.seed,
                                .count = small.count,
                                .chunk_size = small.count,
                                .classes = assets.info.classes,
                                .keypoints = assets.info.keypoints,
                                .pack = pack_for(recipe.pack, recipe.count)});
  dataset.commit(0, samples);
  dataset.finish();
  std::ostringstream unheard;
  export_mix(folder.path, small, assets.partition, unheard);
  double own = 0;
  for (const Sample& sample : samples) own += bytes_of(sample);
  return own > 0 ? 1 + bytes_below(folder.path / "formats") / own : 1;
}

void forecast_classes(MixPlan& plan, const std::vector<Stratum>& strata, const DatasetInfo& info) {
  for (std::size_t id = 0; id < info.classes.size(); ++id) {
    ClassForecast& forecast = plan.classes.emplace_back();
    forecast.name = info.classes[id];
    for (const Stratum& stratum : strata) {
      std::vector<double> counts;
      for (const std::vector<double>& image : stratum.by_class) counts.push_back(image[id]);
      add(forecast.labelled, total_of(stratum, counts));
      for (const auto& [key, values] : stratum.dropped) {
        if (key.first == id) add(forecast.dropped[key.second], total_of(stratum, values));
      }
    }
  }
}

}  // namespace

MixPlan planned_mix(MixRecipe& recipe, const Machine& machine, std::uint64_t probe,
                    const std::function<void(const std::string&)>& warn) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const MixAssets assets = load_mix_assets(recipe, {}, warn);
  const std::unique_ptr<Refiner> refiner = open_refiner(recipe.refine);
  const MixDraw draw(recipe, assets.photos, assets.models);
  require_validation(recipe, assets.photos, draw);
  const MixContext context{recipe,   assets.info, assets.sizes,
                           *refiner, assets.hash, recipe.splits.parts()};
  std::vector<Stratum> strata = strata_of(draw, recipe.count, probe);
  const std::size_t device = chosen_device(machine.gpu);
  const std::unique_ptr<Lane> lane = open_mix_lane(device, context, assets, draw);
  const double started = std::chrono::duration<double>(Clock::now() - start).count();
  std::vector<Sample> samples;
  const Clock::time_point warm = Clock::now();
  const double core_before = process_seconds();
  for (Stratum& stratum : strata) {
    for (const std::uint64_t index : stratum.indices) {
      const double before = process_seconds();
      lane->make({index, index + 1}, 0, [&](Sample sample) {
        keep(stratum, sample, process_seconds() - before, assets.info.classes.size());
        sample.index = samples.size();
        samples.push_back(std::move(sample));
        return true;
      });
    }
  }
  const double wall = std::chrono::duration<double>(Clock::now() - warm).count();
  const double wall_of_core = wall / std::max(process_seconds() - core_before, 1e-9);

  MixPlan plan;
  plan.count = recipe.count;
  plan.probed = samples.size();
  const DeviceInfo info = devices().at(device);
  plan.device = info.name;
  plan.lanes = lanes_for(machine, info.software);
  for (const Stratum& stratum : strata) {
    plan.makings.push_back(
        {stratum.name, stratum.images, stratum.indices.size(), total_of(stratum, stratum.labels)});
    add(plan.bytes, total_of(stratum, stratum.bytes));
    add(plan.core_seconds, total_of(stratum, stratum.core));
  }
  const double factor = format_factor(recipe, assets, samples);
  plan.bytes = {plan.bytes.value * factor, plan.bytes.error * factor};
  const double each = wall_of_core / plan.lanes;
  plan.seconds = {started + plan.core_seconds.value * each, plan.core_seconds.error * each};
  forecast_classes(plan, strata, assets.info);
  if (!assets.photos.empty()) {
    const SplitRules rules = split_rules_of(recipe);
    std::vector<SplitItem> items;
    for (std::size_t i = 0; i < assets.photos.size(); ++i) {
      items.push_back(split_item_of(assets.photos.at(i)));
    }
    plan.parts = rules.parts;
    plan.photos = counts_of(items, assets.info.classes.size(), rules, assets.partition);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  plan.files = forecast_files(recipe, 1);
  plan.memory = 1024.0 * static_cast<double>(usage.ru_maxrss) * plan.lanes;
  return plan;
}

}  // namespace orrery
