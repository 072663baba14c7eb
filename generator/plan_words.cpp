#include "generator/plan_words.hpp"

#include <cstdio>

namespace orrery {

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width > text.size() ? width - text.size() : 0, ' ');
  return right ? space + text : text + space;
}

std::string rounded(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

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

std::string words_of(const FileForecast& files) {
  const std::string loose = rounded(files.loose);
  const std::string archives = std::to_string(files.archives);
  return files.pack == Pack::tar ? archives + " tar archives (" + loose + " files if loose)"
                                 : loose + " loose (" + archives + " tar archives if packed)";
}

Json json_from(const FileForecast& files) {
  return {{"pack", name_of(files.pack)}, {"loose", files.loose}, {"tar", files.archives}};
}

std::string percent(const Estimate& e) {
  return e.value > 0 ? rounded(100 * e.error / e.value, 1) + " %" : "0 %";
}

}  // namespace orrery
