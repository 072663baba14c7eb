#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "generator/sample.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// A file or parameter set that a run is made of.
struct NamedAsset {
  std::string name;
  std::string sha256;
};

/// What all samples of a run share.
struct Provenance {
  std::uint64_t seed = 0;
  std::string recipe_hash;
  std::vector<NamedAsset> photos;      ///< of Assets::photos, in that order
  std::vector<Keypoints> keypoints{};  ///< by class id; empty: no class has any
};

/// The line of manifest.jsonl of sample `index`: its camera, scene, objects with what became of
/// them, lineage and the SHA-256 of its files. It knows nothing of chunks, lanes, hosts or times.
/// Metres, radians, pixels; rotations as nine numbers in rows.
Json manifest_of(const Shot& shot, const Annotations& annotations, const Assets& assets,
                 const Provenance& provenance, std::uint64_t index,
                 std::span<const EncodedFile> files);

/// {"wanted": …, "redrawn": …, "left_out": …}
Json json_of(const PlacementCount& count);

/// Every placed object and what became of it.
Ledger ledger_of(const Shot& shot, const Annotations& annotations);
/// Adds `more` to `sum`.
void add(Ledger& sum, const Ledger& more);

}  // namespace orrery
