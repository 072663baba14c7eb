#pragma once

#include <string>

#include "generator/forecast.hpp"
#include "scenes/json.hpp"

namespace orrery {

// How plans say figures to people.

/// Filled with blanks, at the left if `right`.
std::string padded(const std::string& text, std::size_t width, bool right = false);
std::string rounded(double value, int digits = 0);
/// "6120 ± 90", in columns.
std::string columns(const Estimate& e);
/// "12.3 MB".
std::string amount(double bytes);
/// "14 s", "3.1 minutes".
std::string duration(double seconds);
/// "63 tar archives (4000 files if loose)", or the other way round.
std::string words_of(const FileForecast& files);
/// {"pack": …, "loose": …, "tar": …}
Json json_from(const FileForecast& files);
/// The error as a share of the value: "3.8 %".
std::string percent(const Estimate& e);

}  // namespace orrery
