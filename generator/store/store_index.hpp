#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/source.hpp"
#include "generator/store/database.hpp"

namespace orrery {

/// A picture as the index has it.
struct StoredImage {
  std::int64_t id = 0;  ///< order of ingestion, from 1
  std::string sha256;   ///< of the file's bytes
  std::string pixels;   ///< SHA-256 of width, height and upright RGBA pixels
  std::string file;     ///< as its source named it
  std::string extension;
  int orientation = 1;  ///< EXIF, as stored in the file
  std::string session;
  std::string licence;
  std::string origin;
  std::optional<std::uint64_t> hash;  ///< perceptual
  bool gps = false;                   ///< the file says where it was taken
  std::int64_t first = 0;             ///< first picture of its group of near duplicates
  std::int64_t ingest = 0;
  LabelledImage image;  ///< name, size, labels and what else its source says; ids are the store's
};

/// Opens the index of `store` and makes it where it is not there. Throws Error.
class StoreIndex {
 public:
  StoreIndex(const std::filesystem::path& store, Database::Mode mode);

  const std::filesystem::path& folder() const { return folder_; }
  Database& database() { return database_; }

  DatasetInfo info();
  /// Every class of `info` has a place; returns it, by class id of `info`. A class without
  /// keypoints takes those of `info`. Inside a transaction.
  std::vector<std::uint32_t> add_classes(const DatasetInfo& info);

  struct Known {
    std::int64_t id = 0;
    std::string split, session, licence;
    bool same_bytes = false;
  };
  /// The picture with these bytes, else with these pixels.
  std::optional<Known> find(const std::string& sha256, const std::string& pixels);
  bool holds(const std::string& sha256);
  /// The labels of a picture, as texts without ids and in order, for comparing.
  std::vector<std::string> labels_of(std::int64_t image);
  /// `wanted`, or what comes nearest to it and is free.
  std::string free_name(const std::string& wanted, const std::string& origin);
  /// `image.id` is the one it gets; labels come apart.
  void add(const StoredImage& image);
  void add_labels(std::int64_t image, const std::vector<Label>& labels);

  void quarantine(const std::string& source, std::int64_t ingest, const Problem& problem);
  /// What was wrong with a source is found again, or is mended.
  void clear_quarantine(const std::string& source);

  /// An ingest that was begun; one of the same command that was cut off goes on.
  std::int64_t begin_ingest(const std::string& source, const std::string& origin,
                            const std::string& command);
  void end_ingest(std::int64_t id, const std::string& counts);
  /// `wanted`, or with a number after it where another source has it.
  std::string origin_for(const std::string& wanted, const std::string& source);

  std::int64_t images() { return database_.number("SELECT count(*) FROM images"); }
  std::int64_t labels() { return database_.number("SELECT count(*) FROM annotations"); }

 private:
  std::filesystem::path folder_;
  Database database_;
};

/// A label as text, and the same without what depends on its place among others.
std::string label_text(const Label& label);
std::string comparable_label_text(Label label);

}  // namespace orrery
