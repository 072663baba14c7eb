#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "generator/ingest/json_file.hpp"
#include "generator/source.hpp"

namespace orrery {

/// Where images and their annotations lie in a COCO file: 32 bytes an annotation.
class CocoIndex {
 public:
  struct Annotation {
    std::uint64_t offset = 0;
    std::int64_t id = 0;
    std::uint32_t size = 0;
    std::uint32_t image = 0;
    bool has_id = false;
    JsonPlace place() const { return {offset, size}; }
  };

  /// Reads the file once. Its categories are added to `info` where their names are new. Throws
  /// Error where the file's structure breaks.
  CocoIndex(const std::filesystem::path& file, DatasetInfo& info, std::vector<Problem>& problems);

  JsonFile& file() { return file_; }
  const JsonFile& file() const { return file_; }
  std::size_t images() const { return images_.size(); }
  const JsonPlace& image(std::size_t number) const { return images_[number]; }
  /// In order of the file.
  std::span<const Annotation> annotations_of(std::size_t image) const;
  const std::map<std::int64_t, std::uint32_t>& class_ids() const { return class_ids_; }
  std::string licence_of(const Json& image) const;
  const std::string& description() const { return description_; }

 private:
  void add_image(const std::string& text, const JsonPlace& place, std::vector<Problem>& problems);
  void add_category(const std::string& text, const JsonPlace& place, DatasetInfo& info,
                    std::vector<Problem>& problems);
  void sort(std::vector<Problem>& problems);

  JsonFile file_;
  std::vector<JsonPlace> images_;
  std::map<std::int64_t, std::uint32_t> numbers_;  ///< place in images_ by id
  std::vector<Annotation> annotations_;
  std::vector<std::int64_t> image_ids_;  ///< of annotations, until sorted
  std::map<std::int64_t, std::uint32_t> class_ids_;
  std::map<std::int64_t, std::string> licences_;
  std::string description_;
};

}  // namespace orrery
