#include "generator/evaluate/evaluation_text.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <ostream>

namespace orrery {
namespace {

/// -1 is written as nothing to see.
std::string three(double value) {
  if (value == -1) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

std::string left(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : text + std::string(width - text.size(), ' ');
}
std::string right(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string shown(const Interval& interval) {
  if (interval.resamples == 0) return "";
  return "[" + three(interval.low) + ", " + three(interval.high) + "]";
}

std::string shown(const Measured& figure) {
  return three(figure.value) + " " + shown(figure.interval);
}

template <class Things>
std::size_t widest(const Things& things, std::size_t least) {
  for (const auto& thing : things) least = std::max(least, thing.name.size());
  return least + 2;
}

void print_classes(const EvaluationReport& report, std::ostream& out) {
  const std::vector<ClassResult>& classes = report.evaluation.classes;
  const std::size_t width = widest(classes, 5);
  out << "\n"
      << left("class", width) << right("objects", 8) << right("found", 8) << right("AP", 8)
      << right("AP50", 8) << right("AP75", 8) << right("AR", 8)
      << (report.resamples > 0 ? "  AP50, 95 %" : "") << "\n";
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const ClassResult& one = classes[c];
    if (one.score.objects == 0 && one.detections == 0) continue;
    out << left(one.name, width) << right(std::to_string(one.score.objects), 8)
        << right(std::to_string(one.detections), 8) << right(three(one.score.ap), 8)
        << right(three(one.score.ap50), 8) << right(three(one.score.ap75), 8)
        << right(three(one.score.ar), 8);
    if (report.resamples > 0) out << "  " << shown(report.classes[c].ap50.interval);
    out << "\n";
  }
}

void print_slices(const EvaluationReport& report, std::ostream& out) {
  const std::vector<SliceResult>& slices = report.evaluation.slices;
  if (std::none_of(slices.begin(), slices.end(),
                   [](const SliceResult& s) { return s.score.objects > 0; })) {
    return;
  }
  const std::size_t width = widest(slices, 5);
  out << "\n"
      << left("slice", width) << right("images", 8) << right("objects", 8) << right("AP", 8)
      << right("AP50", 8) << right("AR", 8) << "\n";
  for (const SliceResult& slice : slices) {
    if (slice.score.objects == 0) continue;
    out << left(slice.name, width) << right(std::to_string(slice.images), 8)
        << right(std::to_string(slice.score.objects), 8) << right(three(slice.score.ap), 8)
        << right(three(slice.score.ap50), 8) << right(three(slice.score.ar), 8) << "\n";
  }
}

void print_comparison(const EvaluationReport& report, std::ostream& out) {
  const Comparison& other = *report.comparison;
  const auto print_one = [&](const std::string& name, const Measured& difference) {
    out << left(name, 8) << shown(difference);
    if (difference.interval.resamples > 0) {
      out << "  above 0 in " << three(100 * difference.interval.above_zero) << " % of resamples";
    }
    out << "\n";
  };
  out << "\ndetections minus the others, the same resamples for both:\n";
  print_one("AP", other.all.ap);
  print_one("AP50", other.all.ap50);
  const std::vector<ClassResult>& classes = report.evaluation.classes;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (classes[c].score.objects == 0) continue;
    print_one("AP50 " + classes[c].name + " ", other.classes[c].ap50);
  }
}

void print_kpis(const EvaluationReport& report, std::ostream& out) {
  out << "\n";
  for (const KpiResult& one : report.kpis) {
    const bool gates = one.kpi.in_scope && one.kpi.rule != KpiRule::report;
    const char* verdict = gates ? (one.reached ? "pass" : "FAIL") : "    ";
    out << verdict << "  " << one.kpi.name << ": " << name_of(one.kpi.metric) << " "
        << three(one.value) << " " << shown(one.interval);
    if (one.kpi.target) out << ", target " << three(*one.kpi.target);
    out << " by " << name_of(one.kpi.rule) << (one.kpi.in_scope ? "" : ", out of scope") << "; "
        << one.objects << " objects in " << one.images << " images"
        << (one.value < 0 ? ": nothing to measure" : "") << "\n";
  }
}

Json number(double value) { return value == -1 ? Json() : Json(value); }

Json json_of(const Interval& interval) {
  if (interval.resamples == 0) return nullptr;
  return {{"low", interval.low}, {"high", interval.high}, {"resamples", interval.resamples}};
}

Json json_of(const Score& score) {
  return {{"ap", number(score.ap)},
          {"ap50", number(score.ap50)},
          {"ap75", number(score.ap75)},
          {"ar", number(score.ar)},
          {"objects", score.objects}};
}

Json json_of(const MeasuredScore& score) {
  return {{"ap", json_of(score.ap.interval)}, {"ap50", json_of(score.ap50.interval)}};
}

Json difference_of(const Measured& figure) {
  // Differences may well be -1, and there is none without both figures.
  return {{"difference", figure.value},
          {"interval", json_of(figure.interval)},
          {"above_zero", figure.interval.above_zero}};
}

Json json_of(const Evaluation& evaluation) {
  Json out = Json::object();
  for (const StatLine& line : evaluation.stats) out["stats"][line.name] = line.value;
  out["classes"] = Json::array();
  for (const ClassResult& one : evaluation.classes) {
    Json entry = {{"name", one.name}, {"category_id", one.id}, {"detections", one.detections}};
    entry.update(json_of(one.score));
    entry["ap_by_overlap"] = Json::array();
    for (const double ap : one.ap_by_overlap) entry["ap_by_overlap"].push_back(number(ap));
    out["classes"].push_back(std::move(entry));
  }
  out["slices"] = Json::array();
  for (const SliceResult& slice : evaluation.slices) {
    Json entry = {{"name", slice.name}, {"images", slice.images}};
    entry.update(json_of(slice.score));
    entry["classes"] = Json::array();
    for (const Score& one : slice.classes) entry["classes"].push_back(json_of(one));
    out["slices"].push_back(std::move(entry));
  }
  return out;
}

Json json_of(const KpiResult& one) {
  return {{"name", one.kpi.name},
          {"metric", name_of(one.kpi.metric)},
          {"rule", name_of(one.kpi.rule)},
          {"in_scope", one.kpi.in_scope},
          {"target", one.kpi.target ? Json(*one.kpi.target) : Json()},
          {"value", number(one.value)},
          {"interval", json_of(one.interval)},
          {"objects", one.objects},
          {"images", one.images},
          {"reached", one.kpi.target ? Json(one.reached) : Json()},
          {"fails", one.fails()}};
}

}  // namespace

void print(const EvaluationReport& report, std::ostream& out) {
  for (const std::string& warning : report.warnings) out << "warning: " << warning << "\n";
  for (const StatLine& line : report.evaluation.stats) {
    std::array<char, 32> value{};
    std::snprintf(value.data(), value.size(), "%.3f", line.value);
    out << line.text << " = " << value.data() << "\n";
  }
  if (report.resamples > 0) {
    out << "\n95 % intervals of " << report.resamples << " resamples of " << report.groups
        << " groups (" << report.images << " images):\n"
        << left("AP", 8) << shown(report.all.ap) << "\n"
        << left("AP50", 8) << shown(report.all.ap50) << "\n";
  }
  print_classes(report, out);
  print_slices(report, out);
  if (report.comparison) print_comparison(report, out);
  if (!report.kpis.empty()) print_kpis(report, out);
}

Json json_of(const EvaluationReport& report) {
  Json out = json_of(report.evaluation);
  out["images"] = report.images;
  out["groups"] = report.groups;
  out["resamples"] = report.resamples;
  if (report.resamples > 0) {
    out["intervals"] = json_of(report.all);
    for (std::size_t c = 0; c < report.classes.size(); ++c) {
      out["classes"][c]["intervals"] = json_of(report.classes[c]);
    }
  }
  if (report.comparison) {
    Json classes = Json::array();
    for (std::size_t c = 0; c < report.comparison->classes.size(); ++c) {
      classes.push_back({{"name", report.evaluation.classes[c].name},
                         {"ap", difference_of(report.comparison->classes[c].ap)},
                         {"ap50", difference_of(report.comparison->classes[c].ap50)}});
    }
    out["comparison"] = {{"ap", difference_of(report.comparison->all.ap)},
                         {"ap50", difference_of(report.comparison->all.ap50)},
                         {"classes", classes},
                         {"other", json_of(report.comparison->other)}};
  }
  out["kpis"] = Json::array();
  for (const KpiResult& one : report.kpis) out["kpis"].push_back(json_of(one));
  out["warnings"] = report.warnings;
  return out;
}

}  // namespace orrery
