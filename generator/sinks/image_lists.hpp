#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sinks/dataset_files.hpp"

namespace orrery {

/// A list of images that a dataset names: a split, or one side of a fold.
struct ImageList {
  std::string split{};
  int fold = -1;  ///< from 0; -1: a split
  bool val = false;
};

/// Throws Error if the name of an image's split is none that a file can have.
void require_split_name(const LabelledImage& image);

/// Which image is in which part; a few numbers an image.
///   A split holds the images that say so. Fold k validates on the images of fold k but never on
///   mixed or augmented ones (train_only), and trains on those of the other folds; mixed images
///   without a fold train in all. Images of fold k that are train_only are in neither side of it,
///   and images without a fold that are not train_only in no fold.
class ImageLists {
 public:
  /// Images without a split are in the one named `else_split`. Throws Error if the split's name is
  /// no file name, or the fold is negative.
  void add(const LabelledImage& image, const std::string& else_split);
  /// Names of splits, in order.
  std::vector<std::string> splits() const;
  /// How many folds there are: one more than the highest.
  int folds() const { return folds_; }
  /// `image` counts from 0 in the order of add().
  bool has(const ImageList& part, std::uint64_t image) const;

 private:
  struct Row {
    std::uint16_t split = 0;
    std::int16_t fold = -1;
    bool train_only = false;
  };
  std::vector<std::string> names_;  ///< in order of appearance
  std::vector<Row> rows_;
  int folds_ = 0;
};

/// A text file of the lines of a part's images; `lines` has one for each image. `with` says what a
/// line becomes; empty: itself.
void write_list(const std::filesystem::path& file, const ImageLists& lists, const ImageList& part,
                const Spool& lines, const std::function<std::string(std::string_view)>& with = {});

}  // namespace orrery
