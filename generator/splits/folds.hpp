#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery {

/// What splitting needs to know of one image.
struct SplitItem {
  std::string name;                                  ///< unique
  std::vector<Ingredient> lineage{};                 ///< what it is made of
  std::map<std::uint32_t, std::uint64_t> classes{};  ///< labelled instances by class id
  /// What else every part should get its share of, with how often the image has it: "small",
  /// "mostly hidden", "rendered"…
  std::map<std::string, std::uint64_t> strata{};
  bool train_only = false;  ///< mixed or augmented: never validated or tested on
};

/// Instances that are no crowds; strata by COCO's sizes (32 and 96 pixels), by half visible or not
/// where that is known, and by rendered or real where the lineage says so.
SplitItem split_item_of(const LabelledImage& image);

/// It has a photo in its lineage and nothing that was rendered.
bool made_of_photos_alone(const std::vector<Ingredient>& lineage);

/// Kinds of lineage that name no content: where an image belongs to, not what it is made of.
bool names_content(const std::string& kind);

/// Something that may lie in one part only: an ingredient by its name, or by its content
/// ("sha256:…"). An image itself is the key {"parent", its name}, so what is made from it follows.
struct LineageKey {
  std::string kind;
  std::string name;
  bool operator==(const LineageKey&) const = default;
  bool operator<(const LineageKey& other) const {
    return std::tie(kind, name) < std::tie(other.kind, other.name);
  }
};

/// The keys of one image, of these kinds, in order.
std::vector<LineageKey> keys_of(const SplitItem& item, const std::vector<std::string>& kinds);

/// It is mixed or augmented and shares none of these kinds with any image: nothing that is
/// validated on can leak into it, so it is in no part and is trained on with every part.
bool is_free(const SplitItem& item, const std::vector<std::string>& kinds);

/// One of the parts a dataset is split into: a fold, or "train", "val", "test".
struct SplitPart {
  std::string name;
  double share = 0;  ///< of images and instances; those of all parts add up to 1
};

/// "0", "1", … of the same share.
std::vector<SplitPart> equal_folds(std::size_t count);

/// Kinds whose content leaks: photo, session, duplicates, sweep, parent.
std::vector<std::string> default_split_kinds();

struct SplitRules {
  std::vector<SplitPart> parts = equal_folds(5);
  std::vector<std::string> kinds = default_split_kinds();  ///< that no two parts share
  std::uint64_t seed = 0;                                  ///< for ties
  bool allow_rare = false;  ///< classes that some part must lack are recorded, not refused
};

/// An earlier assignment: what stays where it is.
struct SplitPins {
  std::map<std::string, std::size_t> images{};  ///< part by name
  std::map<LineageKey, std::size_t> keys{};     ///< part by key
};

/// Images that share keys, directly or through others: they stay together.
struct SplitGroup {
  std::vector<LineageKey> keys{};     ///< in order; an image's key to itself is left out
  std::vector<std::string> images{};  ///< in order
  std::size_t part = 0;
  bool pinned = false;  ///< by an earlier assignment
};

/// Who is where.
struct Partition {
  std::vector<SplitGroup> groups{};              ///< in order of their first image
  std::map<std::string, std::size_t> part_of{};  ///< by image
  std::vector<std::string> rare{};  ///< classes that some part lacks, for want of groups
  double largest_share = 0;         ///< of all images, in the largest group
  std::string largest_why{};  ///< the key that most of its images have, and how many; or empty
};

/// What keeps a partition as it is when more is added, as what was made from its images.
SplitPins pins_of(const Partition& partition);

/// Grouped, stratified parts: images that share a key of rules.kinds are a group; groups are dealt
/// out so that every part gets its share of images, of each class's instances and of each stratum,
/// counting what may be validated on (train_only images are a stratum of their own). Iterative
/// stratification lifted to groups, then moves and swaps while the sum of squared relative
/// deviations falls; O(G K L) for G groups, K parts and L labels. A group of train_only images
/// alone goes to the first part if parts differ in share (train, val, test). A pure function of the
/// set of items, whatever their order. Source: Sechidis, Tsoumakas, Vlahavas, On the Stratification
/// of Multi-Label Data, ECML PKDD 2011.
/// Throws Error if a class or the whole has fewer groups than parts (naming what to do), if pins
/// meet in one group (naming the key that joins them), or if a name comes twice.
Partition partition(const std::vector<SplitItem>& items, const std::vector<std::string>& classes,
                    const SplitRules& rules, const SplitPins& pins = {});

/// The same groups dealt out at random, by images alone: what a split is without stratification.
Partition random_partition(const std::vector<SplitItem>& items, const SplitRules& rules,
                           std::uint64_t repeat);

/// Throws Error naming a key that lies in two parts and two of its images. Nothing may be written
/// without passing it. Images that `part_of` does not name are in no part. `names` of the parts are
/// for the message; empty: numbers.
void require_no_leak(const std::vector<SplitItem>& items, const std::vector<std::string>& kinds,
                     const std::map<std::string, std::size_t>& part_of,
                     const std::vector<std::string>& names = {});

/// Throws Error as require_no_leak() if what is held out for tests shares a key with `learned`,
/// which the message calls `name`.
void require_held_out(const std::vector<SplitItem>& learned, const std::vector<SplitItem>& held_out,
                      const std::vector<std::string>& kinds, const std::string& name);

/// What one part holds.
struct PartCount {
  std::uint64_t images = 0;  ///< that may be validated on
  std::uint64_t train_only = 0;
  std::uint64_t groups = 0;
  std::vector<std::uint64_t> instances{};  ///< by class id, of images that may be validated on
  std::map<std::string, std::uint64_t> strata{};  ///< of the same
};

std::vector<PartCount> counts_of(const std::vector<SplitItem>& items, std::size_t classes,
                                 const SplitRules& rules, const Partition& partition);

/// Sum over parts and labels (images, classes, strata) of ((found - wanted) / wanted)².
double imbalance_of(const std::vector<SplitItem>& items, const SplitRules& rules,
                    const std::map<std::string, std::size_t>& part_of);

}  // namespace orrery
