#include "generator/mix/mix_export.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

#include "generator/source.hpp"
#include "generator/splits/folds_file.hpp"
#include "generator/splits/licences.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOutOfScope = "out_of_scope";

/// What a whole split needs to know of a dataset.
struct MixSurvey {
  std::vector<SplitItem> all;
  std::vector<SplitItem> parted;  ///< those that belong to a part of their own
  std::vector<std::string> free;  ///< see is_free()
  std::vector<std::string> classes;
};

MixSurvey survey_of_mix(const fs::path& folder, const SplitRules& rules) {
  MixSurvey survey;
  const std::unique_ptr<Source> source = open_orrery_dataset(folder);
  survey.classes = source->info().classes;
  while (const std::optional<LabelledImage> image = source->next()) {
    survey.all.push_back(split_item_of(*image));
    if (image->track == kOutOfScope) continue;
    const SplitItem& item = survey.all.back();
    if (is_free(item, rules.kinds)) {
      survey.free.push_back(item.name);
    } else {
      survey.parted.push_back(item);
    }
  }
  return survey;
}

/// One format that is being written.
struct Writing {
  std::string name;
  fs::path aside;
  std::unique_ptr<Sink> sink;
};

std::vector<Writing> opened(const fs::path& formats, const std::vector<std::string>& names,
                            const DatasetInfo& info) {
  std::vector<Writing> all;
  for (const std::string& name : names) {
    if (fs::exists(formats / name)) continue;
    const fs::path aside = formats / (name + "." + unique_name());
    fs::create_directories(aside);
    SinkOptions options;
    options.weights = WeightRule::drop;  // counted, and said
    all.push_back({name, aside, open_sink(name, aside, info, options)});
  }
  return all;
}

void say_left_out(std::ostream& say, const Writing& writing) {
  for (const auto& [what, count] : writing.sink->left_out()) {
    say << "  " << writing.name << ": " << count << " " << what << " could not be carried\n";
  }
}

}  // namespace

void export_mix(const fs::path& folder, const MixRecipe& recipe, const Partition& photos,
                std::ostream& say) {
  const SplitRules rules = split_rules_of(recipe);
  const MixSurvey survey = survey_of_mix(folder, rules);
  require_licences(survey.all, recipe.licences);
  Partition parts;
  if (rules.parts.size() > 1 && !survey.parted.empty()) {
    SplitRules lenient = rules;
    lenient.allow_rare =
        true;  // the photos were held to the recipe's rule before anything was made
    parts = partition(survey.parted, survey.classes, lenient, pins_of(photos));
    require_no_leak(survey.all, rules.kinds, parts.part_of);
    write_folds(folder, parts, survey.parted, survey.classes, lenient, survey.free);
  }
  const std::unique_ptr<Source> source = open_orrery_dataset(folder);
  std::vector<Writing> writings =
      opened(folder / "formats", recipe.outputs.formats, source->info());
  if (writings.empty()) return;
  while (std::optional<LabelledImage> image = source->next()) {
    for (const Writing& writing : writings) writing.sink->add(*image);
  }
  for (const Writing& writing : writings) {
    writing.sink->finish();
    say_left_out(say, writing);
    sync_file_system(writing.aside);
    move_into_place(writing.aside, folder / "formats" / writing.name);
  }
}

}  // namespace orrery
