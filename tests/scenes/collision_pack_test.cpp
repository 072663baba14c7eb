#include "scenes/collision_pack.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "scenes/temporary_folder.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

bool same_shape(const CollisionShape& a, const CollisionShape& b) {
  bool equal = a.hulls == b.hulls && a.ball_radius == b.ball_radius && a.volume == b.volume &&
               a.center_of_mass == b.center_of_mass && a.inertia == b.inertia &&
               a.features.size() == b.features.size() && a.resting.size() == b.resting.size();
  for (std::size_t i = 0; equal && i < a.features.size(); ++i) {
    equal = a.features[i].faces == b.features[i].faces &&
            a.features[i].core == b.features[i].core &&
            a.features[i].margin == b.features[i].margin;
  }
  for (std::size_t i = 0; equal && i < a.resting.size(); ++i) {
    const Pose& p = a.resting[i].plane_from_object;
    const Pose& q = b.resting[i].plane_from_object;
    equal = a.resting[i].probability == b.resting[i].probability && p.rotation == q.rotation &&
            p.scale == q.scale && p.translation == q.translation;
  }
  return equal;
}

fs::path only_file(const fs::path& folder) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    CHECK(found.empty());
    found = entry.path();
  }
  return found;
}

}  // namespace

TEST_SUITE("collision pack") {
  TEST_CASE("a kept shape has the bits of a new one, and a damaged pack is made anew") {
    const TemporaryFolder folder;
    const Model model = cup(0.04F, 0.1F, 16);
    const CollisionShape fresh = collision_shape_from(model);
    CHECK(fresh.hulls.size() > 1);
    CHECK(same_shape(fresh, cached_collision_shape(model, {}, folder.path)));
    const fs::path pack = only_file(folder.path);
    const auto bytes = fs::file_size(pack);
    CHECK(same_shape(fresh, cached_collision_shape(model, {}, folder.path)));
    fs::resize_file(pack, bytes / 2);
    CHECK(same_shape(fresh, cached_collision_shape(model, {}, folder.path)));
    CHECK(fs::file_size(pack) == bytes);
    {
      std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(100);
      file.put('x');
    }
    CHECK(same_shape(fresh, cached_collision_shape(model, {}, folder.path)));
  }

  TEST_CASE("another size of the same model is another pack") {
    const TemporaryFolder folder;
    cached_collision_shape(cube(0.1F), {}, folder.path);
    const CollisionShape large = cached_collision_shape(cube(0.2F), {}, folder.path);
    CHECK(large.volume == doctest::Approx(0.008));
  }

  TEST_CASE("a ball is round to physics, a cube is not") {
    CHECK(collision_shape_from(sphere(0.05F, 48)).ball_radius == doctest::Approx(0.05));
    CHECK(collision_shape_from(cube(0.05F)).ball_radius == 0);
  }
}
