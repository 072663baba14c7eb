#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace orrery {

/// A table with names in its first row (RFC 4180: fields in double quotes may hold commas, quotes
/// twice and line ends), row by row. Throws Error (Exit::io) if the file cannot be read.
class CsvFile {
 public:
  explicit CsvFile(const std::filesystem::path& file);
  std::optional<std::size_t> column(const std::string& name) const;
  const std::vector<std::string>& columns() const { return columns_; }
  /// The next row that is not empty; nothing at the end.
  std::optional<std::vector<std::string>> next();
  std::uint64_t line() const { return line_; }      ///< where the last row ends, from 1
  std::uint64_t offset() const { return offset_; }  ///< where the last row starts, bytes
  /// The row that starts there.
  std::optional<std::vector<std::string>> at(std::uint64_t offset);

 private:
  std::ifstream in_;
  std::vector<std::string> columns_;
  std::uint64_t line_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace orrery
