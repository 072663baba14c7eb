#include "scenes/shelf_placement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "scenes/goods.hpp"

namespace orrery {
namespace {

/// A board that is being filled from left to right.
struct Board {
  double top;   ///< height of its upper side, metres
  double left;  ///< where free room begins
};

/// The last thing that was put down.
struct Last {
  std::uint32_t model = 0;
  double middle = 0;  ///< along the board
  double width = 0;   ///< of its footprint
  double back = 0;    ///< y of its back
  std::size_t board = 0;
};

/// The sides of a turned box's bounds.
glm::dvec2 footprint(const glm::dvec3& size, double yaw) {
  const double c = std::abs(std::cos(yaw));
  const double s = std::abs(std::sin(yaw));
  return {c * size.x + s * size.y, s * size.x + c * size.y};
}

/// Groups of one model, the groups in any order.
std::vector<std::size_t> grouped(const std::vector<ShelfItem>& items, Rng& rng) {
  std::map<std::uint32_t, double> rank;
  for (const ShelfItem& item : items) rank.emplace(item.model, 0);
  for (auto& [model, place] : rank) place = rng.unit();
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rank[items[a].model] < rank[items[b].model];
  });
  return order;
}

}  // namespace

std::vector<std::optional<ShelfPlace>> places_on_shelf(const std::vector<ShelfItem>& items,
                                                       const ShelfSpec& shelf, Rng& rng) {
  std::vector<std::optional<ShelfPlace>> places(items.size());
  const double front = -0.5 * shelf.depth;
  const double right = 0.5 * shelf.width;
  std::vector<Board> boards;
  for (std::uint32_t board = 0; board < shelf.boards; ++board) {
    boards.push_back({kShelfFoot + board * (shelf.gap + kShelfBoard),
                      rng.uniform(0.002, 0.12 * shelf.width) - right});
  }
  std::optional<Last> last;
  for (const std::size_t i : grouped(items, rng)) {
    const ShelfItem& item = items[i];
    // Every item takes the same draws, whatever becomes of it.
    const bool askew = rng.unit() < 0.08;
    const double yaw = rng.uniform(-1, 1) * (askew ? 0.5 : 0.05);
    const double aside = rng.unit() < 0.12 ? rng.uniform(0.03, 0.12) : rng.uniform(0.002, 0.012);
    const double inwards = rng.uniform(0.004, askew ? 0.08 : 0.03);
    const bool behind = rng.unit() < 0.4;
    const std::size_t any_board = boards.empty() ? 0 : rng.below(shelf.boards);
    const glm::dvec2 box = footprint(item.size, yaw);
    if (item.size.z > shelf.gap - 0.005) continue;
    const bool same = last && last->model == item.model;
    if (behind && same && box.x <= last->width && last->back + 0.006 + box.y < 0.5 * shelf.depth) {
      places[i] = {{last->middle, last->back + 0.005 + 0.5 * box.y, boards[last->board].top}, yaw};
      last->back += 0.005 + box.y;
      continue;
    }
    // The group goes on where its last member stands, if there is room, else on any other board.
    const std::size_t first = same ? last->board : any_board;
    for (std::size_t k = 0; k < boards.size(); ++k) {
      const std::size_t which = (first + k) % boards.size();
      Board& board = boards[which];
      const double y = front + inwards + 0.5 * box.y;
      const bool fits = board.left + box.x < right && y + 0.5 * box.y < 0.5 * shelf.depth;
      if (!fits) continue;
      const double middle = board.left + 0.5 * box.x;
      places[i] = {{middle, y, board.top}, yaw};
      last = Last{item.model, middle, box.x, y + 0.5 * box.y, which};
      board.left = middle + 0.5 * box.x + aside;
      break;
    }
  }
  return places;
}

}  // namespace orrery
