#include "generator/verify/consumer.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace orrery {
namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& file, Findings& findings) {
  std::vector<std::string> lines;
  std::ifstream in(file, std::ios::binary);
  if (!in) findings.add("list_missing", file.string(), "no file", "a list of names");
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<fs::path> paths_below(const fs::path& folder,
                                  const std::vector<std::string>& extensions) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string extension = entry.path().extension().string();
    const bool wanted = extensions.empty() || std::find(extensions.begin(), extensions.end(),
                                                        extension) != extensions.end();
    if (wanted) files.push_back(entry.path().lexically_relative(folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream in(line);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace orrery
