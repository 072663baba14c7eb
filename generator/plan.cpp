#include "generator/plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "generator/generate.hpp"
#include "generator/granted_cores.hpp"
#include "generator/load_assets.hpp"
#include "generator/plan_words.hpp"
#include "generator/probe.hpp"
#include "generator/regression.hpp"
#include "generator/sample.hpp"

namespace orrery {
namespace {

Estimate mean_of(const std::vector<double>& values, double count) {
  const double n = static_cast<double>(values.size());
  double mean = 0;
  for (const double v : values) mean += v / n;
  double variance = 0;
  for (const double v : values) variance += (v - mean) * (v - mean) / std::max(n - 1, 1.0);
  return {mean, std::sqrt(variance / n * std::max(1 - n / count, 0.0))};
}

/// Every sample that was rendered is drawn once more, however long that takes.
constexpr double kForever = 1e9;

/// Images that a report shows, at most.
constexpr double kReported = 60;

/// From what rendering told of a few samples and what is known of those drawn.
Estimate forecast_bytes(const Probe& probe, const Survey& rendered, const Survey& drawn,
                        double count) {
  const auto traits = [](const Survey& survey) {
    std::vector<std::vector<double>> rows;
    for (const SurveyedShot& shot : survey.shots) rows.push_back(shot.traits);
    return rows;
  };
  const MeanEstimate each =
      probe.bytes.size() < 2 ? MeanEstimate{probe.bytes.at(0), 0}
                             : regressed_mean(probe.bytes, traits(rendered), traits(drawn), count);
  return {count * each.value + probe.fixed_bytes + std::min(count, kReported) * probe.report_bytes,
          count * each.error};
}

/// Core seconds of one image. Drawing is timed over all samples that were drawn, since physics is
/// uneven; the rest over the probe.
Estimate core_seconds_each(const Probe& probe, const Survey& survey, double count) {
  std::vector<double> draws;
  for (const SurveyedShot& shot : survey.shots) draws.push_back(shot.draw);
  const Estimate draw = mean_of(draws, count);
  const double render_error = probe.core_error / std::sqrt(static_cast<double>(probe.images));
  return {std::max(probe.core - probe.draw, 0.0) + draw.value,
          std::hypot(draw.error, render_error)};
}

/// On as many lanes as the dataset will have, and as busy a machine.
Estimate forecast_seconds(const Probe& probe, const Estimate& core_each, double count) {
  const double wall_of_core = probe.core > 0 ? probe.wall / probe.core : 1;
  return {probe.start + count * (wall_of_core * core_each.value + probe.finish),
          count * wall_of_core * core_each.error};
}

Json json_from(const Estimate& e) { return {{"value", e.value}, {"error", e.error}}; }

Json json_from(const std::vector<ForecastBin>& bins) {
  Json list = Json::array();
  for (const ForecastBin& bin : bins) {
    list.push_back({{"low", bin.low}, {"high", bin.high}, {"labels", json_from(bin.labels)}});
  }
  return list;
}

}  // namespace

Plan planned(PlanCommand& command, const std::function<void(const std::string&)>& warn) {
  Recipe& recipe = command.recipe;
  const Assets assets = load_assets(recipe, warn);
  // The probe goes first: then the process's peak of memory is that of a run.
  const Probe probe = probed(recipe, assets, command.machine, command.probe);
  const DrawShot draw = draw_shot_of(recipe, assets);
  const unsigned threads = granted_cores();
  Survey survey =
      surveyed(recipe, assets, draw, spread_indices(recipe.seed, recipe.count, command.draws),
               command.seconds, threads);
  count_groups(survey, recipe);
  std::vector<std::uint64_t> first(probe.images);
  std::iota(first.begin(), first.end(), std::uint64_t{0});
  const Survey rendered = surveyed(recipe, assets, draw, first, kForever, threads);
  const double count = static_cast<double>(recipe.count);
  Plan plan;
  plan.count = recipe.count;
  plan.drawn = survey.shots.size();
  plan.probed = probe.images;
  plan.device = probe.device;
  plan.lanes = probe.lanes;
  plan.labels = forecast_labels(recipe, survey);
  plan.files = forecast_files(recipe, probe.files);
  plan.bytes = forecast_bytes(probe, rendered, survey, count);
  const Estimate core = core_seconds_each(probe, survey, count);
  plan.core_seconds = {count * core.value, count * core.error};
  plan.seconds = forecast_seconds(probe, core, count);
  plan.memory = probe.peak_bytes;
  plan.draw_share = probe.core > 0 ? probe.draw / probe.core : 0;
  return plan;
}

std::string json_from(const Plan& plan) {
  Json classes = Json::array();
  for (const ClassForecast& c : plan.labels.classes) {
    Json dropped = Json::object();
    for (const auto& [rule, e] : c.dropped) dropped[rule] = json_from(e);
    classes.push_back(
        {{"name", c.name}, {"labelled", json_from(c.labelled)}, {"dropped", dropped}});
  }
  Json rarest = Json::array();
  for (const Combination& c : plan.labels.rarest) {
    rarest.push_back({{"class", c.class_name},
                      {"size", c.size},
                      {"visibility", c.visibility},
                      {"seen", c.seen},
                      {"labels", json_from(c.labels)},
                      {"at_most", c.at_most}});
  }
  return Json{{"images", plan.count},
              {"drawn", plan.drawn},
              {"probed", plan.probed},
              {"device", plan.device},
              {"lanes", plan.lanes},
              {"classes", classes},
              {"labels", json_from(plan.labels.labels)},
              {"hard", json_from(plan.labels.hard)},
              {"images_without_label", json_from(plan.labels.unlabelled)},
              {"size_px", json_from(plan.labels.sizes)},
              {"visible_fraction", json_from(plan.labels.visibilities)},
              {"rarest", rarest},
              {"combinations", plan.labels.combinations},
              {"combinations_unseen", plan.labels.unseen},
              {"files", json_from(plan.files)},
              {"bytes", json_from(plan.bytes)},
              {"memory_bytes", plan.memory},
              {"seconds", json_from(plan.seconds)},
              {"core_seconds", json_from(plan.core_seconds)},
              {"draw_share", plan.draw_share}}
      .dump(2);
}

}  // namespace orrery
