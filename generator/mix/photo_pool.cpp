#include "generator/mix/photo_pool.hpp"

#include <algorithm>
#include <numeric>

#include "generator/source.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

/// The class of a dataset that a source's class stands for; nothing if it is to be left unlabelled.
class ClassMap {
 public:
  ClassMap(const DatasetInfo& info, const std::map<std::string, std::string>& rename, bool fixed,
           std::vector<std::string>& classes, std::vector<Keypoints>& keypoints,
           const std::string& where) {
    for (std::size_t i = 0; i < info.classes.size(); ++i) {
      const auto renamed = rename.find(info.classes[i]);
      const std::string& name = renamed == rename.end() ? info.classes[i] : renamed->second;
      std::optional<std::uint32_t>& id = ids_.emplace_back();
      if (name.empty()) continue;
      const auto found = std::find(classes.begin(), classes.end(), name);
      id = static_cast<std::uint32_t>(found - classes.begin());
      if (found == classes.end()) {
        if (fixed) {
          throw Error(where + ": has class \"" + name + "\", wanted one of the recipe's classes, " +
                      "or a line in rename that says which it is (\"\": to be ignored)");
        }
        classes.push_back(name);
      }
      keypoints.resize(classes.size());
      if (i < info.keypoints.size() && keypoints[*id].points.empty()) {
        keypoints[*id] = info.keypoints[i];
      }
    }
  }
  std::optional<std::uint32_t> operator()(std::uint32_t class_id) const {
    return ids_.at(class_id);
  }

 private:
  std::vector<std::optional<std::uint32_t>> ids_;
};

/// Every photo has its own content in its lineage.
void add_photo(LabelledImage& image) {
  std::vector<Ingredient>& lineage = image.lineage;
  const bool there = std::any_of(lineage.begin(), lineage.end(), [](const Ingredient& part) {
    return part.kind == "photo" && !part.sha256.empty();
  });
  if (there) return;
  std::erase_if(lineage, [](const Ingredient& part) { return part.kind == "photo"; });
  lineage.push_back({"photo", image.name, sha256_hex(stored_bytes(image.file)), ""});
  std::sort(lineage.begin(), lineage.end());
}

}  // namespace

std::vector<LabelledImage> read_photos(const std::vector<std::string>& paths,
                                       const std::map<std::string, std::string>& rename, bool fixed,
                                       std::vector<std::string>& classes,
                                       std::vector<Keypoints>& keypoints,
                                       std::vector<SplitItem>& held_out) {
  std::vector<LabelledImage> all;
  for (std::size_t place = 0; place < paths.size(); ++place) {
    const std::unique_ptr<Source> source = open_source(paths[place], "");
    const ClassMap map(source->info(), rename, fixed, classes, keypoints, paths[place]);
    while (std::optional<LabelledImage> image = source->next()) {
      image->name = std::to_string(place) + "/" + image->name;
      if (image->split == "test") {
        add_photo(*image);
        held_out.push_back(split_item_of(*image));
        continue;
      }
      image->split.clear();  // the recipe's splits decide
      image->fold.reset();
      for (Label& label : image->labels) {
        const std::optional<std::uint32_t> id = map(label.class_id);
        label.class_id = id.value_or(0);
        label.crowd = label.crowd || !id;
        if (!id) label.keypoints.clear();
      }
      add_photo(*image);
      all.push_back(std::move(*image));
    }
    if (!source->problems().empty()) {
      const Problem& first = source->problems().front();
      throw Error(paths[place] + ": has " + std::to_string(source->problems().size()) +
                  " problems, the first: " + first.where + ": " + first.text +
                  "; wanted none (orrery ingest takes in what is right and says what is not)");
    }
  }
  return all;
}

PhotoPool::PhotoPool(std::vector<LabelledImage> images,
                     const std::map<std::string, std::size_t>& part_of)
    : images_(std::move(images)) {
  std::vector<std::size_t> everything(images_.size());
  std::iota(everything.begin(), everything.end(), std::size_t{0});
  std::map<std::size_t, std::vector<std::size_t>> by_part;
  for (const std::size_t photo : everything) {
    parts_.push_back(part_of.at(images_[photo].name));
    by_part[parts_.back()].push_back(photo);
  }
  all_ = shelf_of(everything);
  for (const auto& [part, photos] : by_part) shelves_[part] = shelf_of(photos);
}

PhotoPool::Shelf PhotoPool::shelf_of(const std::vector<std::size_t>& photos) const {
  Shelf shelf{photos, {}};
  std::map<std::uint32_t, std::vector<std::size_t>> by_class;
  for (const std::size_t photo : photos) {
    for (const Label& label : images_[photo].labels) {
      std::vector<std::size_t>& those = by_class[label.class_id];
      if (!label.crowd && (those.empty() || those.back() != photo)) those.push_back(photo);
    }
  }
  for (auto& [class_id, those] : by_class) {
    if (!those.empty()) shelf.by_class.push_back(std::move(those));
  }
  return shelf;
}

std::size_t PhotoPool::drawn(const Shelf& shelf, Rng& rng, bool by_class) {
  const std::vector<std::size_t>* from = &shelf.photos;
  if (by_class && !shelf.by_class.empty()) {
    from = &shelf.by_class[rng.below(static_cast<std::uint32_t>(shelf.by_class.size()))];
  }
  return (*from)[rng.below(static_cast<std::uint32_t>(from->size()))];
}

std::size_t PhotoPool::nth(std::uint64_t n, std::uint64_t seed) const {
  const std::uint64_t round = n / images_.size();
  std::vector<std::pair<std::uint32_t, std::size_t>> order;
  Rng rng(seed, round, "mix/photos");
  for (std::size_t i = 0; i < images_.size(); ++i) order.emplace_back(rng.bits(), i);
  const auto at = order.begin() + static_cast<std::ptrdiff_t>(n % images_.size());
  std::nth_element(order.begin(), at, order.end());
  return at->second;
}

std::size_t PhotoPool::any(Rng& rng, bool by_class) const { return drawn(all_, rng, by_class); }

std::size_t PhotoPool::any_of(std::size_t part, Rng& rng, bool by_class) const {
  return drawn(shelves_.at(part), rng, by_class);
}

}  // namespace orrery
