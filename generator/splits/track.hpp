#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "scenes/scene_fields.hpp"

namespace YAML {  // as yaml-cpp calls it. NOLINT(readability-identifier-naming)
class Node;
}

namespace orrery {

class Mistakes;

/// Holds of a sample whose lineage has an asset of `kind` whose name is like `name` (* and ?), or
/// whose manifest row has at `field` a number above `above` and below `below` (either or both).
struct TrackCondition {
  std::string kind{};
  std::string name{};
  /// Dotted path in the row, * for every element: scene.exposure, objects.*.visible_fraction. It
  /// holds if it holds of one of the numbers found there.
  std::string field{};
  std::optional<double> above{};
  std::optional<double> below{};
};

/// One condition, or several that must hold together.
struct TrackRule {
  TrackCondition one{};
  std::vector<TrackCondition> all{};
};

/// What is held out of training. A sample of which a rule holds is "out_of_scope"; of the others,
/// those made of photos alone are "real_only" and the rest "in_scope".
struct TrackSpec {
  std::vector<TrackRule> out_of_scope{};
};

template <class Visitor>
void describe(Visitor& field, SomeOf<TrackCondition> auto& c) {
  field("kind", c.kind, {"kind of a held-out asset: model, picture, sky, photo, session…"});
  field("name", c.name, {"its name; * and ? stand for anything"});
  field("field", c.field, {"a number in the manifest: scene.exposure, objects.*.visible_fraction"});
  field("above", c.above, {"held out where the number is above this"});
  field("below", c.below, {"held out where the number is below this"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<TrackRule> auto& r) {
  describe(field, r.one);
  field("all", r.all, {"conditions that must hold together"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<TrackSpec> auto& s) {
  field("out_of_scope", s.out_of_scope, {"what is held out of training; one rule is enough"});
}

/// What a spec that was read lacks: for whoever reads it as part of a file of their own.
void check_tracks(const TrackSpec& spec, const YAML::Node& at, const std::string& path,
                  Mistakes& mistakes);

/// Reads a text whose one key is out_of_scope. Throws Error naming every mistake, as scene files
/// do.
TrackSpec track_spec_from_text(const std::string& text, const std::string& where);

nlohmann::ordered_json json_from(const TrackSpec& spec);

/// "out_of_scope", "real_only" or "in_scope", by the row of manifest.jsonl alone.
std::string track_of(const Json& manifest_row, const TrackSpec& spec);

/// What check_tracks found of a manifest.
struct TrackCheck {
  std::map<std::string, std::uint64_t> samples{};  ///< by track
  std::vector<std::string> problems{};             ///< "manifest.jsonl:17: sample … is …"
};

/// Proves with the manifest alone that each row's "track" is what track_of says, that no
/// out_of_scope sample and nothing made from one ("parent" in its lineage) is trained on ("split"
/// is "train", or there is a "fold", or "train_only"), and that every field a rule asks for exists
/// somewhere. Throws Error (Exit::io) if the file cannot be read, Error if a line is no JSON.
TrackCheck check_tracks(const std::filesystem::path& manifest, const TrackSpec& spec);

}  // namespace orrery
