#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery {

/// Something in a dataset that cannot be used as it is.
struct Problem {
  std::string where;   ///< file, and place in it
  std::string reason;  ///< a short rule, for counting: "box_outside_image", "picture_truncated"…
  std::string text;    ///< what was found and what is wanted
  bool whole_image = false;  ///< the image is left out, not only one label
};

/// A dataset that is read one image at a time, in an order that never changes.
class Source {
 public:
  virtual ~Source() = default;
  virtual const DatasetInfo& info() const = 0;
  /// The next image; nothing at the end. What is wrong with labels goes to problems(), and the
  /// labels that are right still come. Throws Error if the dataset cannot be read on.
  virtual std::optional<LabelledImage> next() = 0;
  /// All that was found so far.
  virtual const std::vector<Problem>& problems() const = 0;
};

/// Names of the formats that open_source() knows, and "orrery" for datasets of our own.
const std::vector<std::string>& source_formats();

/// The dataset in `path` (a folder or an annotation file). `format` as in source_formats(); empty:
/// found out by what lies there. Throws Error that says what was looked for.
std::unique_ptr<Source> open_source(const std::filesystem::path& path, const std::string& format);

/// A dataset that orrery made: manifest.jsonl and the COCO file beside it, line by line; folds and
/// splits as folds.json has them, if there is one. What is out of scope is the split
/// "out_of_scope", and what was mixed of photos that are tested on is "unused".
std::unique_ptr<Source> open_orrery_dataset(const std::filesystem::path& folder);

}  // namespace orrery
