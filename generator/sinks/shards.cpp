#include "generator/sinks/shards.hpp"

#include <algorithm>
#include <cstdio>

#include "generator/sinks/dataset_files.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;

Shards::Shards(fs::path folder, std::string extension, std::string end, const SinkOptions& options)
    : folder_(std::move(folder)),
      extension_(std::move(extension)),
      end_(std::move(end)),
      most_bytes_(options.shard_bytes),
      most_images_(options.shard_images) {
  if (most_bytes_ == 0 || most_images_ == 0) {
    throw Error("shards of no bytes or no images: wanted limits of at least 1", Exit::usage);
  }
  std::error_code reason;
  fs::create_directories(folder_, reason);
  if (reason) throw Error(folder_.string() + ": cannot be made: " + reason.message(), Exit::io);
}

void Shards::open_next() {
  char number[32];
  std::snprintf(number, sizeof number, "shard-%06zu", list_.size());
  name_ = number + extension_;
  file_.emplace(folder_ / name_);
  hash_.emplace();
  bytes_ = images_ = 0;
}

void Shards::close() {
  if (!file_) return;
  file_->write(end_);
  hash_->add(end_);
  file_->commit();
  list_.push_back({{"url", name_},
                   {"nsamples", images_},
                   {"filesize", bytes_ + end_.size()},
                   {"sha256", hash_->hex()}});
  file_.reset();
}

std::size_t Shards::add(std::string_view image) {
  const bool full =
      file_ && (images_ == most_images_ || bytes_ + image.size() + end_.size() > most_bytes_);
  if (full) close();
  if (!file_) open_next();
  file_->write(image);
  hash_->add(image);
  bytes_ += image.size();
  ++images_;
  return list_.size();
}

void Shards::finish(const Json& more) {
  close();
  Json index = {{"wids_version", 1}, {"shardlist", list_}};
  index.update(more);
  write_text(folder_ / "index.json", json_text(index, folder_.string()) + "\n");
}

fs::path split_folder(const LabelledImage& image, const std::string& unsplit) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!std::all_of(image.split.begin(), image.split.end(), fits)) {
    throw Error("image \"" + image.name + "\": its split is \"" + image.split +
                "\", wanted letters, digits, _ and -");
  }
  return image.split.empty() ? unsplit : image.split;
}

Json json_of(const DatasetInfo& info) {
  Json out = {{"name", info.name}, {"description", info.description}, {"classes", info.classes}};
  if (info.keypoints.empty()) return out;
  Json& all = out["keypoints"] = Json::array();
  for (const Keypoints& keypoints : info.keypoints) {
    Json names = Json::array();
    for (const Keypoint& point : keypoints.points) names.push_back(point.name);
    all.push_back({{"names", names}, {"skeleton", keypoints.skeleton}, {"swaps", keypoints.swaps}});
  }
  return out;
}

std::string json_text(const Json& json, const std::string& where) {
  try {
    return json.dump();
  } catch (const Json::type_error& error) {
    throw Error(where + ": a name in it is no UTF-8: " + error.what());
  }
}

}  // namespace orrery
