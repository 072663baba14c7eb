#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/verify/findings.hpp"

namespace orrery {

/// What categories say of a dataset's classes.
struct ClassRules {
  std::vector<std::string> names{};      ///< by class id
  std::vector<std::size_t> keypoints{};  ///< how many, by class id
};

/// The categories of a COCO file, which must be ids from 1 in the order of `classes` (empty: in any
/// order of names). Broken: category_order, category_id, skeleton_range.
ClassRules check_categories(const Json& categories, const std::vector<std::string>& classes,
                            const std::string& where, Findings& findings);

/// Everything that holds of one annotation in an image of that size, whatever the others are:
/// category, box, mask, area, keypoints, weights and fractions. `where` names it.
void check_annotation(const Json& annotation, int width, int height, const ClassRules& classes,
                      const std::string& where, Findings& findings);

/// The numbers of a list; nothing if it is no list of finite numbers.
std::optional<std::vector<double>> numbers_of(const Json& list);

/// A whole number from 0; nothing if it is none.
std::optional<std::uint64_t> whole_of(const Json& object, const char* key);

/// Ids of annotations one after the other.
class AnnotationIds {
 public:
  /// Of a file where they run from 1 without gaps, or (not `consecutive`) are only unlike. Broken:
  /// annotation_id, annotation_id_zero, annotation_id_duplicate, annotation_id_gap.
  explicit AnnotationIds(bool consecutive) : consecutive_(consecutive) {}
  void check(const Json& annotation, const std::string& where, Findings& findings);

 private:
  bool consecutive_;
  std::uint64_t wanted_ = 1;
  std::vector<bool> seen_;               ///< ids that are not far away, a bit each
  std::vector<std::uint64_t> far_seen_;  ///< the others, in order
  bool first_time(std::uint64_t id);
};

}  // namespace orrery
