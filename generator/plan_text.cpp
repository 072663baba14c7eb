#include <algorithm>
#include <cmath>
#include <ostream>

#include "generator/plan.hpp"
#include "generator/plan_words.hpp"

namespace orrery {
namespace {

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
      << "Files   " << words_of(plan.files) << '\n'
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
