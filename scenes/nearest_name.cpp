#include "scenes/nearest_name.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

namespace orrery {
namespace {

/// Source: Wagner and Fischer, The String-to-String Correction Problem, JACM 1974.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view wrong, std::span<const std::string> candidates) {
  assert(!candidates.empty());
  return *std::min_element(candidates.begin(), candidates.end(),
                           [&](const std::string& a, const std::string& b) {
                             return edit_distance(wrong, a) < edit_distance(wrong, b);
                           });
}

}  // namespace orrery
