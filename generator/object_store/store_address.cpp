#include "generator/object_store/store_address.hpp"

#include <algorithm>
#include <string_view>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::string_view kScheme = "s3://";

bool is_bucket(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return name.size() >= 3 && name.size() <= 63 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), allowed);
}

/// Parts that every store and every file system takes as they are.
bool is_prefix(std::string_view prefix) {
  while (!prefix.empty()) {
    const std::string_view part = prefix.substr(0, prefix.find('/'));
    const bool odd = std::any_of(part.begin(), part.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
    });
    if (part.empty() || part == "." || part == ".." || odd) return false;
    prefix.remove_prefix(std::min(prefix.size(), part.size() + 1));
  }
  return true;
}

}  // namespace

std::string StoreAddress::url() const {
  std::string text(kScheme);
  text += bucket;
  if (!prefix.empty()) text.append("/").append(prefix);
  return text;
}

std::optional<StoreAddress> store_address(const std::filesystem::path& path) {
  const std::string text = path.string();
  if (!text.starts_with(kScheme)) return std::nullopt;
  std::string_view rest = std::string_view(text).substr(kScheme.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t slash = rest.find('/');
  const StoreAddress address{
      std::string(rest.substr(0, slash)),
      slash == std::string_view::npos ? "" : std::string(rest.substr(slash + 1))};
  if (is_bucket(address.bucket) && is_prefix(address.prefix)) return address;
  throw Error("\"" + text + "\": is no address of a dataset, wanted s3://bucket/prefix",
              Exit::usage);
}

}  // namespace orrery
