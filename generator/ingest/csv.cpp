#include "generator/ingest/csv.hpp"

#include <algorithm>

#include "generator/ingest/read_source.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// False: the line ends within quotes.
bool split_fields(const std::string& line, std::vector<std::string>& fields) {
  fields.assign(1, "");
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return !quoted;
}

}  // namespace

CsvFile::CsvFile(const std::filesystem::path& file) : in_(file, std::ios::binary) {
  if (!in_) throw Error(file.string() + ": cannot be read", Exit::io);
  if (auto head = next()) columns_ = std::move(*head);
  for (std::string& name : columns_) name = trimmed(name);
}

std::optional<std::size_t> CsvFile::column(const std::string& name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::optional<std::vector<std::string>> CsvFile::next() {
  /// A quote that is never closed must not swallow the file.
  constexpr int kLinesInRow = 100;
  std::string row;
  std::string line;
  std::vector<std::string> fields;
  while (true) {
    offset_ = static_cast<std::uint64_t>(std::max<std::streamoff>(0, in_.tellg()));
    if (!std::getline(in_, row)) return std::nullopt;
    ++line_;
    if (row.ends_with('\r')) row.pop_back();
    for (int i = 0; !split_fields(row, fields) && i < kLinesInRow; ++i) {
      if (!std::getline(in_, line)) break;
      ++line_;
      row += "\n" + line;
    }
    if (!row.empty()) return fields;
  }
}

std::optional<std::vector<std::string>> CsvFile::at(std::uint64_t offset) {
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(offset));
  return next();
}

}  // namespace orrery
