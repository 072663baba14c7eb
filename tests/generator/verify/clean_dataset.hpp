#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "generator/pack.hpp"
#include "generator/sample.hpp"

namespace orrery::testing {

/// A little finished dataset, as a mixed one is: JPEGs, keypoints, boxes alone, weights, mixed
/// images, and folds of it.
void make_clean_dataset(const std::filesystem::path& folder, Pack pack = Pack::files);

/// The same dataset in a format below its formats/.
void add_format(const std::filesystem::path& dataset, const std::string& format);

/// What `orrery verify --json` says.
struct Verdict {
  int status = -1;
  Json json;
  /// How many findings of a rule.
  std::uint64_t count(const std::string& rule) const;
  /// Rules that are broken, with blanks between.
  std::string rules() const;
  /// Where the first of a rule was found.
  std::string where(const std::string& rule) const;
};
Verdict verify(const std::filesystem::path& dataset, const std::string& consumer = "");

std::string text_of(const std::filesystem::path& file);
void write_text_over(const std::filesystem::path& file, const std::string& text);
/// Replaces the first `from` in a file; there must be one. Other links to the file stay as they
/// are.
void replace_in(const std::filesystem::path& file, const std::string& from, const std::string& to);
/// Changes the element of a COCO file's line that `changes` says yes to.
void change_annotation(const std::filesystem::path& dataset, std::uint64_t id,
                       const std::function<void(Json&)>& change);
/// One thing that is wrong, and the rule that must say so.
struct Fault {
  std::string rule;
  std::string what;
  std::function<void(const std::filesystem::path&)> plant;
};

/// Replaces the first `from` in a file below the folder that it is given.
std::function<void(const std::filesystem::path&)> replacing(const std::string& file,
                                                            const std::string& from,
                                                            const std::string& to);
/// A clean dataset in that format breaks no rule; each fault in the format's folder is found by its
/// rule, and leaves the dataset beside it clean.
void check_format_faults(const std::string& format, const std::string& consumer,
                         const std::vector<Fault>& faults);

/// Makes dataset.json's hash that of the manifest again, so that other rules speak alone.
void hash_again(const std::filesystem::path& dataset);

}  // namespace orrery::testing
