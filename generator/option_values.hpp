#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "generator/recipe.hpp"

namespace orrery {

// Values of command line options, from text. All throw Error (Exit::usage) naming the option, what
// was found and what is wanted.

[[noreturn]] void refuse_value(const std::string& option, const std::string& found,
                               const std::vector<std::string>& wanted);

double number_from(const std::string& option, const std::string& text);
std::uint64_t whole_from(const std::string& option, const std::string& text);
std::vector<double> numbers_from(const std::string& option, const std::vector<std::string>& texts);
/// "640x480".
std::pair<int, int> size_from(const std::string& option, const std::string& text);
/// "low:high" or one value, times `unit`; an empty text leaves `range` alone.
void set_range(const std::string& option, const std::string& text, Range& range, double unit = 1);

/// Values of an enum by name, in the enum's order; an empty list leaves `values` alone.
template <class Enum>
void set_names(const std::string& option, const std::vector<std::string>& texts,
               const std::vector<std::string>& names, std::vector<Enum>& values);

/// Procedural skies by name, and .hdr files.
std::vector<FileEntry> skies_from(const std::vector<std::string>& texts);
/// Files as they are; folders with all that lies in them and below, in order of path.
std::vector<std::filesystem::path> photo_files(const std::vector<std::string>& texts);
/// One name for each model: NAMEs in order, FILE=NAMEs by file; default_class_names for the rest.
std::vector<std::string> class_names(const std::vector<std::filesystem::path>& models,
                                     const std::vector<std::string>& given);

template <class Enum>
void set_names(const std::string& option, const std::vector<std::string>& texts,
               const std::vector<std::string>& names, std::vector<Enum>& values) {
  if (texts.empty()) return;
  values.clear();
  for (const std::string& text : texts) {
    std::size_t k = 0;
    while (k < names.size() && names[k] != text) ++k;
    if (k == names.size()) refuse_value(option, text, names);
    values.push_back(static_cast<Enum>(k));
  }
}

}  // namespace orrery
