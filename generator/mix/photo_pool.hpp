#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/splits/folds.hpp"
#include "scenes/random.hpp"

namespace orrery {

/// The photos that a dataset may be made of, each in the part (fold or split) that it belongs to:
/// whatever is made of photos is made of those of one part.
class PhotoPool {
 public:
  /// `images` are all of the same classes; `part_of` is their partition, by name.
  PhotoPool(std::vector<LabelledImage> images, const std::map<std::string, std::size_t>& part_of);

  bool empty() const { return images_.empty(); }
  std::size_t size() const { return images_.size(); }
  const LabelledImage& at(std::size_t photo) const { return images_[photo]; }
  std::size_t part_of(std::size_t photo) const { return parts_[photo]; }

  /// Each once in every size() draws, in an order of the seed's.
  std::size_t nth(std::uint64_t n, std::uint64_t seed) const;
  /// Any; or, `by_class`, one that shows a class that all are drawn from alike.
  std::size_t any(Rng& rng, bool by_class) const;
  /// The same of one part.
  std::size_t any_of(std::size_t part, Rng& rng, bool by_class) const;

 private:
  /// Photos of one part, or of all.
  struct Shelf {
    std::vector<std::size_t> photos;
    std::vector<std::vector<std::size_t>> by_class;  ///< those that are not empty
  };
  static std::size_t drawn(const Shelf& shelf, Rng& rng, bool by_class);
  Shelf shelf_of(const std::vector<std::size_t>& photos) const;

  std::vector<LabelledImage> images_;
  std::vector<std::size_t> parts_;
  Shelf all_;
  std::map<std::size_t, Shelf> shelves_;
};

/// Reads every image of the sources at `paths` (stores, or datasets in any format), in order, with
/// classes as `rename` maps them onto `classes` (added to at the end unless `fixed`). A class that
/// maps to "" stays as a crowd region of class 0: nobody knows what else is there. Names are
/// "<place of the source>/<name>". What a source holds out for tests (split "test") is left out and
/// counted in `held_out`: nothing may be made of it. Throws Error naming a class that `classes`
/// lacks, and, with the first reason, if more than a source's own problems stand in the way.
std::vector<LabelledImage> read_photos(const std::vector<std::string>& paths,
                                       const std::map<std::string, std::string>& rename, bool fixed,
                                       std::vector<std::string>& classes,
                                       std::vector<Keypoints>& keypoints,
                                       std::vector<SplitItem>& held_out);

}  // namespace orrery
