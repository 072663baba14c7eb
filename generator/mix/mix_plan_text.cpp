#include <ostream>

#include "generator/mix/mix_plan.hpp"
#include "generator/plan_words.hpp"

namespace orrery {
namespace {

Json json_of(const Estimate& e) { return {{"value", e.value}, {"error", e.error}}; }

void print_makings(std::ostream& out, const MixPlan& plan) {
  out << "Made as       images    probed    labels\n";
  for (const MakingForecast& making : plan.makings) {
    out << padded(making.name, 10) << padded(std::to_string(making.images), 10, true)
        << padded(std::to_string(making.probed), 10, true) << ' ' << columns(making.labels) << '\n';
  }
}

void print_classes(std::ostream& out, const MixPlan& plan) {
  std::size_t width = 8;
  for (const ClassForecast& c : plan.classes) width = std::max(width, c.name.size());
  out << '\n' << padded("Class", width) << "    labels           dropped\n";
  for (const ClassForecast& c : plan.classes) {
    out << padded(c.name, width) << ' ' << columns(c.labelled) << ' ';
    for (const auto& [rule, e] : c.dropped) out << ' ' << rule << ' ' << rounded(e.value);
    out << '\n';
  }
}

void print_parts(std::ostream& out, const MixPlan& plan) {
  if (plan.photos.empty()) return;
  out << "\nPhotos by part of the split (exact)\n" << padded("Part", 8) << "  photos  groups";
  for (const ClassForecast& c : plan.classes) out << "  " << c.name;
  out << '\n';
  for (std::size_t part = 0; part < plan.photos.size(); ++part) {
    const PartCount& count = plan.photos[part];
    out << padded(plan.parts[part].name, 8) << padded(std::to_string(count.images), 8, true)
        << padded(std::to_string(count.groups), 8, true);
    for (std::size_t id = 0; id < plan.classes.size(); ++id) {
      out << "  "
          << padded(std::to_string(count.instances[id]), plan.classes[id].name.size(), true);
    }
    out << '\n';
  }
}

}  // namespace

void print_plan(std::ostream& out, const MixPlan& plan) {
  out << plan.count << " images. ± is one standard error.\n"
      << "From " << plan.probed << " images that were made on " << plan.device
      << " and thrown away; lanes: " << plan.lanes << ".\n\n"
      << "Disk    " << amount(plan.bytes.value) << " ± " << percent(plan.bytes) << ", all formats\n"
      << "Files   " << words_of(plan.files) << ", formats apart\n"
      << "Memory  " << amount(plan.memory) << " at most\n"
      << "Time    " << duration(plan.seconds.value) << " ± " << percent(plan.seconds) << "\n\n";
  print_makings(out, plan);
  print_classes(out, plan);
  print_parts(out, plan);
}

std::string json_from(const MixPlan& plan) {
  Json makings = Json::array();
  for (const MakingForecast& making : plan.makings) {
    makings.push_back({{"name", making.name},
                       {"images", making.images},
                       {"probed", making.probed},
                       {"labels", json_of(making.labels)}});
  }
  Json classes = Json::array();
  for (const ClassForecast& c : plan.classes) {
    Json dropped = Json::object();
    for (const auto& [rule, e] : c.dropped) dropped[rule] = json_of(e);
    classes.push_back({{"name", c.name}, {"labelled", json_of(c.labelled)}, {"dropped", dropped}});
  }
  Json parts = Json::array();
  for (std::size_t part = 0; part < plan.photos.size(); ++part) {
    parts.push_back({{"name", plan.parts[part].name},
                     {"photos", plan.photos[part].images},
                     {"groups", plan.photos[part].groups},
                     {"instances", plan.photos[part].instances}});
  }
  return Json{{"images", plan.count},
              {"probed", plan.probed},
              {"device", plan.device},
              {"lanes", plan.lanes},
              {"makings", makings},
              {"classes", classes},
              {"parts", parts},
              {"files", json_from(plan.files)},
              {"bytes", json_of(plan.bytes)},
              {"memory_bytes", plan.memory},
              {"seconds", json_of(plan.seconds)},
              {"core_seconds", json_of(plan.core_seconds)}}
      .dump(2);
}

}  // namespace orrery
