#include "tests/generator/ingest/reading.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "generator/encode.hpp"
#include "generator/whole_file.hpp"

namespace orrery::testing {

bool have_data() {
  if (std::filesystem::is_directory(kFormats)) return true;
  MESSAGE("skipped: no shared data");
  return false;
}

std::vector<LabelledImage> all_of(Source& source) {
  std::vector<LabelledImage> images;
  while (auto image = source.next()) images.push_back(std::move(*image));
  return images;
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void write_blank(const std::filesystem::path& file, int width, int height) {
  std::filesystem::create_directories(file.parent_path());
  write_whole_file(file, jpeg_from(Image<Rgba8>(width, height), 50, true));
}

std::map<std::string, int> rules(const Source& source) {
  std::map<std::string, int> counted;
  for (const Problem& problem : source.problems()) ++counted[problem.reason];
  return counted;
}

}  // namespace orrery::testing
