#include <algorithm>
#include <cctype>
#include <string>

#include "scenes/material_file.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t k) {
      return k < text.size() && std::isxdigit(static_cast<unsigned char>(text[k])) != 0;
    };
    if (text[i] == '%' && digit(i + 1) && digit(i + 2)) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// `relative` below `folder`, taking a name of another case where the exact one is missing.
std::optional<fs::path> find_below(const fs::path& folder, const fs::path& relative) {
  fs::path found = folder;
  for (const fs::path& part : relative) {
    std::error_code error;
    if (fs::exists(found / part, error)) {
      found /= part;
      continue;
    }
    const std::string wanted = lower(part.string());
    std::optional<fs::path> other;
    for (fs::directory_iterator it(found, error), end; !error && it != end; it.increment(error)) {
      if (lower(it->path().filename().string()) == wanted) other = it->path();
    }
    if (!other) return std::nullopt;
    found = *other;
  }
  if (!is_file(found)) return std::nullopt;
  return found;
}

}  // namespace

std::optional<fs::path> find_beside(const fs::path& model, const std::string& name) {
  const fs::path folder = model.has_parent_path() ? model.parent_path() : fs::path(".");
  std::string slashed = name;
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  for (const std::string& text : {slashed, percent_decoded(slashed)}) {
    const fs::path path(text);
    if (path.is_absolute() && is_file(path)) return path;
    if (const auto found = find_below(folder, path.relative_path())) return found;
    if (const auto found = find_below(folder, path.filename())) return found;
  }
  return std::nullopt;
}

}  // namespace orrery
