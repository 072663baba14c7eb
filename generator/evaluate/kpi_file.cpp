#include <fstream>
#include <sstream>

#include "generator/evaluate/kpi.hpp"
#include "scenes/enum_names.hpp"
#include "scenes/yaml_reader.hpp"

namespace orrery {

template <>
struct EnumNames<KpiMetric> {
  static constexpr std::array<const char*, 6> kNames{"ap", "ap50",         "ap75",
                                                     "ar", "recall_at_fp", "fp_per_image"};
};
template <>
struct EnumNames<KpiRule> {
  static constexpr std::array<const char*, 3> kNames{"lower_bound", "value", "report"};
};
template <>
struct EnumNames<KpiHard> {
  static constexpr std::array<const char*, 3> kNames{"any", "false", "true"};
};

template <class Visitor>
void describe(Visitor& field, SomeOf<KpiWhere> auto& w) {
  field("classes", w.classes, {"names of classes; all if there are none"});
  field("min_side", w.min_side, {"pixels, square root of the area", 0, 1e5});
  field("max_side", w.max_side, {"pixels, square root of the area", 0, 1e5});
  field("min_visible", w.min_visible, {"visible fraction", 0, 1});
  field("max_visible", w.max_visible, {"visible fraction", 0, 1});
  field("min_truncation", w.min_truncation, {"share outside the image", 0, 1});
  field("max_truncation", w.max_truncation, {"share outside the image", 0, 1});
  field("hard", w.hard, {"true, false or any"});
  field("track", w.track, {"of the images"});
  field("split", w.split, {"of the images"});
  field("fold", w.fold, {"of the images", 0, 1000});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<Kpi> auto& k) {
  field("name", k.name, {"what it is called"});
  field("metric", k.metric, {"what is measured"});
  field("where", k.where, {"the slice"});
  field("target", k.target, {"to be reached; of fp_per_image not to be exceeded", 0, 1e9});
  field("rule", k.rule, {"how the target is compared"});
  field("in_scope", k.in_scope, {"false: fails nothing"});
  field("max_fp", k.max_fp, {"false positives an image", 0, 1e9});
  field("min_score", k.min_score, {"detections below do not count"});
}

namespace {

struct KpiFile {
  std::vector<Kpi> kpis;
};

template <class Visitor>
void describe(Visitor& field, SomeOf<KpiFile> auto& f) {
  field("kpis", f.kpis, {"what is measured, in order"});
}

YAML::Node load(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    throw Error(file.string() + ": cannot be read, wanted a KPI file", Exit::io);
  }
  try {
    return YAML::Load(text.str());
  } catch (const YAML::ParserException& e) {
    throw Error(file.string() + ":" + std::to_string(e.mark.line + 1) + ":" +
                std::to_string(e.mark.column + 1) + ": is no YAML, " + e.msg);
  }
}

void check_bounds(const std::optional<double>& low, const std::optional<double>& high,
                  const YAML::Node& at, const std::string& path, Mistakes& mistakes) {
  if (!low || !high || *low <= *high) return;
  mistakes.add(at, path, "from " + text_of(*low) + " to " + text_of(*high),
               "a lower bound below the upper");
}

void check(const Kpi& kpi, const YAML::Node& at, const std::string& path, Mistakes& mistakes) {
  if (kpi.name.empty()) mistakes.add(at, path + ".name", "missing", "what it is called");
  if (at.IsMap() && !at["metric"]) {
    mistakes.add(at, path + ".metric", "missing",
                 "ap, ap50, ap75, ar, recall_at_fp or fp_per_image");
  }
  if (!kpi.target && kpi.rule != KpiRule::report) {
    mistakes.add(at, path + ".target", "missing", "a number, or rule: report");
  }
  const KpiWhere& w = kpi.where;
  check_bounds(w.min_side, w.max_side, at, path + ".where: the side", mistakes);
  check_bounds(w.min_visible, w.max_visible, at, path + ".where: what is visible", mistakes);
  check_bounds(w.min_truncation, w.max_truncation, at, path + ".where: truncation", mistakes);
}

}  // namespace

std::string name_of(KpiMetric metric) {
  return EnumNames<KpiMetric>::kNames.at(static_cast<std::size_t>(metric));
}
std::string name_of(KpiRule rule) {
  return EnumNames<KpiRule>::kNames.at(static_cast<std::size_t>(rule));
}

std::vector<Kpi> read_kpis(const std::filesystem::path& file) {
  const YAML::Node root = load(file);
  Mistakes mistakes(file.string());
  KpiFile out;
  YamlReader reader(root, "", mistakes);
  describe(reader, out);
  reader.finish();
  mistakes.throw_if_any();
  if (out.kpis.empty()) mistakes.add(root, "kpis", "empty", "a list of one or more");
  for (std::size_t i = 0; i < out.kpis.size(); ++i) {
    check(out.kpis[i], root["kpis"][i], "kpis[" + std::to_string(i) + "]", mistakes);
  }
  mistakes.throw_if_any();
  return std::move(out.kpis);
}

}  // namespace orrery
