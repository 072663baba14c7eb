#include "generator/evaluate/coco_mask.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr double kFiner = 5;

struct GridPoint {
  int x = 0, y = 0;
};

/// The points of a straight edge, one for each step along its longer axis, ends included.
void draw_edge(GridPoint from, GridPoint to, std::vector<GridPoint>& points) {
  const int dx = std::abs(to.x - from.x);
  const int dy = std::abs(to.y - from.y);
  const bool flat = dx >= dy;
  // Drawn from the lower end always, so that an edge is the same in both directions.
  const bool flip = flat ? from.x > to.x : from.y > to.y;
  if (flip) std::swap(from, to);
  const int steps = std::max(dx, dy);
  const double slope =
      steps == 0 ? 0 : (flat ? to.y - from.y : to.x - from.x) / static_cast<double>(steps);
  for (int step = 0; step <= steps; ++step) {
    const int t = flip ? steps - step : step;
    if (flat) {
      points.push_back({t + from.x, static_cast<int>(from.y + slope * t + 0.5)});
    } else {
      points.push_back({static_cast<int>(from.x + slope * t + 0.5), t + from.y});
    }
  }
}

/// Runs that turn from outside to inside and back at these positions down the columns.
Rle runs_from_turns(std::vector<std::uint32_t> turns, int width, int height) {
  std::sort(turns.begin(), turns.end());
  const std::uint32_t pixels =
      static_cast<std::uint32_t>(width) * static_cast<std::uint32_t>(height);
  Rle rle{width, height, {}};
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (i + 1 < turns.size() && turns[i] == turns[i + 1]) {
      ++i;  // in and out again
      continue;
    }
    rle.counts.push_back(turns[i] - last);
    last = turns[i];
  }
  if (last < pixels || rle.counts.empty()) rle.counts.push_back(pixels - last);
  return rle;
}

/// Pixels in either.
Rle union_of(const Rle& a, const Rle& b) {
  struct Edge {
    std::uint32_t at;
    int step;
  };
  std::vector<Edge> edges;
  for (const Rle* rle : {&a, &b}) {
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < rle->counts.size(); ++i) {
      at += rle->counts[i];
      edges.push_back({at, i % 2 == 0 ? 1 : -1});
    }
  }
  std::stable_sort(edges.begin(), edges.end(), [](Edge l, Edge r) { return l.at < r.at; });
  const std::uint32_t pixels =
      static_cast<std::uint32_t>(a.width) * static_cast<std::uint32_t>(a.height);
  std::vector<std::uint32_t> turns;
  int depth = 0;
  for (std::size_t i = 0; i < edges.size();) {
    const std::uint32_t at = edges[i].at;
    const bool was_inside = depth > 0;
    for (; i < edges.size() && edges[i].at == at; ++i) depth += edges[i].step;
    if (at < pixels && was_inside != (depth > 0)) turns.push_back(at);
  }
  return runs_from_turns(std::move(turns), a.width, a.height);
}

Rle runs_from(const CocoElement& element, const Json& segmentation) {
  const auto size = segmentation.find("size");
  const auto counts = segmentation.find("counts");
  if (size == segmentation.end() || !size->is_array() || size->size() != 2 ||
      !size->at(0).is_number_integer() || !size->at(1).is_number_integer()) {
    element.refuse("segmentation.size", size == segmentation.end() ? "missing" : size->dump(),
                   "[height, width]");
  }
  const int height = size->at(0).get<int>();
  const int width = size->at(1).get<int>();
  if (counts == segmentation.end()) element.refuse("segmentation.counts", "missing", "run lengths");
  try {
    if (counts->is_string()) {
      return rle_from_coco(counts->get_ref<const std::string&>(), width, height);
    }
    Rle rle{width, height, counts->get<std::vector<std::uint32_t>>()};
    std::uint64_t sum = 0;
    for (const std::uint32_t run : rle.counts) sum += run;
    if (sum == static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height)) return rle;
    element.refuse("segmentation.counts", "of " + std::to_string(sum) + " pixels",
                   std::to_string(width) + " × " + std::to_string(height));
  } catch (const Json::exception&) {
    element.refuse("segmentation.counts", counts->type_name(), "run lengths");
  } catch (const Error& e) {
    throw Error(element.where() + ": segmentation: " + e.what());
  }
}

}  // namespace

Rle coco_polygon_mask(const std::vector<double>& corners, int width, int height) {
  std::vector<GridPoint> grid;
  for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
    grid.push_back({static_cast<int>(kFiner * corners[i] + 0.5),
                    static_cast<int>(kFiner * corners[i + 1] + 0.5)});
  }
  std::vector<GridPoint> points;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    draw_edge(grid[i], grid[(i + 1) % grid.size()], points);
  }
  std::vector<std::uint32_t> turns;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].x == points[i - 1].x) continue;
    const int before = points[i].x < points[i - 1].x ? points[i].x : points[i].x - 1;
    const double x = (before + 0.5) / kFiner - 0.5;
    if (std::floor(x) != x || x < 0 || x > width - 1) continue;
    const double row = (std::min(points[i].y, points[i - 1].y) + 0.5) / kFiner - 0.5;
    const double y = std::ceil(std::clamp(row, 0.0, static_cast<double>(height)));
    turns.push_back(static_cast<std::uint32_t>(x) * static_cast<std::uint32_t>(height) +
                    static_cast<std::uint32_t>(y));
  }
  return runs_from_turns(std::move(turns), width, height);
}

Segmentation segmentation_of(const CocoElement& element) {
  if (!element.has("segmentation")) {
    element.refuse("segmentation", "missing", "run lengths or polygons");
  }
  const Json& json = element.json().at("segmentation");
  if (json.is_object()) return {runs_from(element, json), {}};
  Segmentation out;
  if (json.is_array()) {
    for (const Json& list : json) {
      const bool right = list.is_array() && list.size() >= 6 && list.size() % 2 == 0 &&
                         std::all_of(list.begin(), list.end(), [](const Json& v) {
                           return v.is_number() && std::abs(v.get<double>()) < 1e7;
                         });
      if (!right) {
        element.refuse("segmentation", list.dump().substr(0, 60), "x, y of three corners or more");
      }
      out.polygons.push_back(list.get<std::vector<double>>());
    }
  }
  if (out.polygons.empty()) {
    element.refuse("segmentation", json.dump().substr(0, 60), "run lengths or polygons");
  }
  return out;
}

Rle mask_from(const Segmentation& segmentation, int width, int height, const std::string& where) {
  if (segmentation.runs) {
    if (segmentation.runs->width == width && segmentation.runs->height == height) {
      return *segmentation.runs;
    }
    throw Error(where + ": segmentation.size is [" + std::to_string(segmentation.runs->height) +
                ", " + std::to_string(segmentation.runs->width) + "], wanted the image's [" +
                std::to_string(height) + ", " + std::to_string(width) + "]");
  }
  Rle mask = coco_polygon_mask(segmentation.polygons.front(), width, height);
  for (std::size_t i = 1; i < segmentation.polygons.size(); ++i) {
    mask = union_of(mask, coco_polygon_mask(segmentation.polygons[i], width, height));
  }
  return mask;
}

}  // namespace orrery
