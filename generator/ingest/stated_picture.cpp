#include <algorithm>

#include "generator/ingest/read_source.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool code = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                      hex_digit(text[i + 2]) >= 0;
    plain +=
        code ? static_cast<char>(16 * hex_digit(text[i + 1]) + hex_digit(text[i + 2])) : text[i];
    if (code) i += 2;
  }
  return plain;
}

/// The path within an address; a path stays as it is.
std::string path_in(std::string said) {
  std::replace(said.begin(), said.end(), '\\', '/');
  const std::size_t local = said.find("?d=");
  const std::size_t host = said.find("://");
  const bool address = local != std::string::npos || host != std::string::npos;
  if (local != std::string::npos) {
    said = said.substr(local + 3);
    said = said.substr(0, said.find('&'));
  } else if (host != std::string::npos) {
    said = said.substr(host + 3);
    said = said.substr(0, said.find_first_of("?#"));
  }
  return address || said.starts_with("/data/upload/") ? percent_decoded(said) : said;
}

/// Without the eight digits that an upload's name begins with; empty: it has none.
std::string before_upload(const std::string& name) {
  if (name.size() < 10 || name[8] != '-') return {};
  const bool digits =
      std::all_of(name.begin(), name.begin() + 8, [](char c) { return hex_digit(c) >= 0; });
  return digits ? name.substr(9) : std::string();
}

}  // namespace

fs::path stated_picture(const std::vector<fs::path>& folders, const std::string& said) {
  fs::path rest = path_in(said);
  const fs::path whole = rest;
  const auto found_in_one = [&](const fs::path& name) -> fs::path {
    for (const fs::path& folder : folders) {
      std::error_code failed;
      if (fs::is_regular_file(folder / name, failed)) return (folder / name).lexically_normal();
    }
    return {};
  };
  while (!rest.empty()) {
    if (fs::path found = found_in_one(rest); !found.empty()) return found;
    fs::path shorter;
    for (auto part = std::next(rest.begin()); part != rest.end(); ++part) shorter /= *part;
    rest = shorter;
  }
  const std::string uploaded = before_upload(whole.filename().string());
  if (!uploaded.empty()) {
    if (fs::path found = found_in_one(uploaded); !found.empty()) return found;
  }
  return (folders.front() / whole.relative_path()).lexically_normal();
}

}  // namespace orrery
