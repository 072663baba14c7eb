#include "generator/metrics_text.hpp"

#include <cstdio>

#include "generator/sample_failure.hpp"

namespace orrery {
namespace {

/// A label's value, quoted.
std::string label_value(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out + "\"";
}

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

}  // namespace

std::string metrics_text(const RunFigures& f) {
  const std::string labels = "dataset=" + label_value(f.dataset) + ",share=" + label_value(f.share);
  std::string text;
  const auto head = [&text](const char* name, const char* type, const char* help) {
    text += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  };
  const auto add = [&](const char* name, const char* type, const char* help, double value) {
    head(name, type, help);
    text += std::string(name) + "{" + labels + "} " + number_text(value) + "\n";
  };
  const auto as_double = [](std::uint64_t value) { return static_cast<double>(value); };
  add("orrery_images_wanted", "gauge", "Images of this worker's share.", as_double(f.count));
  add("orrery_images_done", "gauge", "Images of the share that are there.", as_double(f.done));
  add("orrery_images_made_total", "counter", "Images made by this run.", as_double(f.made));
  add("orrery_images_per_second", "gauge", "Mean speed of this run.", f.rate);
  add("orrery_run_seconds", "gauge", "Time since this run began.", f.seconds);
  add("orrery_updated_time_seconds", "gauge", "When this was written.", f.unix_time);
  head("orrery_failures_total", "counter", "Attempts at images that failed, by what came next.");
  for (std::size_t i = 0; i < f.failures.size(); ++i) {
    text += "orrery_failures_total{" + labels + ",next=\"" + name_of(static_cast<Fate>(i)) +
            "\"} " + std::to_string(f.failures[i]) + "\n";
  }
  return text;
}

}  // namespace orrery
