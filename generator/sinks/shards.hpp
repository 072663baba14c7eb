#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/sample.hpp"
#include "generator/sink.hpp"
#include "generator/whole_file.hpp"
#include "scenes/sha256.hpp"

namespace orrery {

/// Images one after the other in files shard-000000.EXT, shard-000001.EXT, … of one folder. A shard
/// ends where the next image would take it beyond SinkOptions::shard_bytes or shard_images; an
/// image that is larger than that has a shard of its own.
class Shards {
 public:
  /// `end` is what every shard ends with. Makes the folder.
  Shards(std::filesystem::path folder, std::string extension, std::string end,
         const SinkOptions& options);

  /// All bytes of one image. Returns the number of its shard.
  std::size_t add(std::string_view image);

  /// Ends the last shard and writes index.json beside the shards, a superset of WebDataset's "wids"
  /// index:
  ///   wids_version   1
  ///   shardlist      [{"url": file name, "nsamples", "filesize": bytes, "sha256"}] in order
  ///   …              what `more` says of the dataset
  void finish(const Json& more);

 private:
  void open_next();
  void close();

  std::filesystem::path folder_;
  std::string extension_;
  std::string end_;
  std::uint64_t most_bytes_;
  std::uint64_t most_images_;
  Json list_ = Json::array();  ///< of the shards that are done
  std::string name_;           ///< of the open shard
  std::optional<WholeFile> file_;
  std::optional<Sha256> hash_;
  std::uint64_t bytes_ = 0;
  std::uint64_t images_ = 0;
};

/// The folder that images of `split` lie in: its name, or `unsplit` if it is empty. Throws Error
/// naming the image unless a split's name is letters, digits, "_" and "-".
std::filesystem::path split_folder(const LabelledImage& image, const std::string& unsplit);

/// What all images share, for an index: name, description, classes and keypoints.
Json json_of(const DatasetInfo& info);

/// One line of UTF-8. Throws Error that begins with `where` if a text in it is no UTF-8.
std::string json_text(const Json& json, const std::string& where);

}  // namespace orrery
