#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "generator/plan.hpp"

namespace orrery {
namespace {

std::string padded(const std::string& text, std::size_t width, bool right = false) {
  const std::string space(width > text.size() ? width - text.size() : 0, ' ');
  return right ? space + text : text + space;
}

std::string rounded(double value, int digits = 0) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// "6120 ± 90", in columns.
std::string columns(const Estimate& e) {
  return padded(rounded(e.value), 9, true) + " ± " + padded(rounded(e.error), 6);
}

std::string amount(double bytes) {
  const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit < 4) {
    bytes /= 1000;
    ++unit;
  }
  return rounded(bytes, unit > 0 && bytes < 100 ? 1 : 0) + " " + units[unit];
}

std::string duration(double seconds) {
  if (seconds < 120) return rounded(seconds, seconds < 10 ? 1 : 0) + " s";
  if (seconds < 7200) return rounded(seconds / 60, 1) + " minutes";
  return rounded(seconds / 3600, 1) + " hours";
}

std::string percent(const Estimate& e) {
  return e.value > 0 ? rounded(100 * e.error / e.value, 1) + " %" : "0 %";
}

void print_bins(std::ostream& out, const std::vector<ForecastBin>& bins, double unit,
                const char* beyond) {
  constexpr double kWidth = 40;
  double most = 1;
  for (const ForecastBin& bin : bins) most = std::max(most, bin.labels.value);
  for (const ForecastBin& bin : bins) {
    const bool last = &bin == &bins.back();
    const std::string range =
        last ? std::string(beyond) : rounded(unit * bin.low) + " – " + rounded(unit * bin.high);
    // The dash is three bytes and one column.
    out << padded(range, last ? 14 : 16, true) << ' ' << columns(bin.labels) << ' '
        << std::string(static_cast<std::size_t>(std::lround(kWidth * bin.labels.value / most)), '#')
        << '\n';
  }
}

void print_classes(std::ostream& out, const LabelForecast& labels) {
  std::size_t width = 8;
  for (const ClassForecast& c : labels.classes) width = std::max(width, c.name.size());
  out << padded("Class", width) << "    labels           dropped\n";
  const auto line = [&](const std::string& name, const Estimate& e, const std::string& rest) {
    out << padded(name, width) << ' ' << columns(e) << ' ' << rest << '\n';
  };
  for (const ClassForecast& c : labels.classes) {
    std::string dropped;
    for (const auto& [rule, e] : c.dropped) {
      dropped += (dropped.empty() ? "" : ", ") + rule + " " + rounded(e.value);
    }
    line(c.name, c.labelled, dropped);
  }
  line("all", labels.labels, "");
  line("hard", labels.hard, "of these: barely visible, or unreadable through the sensor");
  out << '\n'
      << "Images without a label: " << rounded(labels.unlabelled.value) << " ± "
      << rounded(labels.unlabelled.error) << '\n';
}

void print_rarest(std::ostream& out, const LabelForecast& labels) {
  out << "\nRarest of " << labels.combinations << " combinations of class, size and visibility";
  if (labels.unseen > 0) out << "; " << labels.unseen << " were in no sample drawn";
  out << ":\n";
  for (const Combination& c : labels.rarest) {
    out << "  " << c.class_name << ", " << c.size << ", " << c.visibility << ": ";
    if (c.seen > 0) out << rounded(c.labels.value) << " labels, ";
    out << "at most " << rounded(std::ceil(c.at_most)) << " (95 %)\n";
  }
  out << "  small: below 32² visible pixels, large: from 96²; hidden: below 50 % visible,\n"
         "  clear: from 90 %\n";
}

}  // namespace

void print_plan(std::ostream& out, const Plan& plan, const Recipe& recipe) {
  out << recipe.count << " images, seed " << recipe.seed << ". ± is one standard error.\n"
      << "Labels: from " << plan.drawn << " samples, drawn and looked at but not rendered.\n"
      << "Bytes, memory and time: from " << plan.probed << " samples, rendered on " << plan.device
      << ", lanes: " << plan.lanes << ".\n\n"
      << "Disk    " << amount(plan.bytes.value) << " ± " << percent(plan.bytes) << '\n'
      << "Memory  " << amount(plan.memory) << " at most\n"
      << "Time    " << duration(plan.seconds.value) << " ± " << percent(plan.seconds) << " ("
      << rounded(static_cast<double>(plan.count) / plan.seconds.value, 2)
      << " images/s; drawing takes " << rounded(100 * plan.draw_share) << " % of core time)\n\n";
  print_classes(out, plan.labels);
  out << "\nLabels by apparent size (square root of the visible area, pixels)\n";
  print_bins(out, plan.labels.sizes, 1, "512 and more");
  out << "\nLabels by visible fraction (%)\n";
  print_bins(out, plan.labels.visibilities, 100, "all of it");
  print_rarest(out, plan.labels);
}

}  // namespace orrery
