// Byte layout: tar archives of POSIX's ustar form with regular files only, all of time, owner and
// group 0, named shard-000000.tar, shard-000001.tar, … in a folder for each split, or in the
// dataset's own folder where images have no split; see Shards for their size and for index.json,
// which lists them and has the dataset's classes and keypoints.
//
// The members of one image are neighbours, in order of their names. A name is the image's number in
// the order of the whole dataset, eight digits, and after the first dot:
//   jpg or png   the picture, upright
//   json         one line: see image_json.hpp; its "name" is the image's own
//   depth.png    16 bits, millimetres along the optical axis, 0 = none; of images that have it
//   id.png       label ids of pixels; of images that have it
// Numbers, because WebDataset ends a key at the first dot of a name and a name may hold some, and
// because readers take a.JPG and a.jpg for the same.

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "generator/sinks/image_json.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/tar.hpp"

namespace orrery {
namespace {

class Webdataset : public Sink {
 public:
  Webdataset(std::filesystem::path folder, DatasetInfo info, const SinkOptions& options)
      : folder_(std::move(folder)), info_(std::move(info)), options_(options) {}

  void add(const LabelledImage& image) override {
    const auto shards = splits_.try_emplace(image.split, folder_ / split_folder(image, ""), ".tar",
                                            tar_end(), options_);
    shards.first->second.add(archive_of(image));
    ++images_;
  }

  void finish() override {
    // A dataset of no images is an index of no shards.
    if (splits_.empty()) splits_.try_emplace("", folder_, ".tar", tar_end(), options_);
    for (auto& [split, shards] : splits_) {
      Json more = json_of(info_);
      more["split"] = split;
      shards.finish(more);
    }
  }

 private:
  std::string archive_of(const LabelledImage& image) const {
    PackedPicture picture = packed_picture(image);
    std::vector<std::pair<std::string, std::string>> members;
    members.emplace_back("json", json_text(json_of(image, info_), image.name) + "\n");
    members.emplace_back(picture.extension, std::move(picture.bytes));
    if (image.depth) members.emplace_back("depth.png", file_bytes(*image.depth));
    if (image.ids) members.emplace_back("id.png", file_bytes(*image.ids));
    std::sort(members.begin(), members.end());
    char key[32];
    std::snprintf(key, sizeof key, "%08llu.", static_cast<unsigned long long>(images_));
    std::string archive;
    for (const auto& [name, content] : members) add_tar_member(archive, key + name, content);
    return archive;
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  std::map<std::string, Shards> splits_;
  std::uint64_t images_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_webdataset(const std::filesystem::path& folder, const DatasetInfo& info,
                                      const SinkOptions& options) {
  return std::make_unique<Webdataset>(folder, info, options);
}

}  // namespace orrery
