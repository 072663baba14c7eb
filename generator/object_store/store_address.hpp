#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace orrery {

/// Where a dataset lies on an object store: "s3://bucket/prefix".
struct StoreAddress {
  std::string bucket;
  std::string prefix;  ///< without slashes at its ends; empty: the whole bucket

  std::string url() const;
};

/// What the text names, if it begins with "s3://"; nothing if it names a folder. Throws Error
/// (Exit::usage) if it is no address.
std::optional<StoreAddress> store_address(const std::filesystem::path& text);

}  // namespace orrery
