#include "scenes/container.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "scenes/made_model.hpp"
#include "scenes/shapes.hpp"

using namespace orrery;

TEST_SUITE("container") {
  TEST_CASE("a cup's walls stand around its inside, not around what is beside its handle") {
    const Model cup = made_model("made:cup/0");
    const CollisionShape shape = collision_shape_from(cup, collision_detail_of(cup.name));
    const glm::dvec3 low(cup.bounds.low);
    const glm::dvec3 high(cup.bounds.high);
    const double z = 0.5 * (low.z + high.z);
    // The body stands about the z axis; the handle makes one of the four sides reach further.
    const double body = std::min({-low.x, high.x, -low.y, high.y});
    const glm::dvec2 way = high.x > 1.2 * body   ? glm::dvec2(1, 0)
                           : -low.x > 1.2 * body ? glm::dvec2(-1, 0)
                           : high.y > 1.2 * body ? glm::dvec2(0, 1)
                                                 : glm::dvec2(0, -1);
    const double reach = std::max({-low.x, high.x, -low.y, high.y});
    REQUIRE(reach > 1.2 * body);
    CHECK(walled_in(shape, {0, 0, z}));
    CHECK(walled_in(shape, {-0.5 * body * way, z}));
    const glm::dvec2 aside = 0.3 * body * glm::dvec2(-way.y, way.x);
    const glm::dvec2 at_handle = (0.5 * (reach + body)) * way;
    CHECK_FALSE(walled_in(shape, {at_handle + aside, z}));
    CHECK_FALSE(walled_in(shape, {at_handle - aside, z}));
    CHECK_FALSE(walled_in(shape, {0, 0, high.z + 0.001}));
  }

  TEST_CASE("nothing is walled in on or beside a solid thing") {
    const CollisionShape box = collision_shape_from(rounded_box({0.1, 0.1, 0.1}, 0));
    CHECK_FALSE(walled_in(box, {0, 0, 0.051}));
    CHECK_FALSE(walled_in(box, {0.08, 0, 0}));
  }
}
