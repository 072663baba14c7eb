#include "generator/chunk_choice.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

#include "scenes/error.hpp"

namespace orrery {
namespace {

std::optional<std::uint64_t> natural(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool ChunkChoice::holds(std::uint64_t chunk) const {
  if (chunk % shards != shard || (elsewhere && elsewhere->contains(chunk))) return false;
  if (runs.empty()) return true;
  const auto after =
      std::upper_bound(runs.begin(), runs.end(), chunk,
                       [](std::uint64_t c, const Run& run) { return c < run.first; });
  return after != runs.begin() && chunk <= std::prev(after)->last;
}

void choose_shard(ChunkChoice& choice, const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto shard = natural(std::string_view(text).substr(0, slash));
  const auto shards =
      slash == std::string::npos ? std::nullopt : natural(std::string_view(text).substr(slash + 1));
  if (!shard || !shards || *shard >= *shards) {
    throw Error("--shard: found \"" + text +
                    "\", wanted i/n with i from 0 to n - 1, such as 0/4 for the first of four",
                Exit::usage);
  }
  choice.shard = *shard;
  choice.shards = *shards;
}

void choose_chunks(ChunkChoice& choice, const std::string& text) {
  std::vector<ChunkChoice::Run> runs;
  std::string_view left = text;
  while (true) {
    const std::size_t comma = left.find(',');
    const std::string_view item = left.substr(0, comma);
    const std::size_t dash = item.find('-');
    const auto first = natural(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : natural(item.substr(dash + 1));
    if (!first || !last || *last < *first) {
      throw Error("--chunks: found \"" + text + "\", wanted numbers and ranges such as 3,7,9-12",
                  Exit::usage);
    }
    runs.push_back({*first, *last});
    if (comma == std::string_view::npos) break;
    left.remove_prefix(comma + 1);
  }
  runs.insert(runs.end(), choice.runs.begin(), choice.runs.end());
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  choice.runs.clear();
  for (const ChunkChoice::Run& run : runs) {
    if (choice.runs.empty() || run.first > choice.runs.back().last) {
      choice.runs.push_back(run);
    } else {
      choice.runs.back().last = std::max(choice.runs.back().last, run.last);
    }
  }
}

std::string text_of(const ChunkChoice& choice) {
  if (choice.all()) return "all";
  std::string runs;
  for (const auto& [first, last] : choice.runs) {
    runs += (runs.empty() ? "" : ",") + std::to_string(first);
    if (last > first) runs += "-" + std::to_string(last);
  }
  if (choice.shards == 1) return runs;
  const std::string shard = std::to_string(choice.shard) + "/" + std::to_string(choice.shards);
  return runs.empty() ? shard : shard + " of " + runs;
}

std::string text_of_chunks(const std::vector<std::uint64_t>& chunks) {
  std::string text;
  for (std::size_t i = 0; i < chunks.size();) {
    std::size_t last = i;
    while (last + 1 < chunks.size() && chunks[last + 1] == chunks[last] + 1) ++last;
    if (!text.empty()) text.push_back(',');
    text += std::to_string(chunks[i]);
    if (last > i) text.append("-").append(std::to_string(chunks[last]));
    i = last + 1;
  }
  return text;
}

}  // namespace orrery
