#include "generator/dataset_folder.hpp"

#include "generator/chunk_files.hpp"
#include "generator/chunk_shard.hpp"
#include "generator/dataset_plan.hpp"
#include "generator/sinks/tar_members.hpp"
#include "scenes/error.hpp"

namespace orrery {

namespace {

Json description_of(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "dataset.json";
  return std::filesystem::exists(file) ? read_json(file) : Json::object();
}

}  // namespace

DatasetFolder::DatasetFolder(const std::filesystem::path& folder)
    : DatasetFolder(folder, description_of(folder)) {}

DatasetFolder::DatasetFolder(std::filesystem::path folder, const Json& dataset)
    : folder_(std::move(folder)) {
  const std::filesystem::path description = folder_ / "dataset.json";
  try {
    if (pack_in(dataset) != Pack::tar) return;
    dataset.at("chunk_size").get_to(chunk_size_);
    const auto count = dataset.at("count").get<std::uint64_t>();
    if (chunk_size_ > 0) shards_ = (count + chunk_size_ - 1) / chunk_size_;
  } catch (const Json::exception& e) {
    throw Error(description.string() + ": " + e.what(), Exit::io);
  }
  if (chunk_size_ > 0) return;
  throw Error(description.string() + ": chunk_size is 0, wanted at least 1", Exit::io);
}

StoredFile DatasetFolder::find(std::uint64_t index, const std::string& path) {
  if (shards_ == 0) return folder_ / path;
  const std::uint64_t chunk = index / chunk_size_;
  const std::filesystem::path shard = folder_ / shard_path(chunk);
  if (chunk_ != chunk) {
    chunk_.reset();
    members_.clear();
    for (const TarMember& member : tar_members(shard)) {
      members_[member.name] = {folder_ / member.name, shard, member.offset, member.size};
    }
    chunk_ = chunk;
  }
  const auto found = members_.find(path);
  if (found != members_.end()) return found->second;
  throw Error(shard.string() + ": holds no " + path + ", wanted the files of sample " +
                  std::to_string(index),
              Exit::io);
}

}  // namespace orrery
