#include "generator/verify/lineage_rules.hpp"

#include <algorithm>
#include <fstream>

#include "generator/label_json.hpp"
#include "generator/splits/lineage_groups.hpp"
#include "scenes/error.hpp"

namespace orrery {

namespace fs = std::filesystem;

LineageRules::LineageRules(const fs::path& dataset, const Json& recipe, Findings& findings)
    : folder_(dataset), file_((dataset / "folds.json").string()), findings_(findings) {
  if (recipe.is_object() && recipe.contains("tracks") && recipe.at("tracks").is_object()) {
    try {
      tracks_ = track_spec_from_text(recipe.at("tracks").dump(), "dataset.json: recipe.tracks");
    } catch (const Error& e) {
      findings_.add("tracks_unreadable", (dataset / "dataset.json").string(), e.what(),
                    "rules of tracks");
    }
  }
  if (!fs::exists(file_)) return;
  std::ifstream in(file_, std::ios::binary);
  try {
    read_folds(Json::parse(in));
    has_folds_ = true;
  } catch (const Json::exception& e) {
    findings_.add("folds_unreadable", file_, e.what(), "folds as orrery writes them");
  }
}

void LineageRules::read_folds(const Json& folds) {
  kinds_ = folds.at("kinds").get<std::vector<std::string>>();
  for (const Json& fold : folds.at("folds")) names_.push_back(fold.at("name").get<std::string>());
  counts_ = folds.at("counts");
  for (const auto& [name, fold] : folds.at("images").items()) {
    const auto number = fold.get<std::int64_t>();
    if (number >= 0 && number < static_cast<std::int64_t>(names_.size())) {
      images_[name].fold = static_cast<std::size_t>(number);
      continue;
    }
    findings_.add("fold_range", file_, "image \"" + name + "\" in fold " + fold.dump(),
                  "0 to " + std::to_string(names_.size()) + ", without the last");
  }
}

void LineageRules::add(const Json& row, const std::string& name, const std::string& where) {
  try {
    SplitItem item;
    item.name = name;
    item.lineage = lineage_from_json(row.value("lineage", Json::array()), where);
    item.train_only = row.value("train_only", false);
    if (item.train_only) train_only_.insert(name);
    if (tracks_) {
      const std::string track = track_of(row, *tracks_);
      const std::string said = row.value("track", "");
      // A rendered dataset has the rules and no tracks in its rows.
      if (!said.empty() && said != track) {
        findings_.add("track", where, "track \"" + said + "\"", "\"" + track + "\"");
      }
    }
    if (has_folds_) add_to_fold(row, item, where);
  } catch (const std::exception& e) {
    findings_.add("lineage_unreadable", where, e.what(), "lineage as orrery writes it");
  }
}

void LineageRules::add_to_fold(const Json& row, const SplitItem& item, const std::string& where) {
  const bool held_out =
      row.value("track", "") == "out_of_scope" || row.value("split", "") == "test";
  const auto found = images_.find(item.name);
  if (found == images_.end()) {
    if (is_free(item, kinds_)) {
      free_.insert(item.name);
    } else if (!held_out) {
      findings_.add("image_without_fold", where, "no fold of image \"" + item.name + "\"",
                    "one, in folds.json");
    }
    return;
  }
  found->second.seen = true;
  const std::size_t fold = found->second.fold;
  if (held_out) {
    findings_.add("fold_of_held_out", where, "fold " + names_[fold], "none: it is tested on alone");
  }
  const std::string part = row.value("part", "");
  if (!part.empty() && part != names_[fold]) {
    findings_.add("part", where, "part \"" + part + "\"",
                  "\"" + names_[fold] + "\", as folds.json has it");
  }
  for (const LineageKey& key : keys_of(item, kinds_)) {
    const auto& [first, image] = holders_.try_emplace(key, fold, item.name).first->second;
    if (first == fold) continue;
    findings_.add("leak", where,
                  text_of(key) + " in image \"" + image + "\" of fold " + names_[first] +
                      " and in image \"" + item.name + "\" of fold " + names_[fold],
                  "it in one fold");
  }
}

void LineageRules::check_list(std::size_t fold, bool val) {
  const fs::path list =
      folder_ / "folds" / ("fold" + names_[fold]) / (val ? "val.txt" : "train.txt");
  std::ifstream in(list, std::ios::binary);
  if (!in) {
    findings_.add("fold_list_missing", list.string(), "no file", "the names of a fold");
    return;
  }
  std::set<std::string> listed;
  std::string name;
  for (std::uint64_t number = 1; std::getline(in, name); ++number) {
    const std::string where = list.string() + ":" + std::to_string(number);
    const auto image = images_.find(name);
    if (val && train_only_.contains(name)) {
      findings_.add("train_only_in_val", where, "\"" + name + "\", which is mixed or augmented",
                    "images that may be validated on");
    } else if (image == images_.end() && !free_.contains(name)) {
      findings_.add("fold_image_unknown", where, "\"" + name + "\"", "an image of folds.json");
    } else if (image != images_.end() && (image->second.fold == fold) != val) {
      findings_.add(
          "fold_list", where, "\"" + name + "\" of fold " + names_[image->second.fold],
          std::string("images ") + (val ? "of fold " : "of other folds than ") + names_[fold]);
    }
    if (!listed.insert(name).second) {
      findings_.add("fold_list", where, "\"" + name + "\" again", "a name once");
    }
  }
  for (const auto& [image, placed] : images_) {
    const bool wanted =
        val ? placed.fold == fold && !train_only_.contains(image) : placed.fold != fold;
    if (!wanted || listed.contains(image)) continue;
    findings_.add("fold_list", list.string(), "no line \"" + image + "\"",
                  "every image of that side of the fold");
  }
  for (const std::string& image : free_) {
    if (val || listed.contains(image)) continue;
    findings_.add("fold_list", list.string(), "no line \"" + image + "\"",
                  "images that share nothing in every fold's training");
  }
}

void LineageRules::finish() {
  if (!has_folds_) return;
  findings_.looked_at("folds", names_.size());
  std::vector<std::uint64_t> validated(names_.size());
  std::vector<std::uint64_t> trained(names_.size());
  for (const auto& [image, placed] : images_) {
    if (!placed.seen) {
      findings_.add("fold_image_unknown", file_, "image \"" + image + "\"",
                    "an image of the manifest");
    }
    ++(train_only_.contains(image) ? trained : validated)[placed.fold];
  }
  for (std::size_t fold = 0; fold < names_.size(); ++fold) {
    check_list(fold, true);
    check_list(fold, false);
    const Json count = counts_.is_array() && fold < counts_.size() ? counts_[fold] : Json();
    const auto check = [&](const char* key, std::uint64_t wanted) {
      const Json found = count.is_object() ? count.value(key, Json()) : Json();
      if (found == Json(wanted)) return;
      findings_.add("fold_count", file_,
                    "counts of fold " + names_[fold] + ": " + key + " " + found.dump(),
                    std::to_string(wanted));
    };
    check("images", validated[fold]);
    check("train_only", trained[fold]);
  }
}

}  // namespace orrery
