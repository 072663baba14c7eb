#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery {

/// What to do with labels whose weight is below 1, in a format that has no place for weights.
enum class WeightRule : std::uint8_t {
  refuse,  ///< Error
  drop,    ///< labels below SinkOptions::min_weight are left out and counted; others count fully
};

struct SinkOptions {
  WeightRule weights = WeightRule::refuse;
  double min_weight = 0.3;
  std::size_t shard_bytes = 256U << 20U;  ///< of formats in shards: a new one after that many
  std::size_t shard_images = 1000;        ///< or that many
};

/// Writes one format. Images come in order; memory does not grow with their number, but for a few
/// numbers an image in formats that end with an index. The same images give the same bytes.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void add(const LabelledImage& image) = 0;
  /// Writes what comes last. Call once.
  virtual void finish() = 0;
  /// What this format could not carry, by what it is ("masks", "holes of masks", "weights"…), with
  /// how many labels or images had it.
  const std::map<std::string, std::uint64_t>& left_out() const { return left_out_; }

 protected:
  std::map<std::string, std::uint64_t> left_out_;
};

/// A format's name, one line on what it is, and one on what it cannot carry.
struct SinkFormat {
  std::string name;
  std::string about;
  std::string cannot_carry;
};

/// Every format that open_sink() knows.
const std::vector<SinkFormat>& sink_formats();

/// Throws Error (Exit::usage) that names the nearest format and lists all, if this is none.
void require_sink_format(const std::string& format);

/// A sink that writes into `folder`, which exists and is empty. Pictures are hard links to
/// LabelledImage::file where it has a file of its own and the file system allows it, else
/// copies. Throws Error naming the
/// nearest format.
std::unique_ptr<Sink> open_sink(const std::string& format, const std::filesystem::path& folder,
                                const DatasetInfo& info, const SinkOptions& options = {});

/// Puts a picture where a format wants it: a hard link, or a copy; of a JPEG with an EXIF
/// orientation a copy that is upright, and of a picture that says where it was taken one that does
/// not. Throws Error (Exit::io).
void place_picture(const StoredFile& from, const std::filesystem::path& to);

}  // namespace orrery
