#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "scenes/error.hpp"
#include "tests/generator/compose/flat_pictures.hpp"

namespace orrery {
namespace {

using testing::balanced;
using testing::color_of;
using testing::flat_picture;
using testing::mask_of_color;
using testing::Says;

LabelledPixels ground_picture(std::uint32_t first, Says says, std::uint64_t seed, int width = 90,
                              int height = 70) {
  const auto grey = static_cast<std::uint8_t>(100 + first);
  return flat_picture(width, height, first, 3, {grey, grey, grey, 255}, says, seed);
}

TEST_CASE("a patchwork's masks are the pixels that show their colours") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Says says = i % 2 == 0 ? Says::mask : Says::outline;
    const LabelledPixels a = ground_picture(1, says, i);
    const LabelledPixels b = ground_picture(11, says, i, 60, 80);
    ComposeReport report;
    const LabelledPixels mixed = cutmix(a, b, {}, {}, {1, i}, report);
    CHECK(balanced(report, mixed.labelled));
    for (const Label& label : mixed.labelled.labels) {
      const std::optional<Rle> mask = mask_of(label, 90, 70);
      CHECK(*mask == mask_of_color(mixed.color, color_of(label)));
      CHECK(label.box == rect_of(bounding_box(*mask)));
    }
    for (const LabelledPixels* from : {&a, &b}) {
      for (const Label& was : from->labelled.labels) {
        const auto found =
            std::find_if(mixed.labelled.labels.begin(), mixed.labelled.labels.end(),
                         [&](const Label& l) { return color_of(l) == color_of(was); });
        const std::uint64_t left = area(mask_of_color(mixed.color, color_of(was)));
        CHECK((found != mixed.labelled.labels.end()) == (left > 0));
        if (left == 0) continue;
        const double share =
            double(left) / double(area(*mask_of(was, from->color.width, from->color.height)));
        CHECK(found->visible_fraction.value_or(1) == doctest::Approx(share));
        CHECK(found->crowd ==
              (share < 1 && (share < 0.1 || left < 25 ||
                             std::min(found->box.width(), found->box.height()) < 4)));
      }
    }
  }
}

TEST_CASE("boxes that are larger than their outlines end where their picture does") {
  int whole = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const LabelledPixels a = ground_picture(1, Says::outline, i);
    LabelledPixels b = ground_picture(11, Says::outline, i);
    for (Label& label : b.labelled.labels) {
      const Rect& box = label.box;
      label.box = {std::max(box.x0 - 20, 0.0), std::max(box.y0 - 20, 0.0),
                   std::min(box.x1 + 20, 90.0), std::min(box.y1 + 20, 70.0)};
      label.loose = true;
    }
    ComposeReport report;
    const LabelledPixels mixed = cutmix(a, b, {}, {}, {1, i}, report);
    const Json& w = report.steps[0]["window"];
    for (const Label& label : mixed.labelled.labels) {
      if (label.more["number"].get<int>() <= 10) continue;
      whole += label.outline.empty() ? 0 : 1;
      CHECK(label.box.x0 >= w[0].get<double>());
      CHECK(label.box.y0 >= w[1].get<double>());
      CHECK(label.box.x1 <= w[2].get<double>());
      CHECK(label.box.y1 <= w[3].get<double>());
    }
  }
  CHECK(whole > 30);
}

TEST_CASE("boxes in a patchwork lose what the rectangle covers and keep what may be seen") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const LabelledPixels a = ground_picture(1, Says::box, i);
    const LabelledPixels b = ground_picture(11, Says::box, i);
    ComposeReport report;
    const LabelledPixels mixed = cutmix(a, b, {}, {}, {2, i}, report);
    CHECK(balanced(report, mixed.labelled));
    const Json& w = report.steps[0]["window"];
    const Json& from = report.steps[0]["from"];
    const auto inside = [&](int x, int y) {
      return x >= w[0] && y >= w[1] && x < w[2] && y < w[3];
    };
    for (const Label& label : mixed.labelled.labels) {
      const std::uint32_t number = label.more["number"];
      const bool donated = number > 10;
      const LabelledPixels& source = donated ? b : a;
      const auto was = std::find_if(source.labelled.labels.begin(), source.labelled.labels.end(),
                                    [&](const Label& l) { return color_of(l) == color_of(label); });
      Box seen{1000, 1000, 0, 0};
      int count = 0;
      for (int y = int(was->box.y0); y < int(was->box.y1); ++y) {
        for (int x = int(was->box.x0); x < int(was->box.x1); ++x) {
          const int u = donated ? x - int(from[0]) + int(w[0]) : x;
          const int v = donated ? y - int(from[1]) + int(w[1]) : y;
          if (inside(u, v) != donated) continue;
          ++count;
          seen = {std::min(seen.x0, u), std::min(seen.y0, v), std::max(seen.x1, u + 1),
                  std::max(seen.y1, v + 1)};
        }
      }
      CHECK(label.box == rect_of(seen));
      CHECK(label.visible_fraction.value_or(1) == doctest::Approx(count / was->box.area()));
    }
  }
}

TEST_CASE("a mosaic's labels are the moved and clipped labels of its parts") {
  for (std::uint64_t i = 0; i < 150; ++i) {
    std::vector<LabelledPixels> parts;
    for (std::uint32_t k = 0; k < 4; ++k) {
      parts.push_back(
          ground_picture(1 + 10 * k, i % 2 == 0 ? Says::box : Says::mask, i, 50 + 20 * int(k), 70));
    }
    MosaicSpec spec;
    spec.width = 110;
    spec.height = 96;
    ComposeReport report;
    const LabelledPixels mixed =
        mosaic({&parts[0], &parts[1], &parts[2], &parts[3]}, spec, {}, {3, i}, report);
    CHECK(mixed.color.width == 110);
    CHECK(mixed.color.height == 96);
    CHECK(balanced(report, mixed.labelled));
    const Json& said = report.steps[0];
    const int cx = said["centre"][0];
    const int cy = said["centre"][1];
    CHECK(cx >= 32);
    CHECK(cx <= 78);
    for (std::size_t k = 0; k < 4; ++k) {
      const double s = said["parts"][k]["scale"];
      const double dx = said["parts"][k]["shift"][0];
      const double dy = said["parts"][k]["shift"][1];
      const Rect cell{k % 2 == 1 ? double(cx) : 0, k / 2 == 1 ? double(cy) : 0,
                      k % 2 == 1 ? 110.0 : cx, k / 2 == 1 ? 96.0 : cy};
      // The part covers its cell.
      CHECK(dx <= cell.x0 + 1e-9);
      CHECK(dy <= cell.y0 + 1e-9);
      CHECK(dx + s * parts[k].color.width >= cell.x1 - 1e-9);
      CHECK(dy + s * parts[k].color.height >= cell.y1 - 1e-9);
      for (const Label& was : parts[k].labelled.labels) {
        const Rect all{s * was.box.x0 + dx, s * was.box.y0 + dy, s * was.box.x1 + dx,
                       s * was.box.y1 + dy};
        const Rect cut{std::max(all.x0, cell.x0), std::max(all.y0, cell.y0),
                       std::min(all.x1, cell.x1), std::min(all.y1, cell.y1)};
        const auto found =
            std::find_if(mixed.labelled.labels.begin(), mixed.labelled.labels.end(),
                         [&](const Label& l) { return color_of(l) == color_of(was); });
        if (i % 2 == 0) {
          CHECK((found == mixed.labelled.labels.end()) == cut.empty());
          if (cut.empty()) continue;
          CHECK(found->box.x0 == doctest::Approx(cut.x0));
          CHECK(found->box.y1 == doctest::Approx(cut.y1));
          CHECK(found->visible_fraction.value_or(1) == doctest::Approx(cut.area() / all.area()));
        } else if (found != mixed.labelled.labels.end()) {
          // Brute force: the pixels whose centre comes from the label's mask.
          const Image<std::uint8_t> from = mask_from_rle(*was.mask);
          Image<std::uint8_t> wanted(110, 96, 0);
          for (int y = int(cell.y0); y < int(cell.y1); ++y) {
            for (int x = int(cell.x0); x < int(cell.x1); ++x) {
              const int u = std::clamp(int((x + 0.5 - dx) / s), 0, from.width - 1);
              const int v = std::clamp(int((y + 0.5 - dy) / s), 0, from.height - 1);
              wanted.at(x, y) = from.at(u, v);
            }
          }
          CHECK(*found->mask == rle_from_mask(wanted));
          CHECK(found->box.x0 >= cut.x0 - 0.5);
          CHECK(found->box.x1 <= cut.x1 + 0.5);
        }
      }
    }
  }
}

TEST_CASE("a mosaic's masks lie where the parts' colours are") {
  std::size_t wrong = 0;
  std::size_t all = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    std::vector<LabelledPixels> parts;
    for (std::uint32_t k = 0; k < 4; ++k)
      parts.push_back(ground_picture(1 + 10 * k, Says::mask, i, 100, 80));
    ComposeReport report;
    const LabelledPixels mixed =
        mosaic({&parts[0], &parts[1], &parts[2], &parts[3]}, {}, {}, {4, i}, report);
    for (const Label& label : mixed.labelled.labels) {
      const Image<std::uint8_t> mask = mask_from_rle(*label.mask);
      const glm::vec3 color(color_of(label));
      for (int y = 1; y + 1 < mask.height; ++y) {
        for (int x = 1; x + 1 < mask.width; ++x) {
          // Away from borders, where colours are mixed.
          bool whole = true;
          for (int n = 0; n < 9; ++n) whole = whole && mask.at(x + n % 3 - 1, y + n / 3 - 1) != 0;
          if (!whole) continue;
          ++all;
          const glm::vec3 off = glm::abs(glm::vec3(mixed.color.at(x, y)) - color);
          if (std::max({off.r, off.g, off.b}) > 1) ++wrong;
        }
      }
    }
  }
  CHECK(all > 10000);
  CHECK(double(wrong) < 0.002 * double(all));
}

TEST_CASE("mixed pictures are the weighted sum to rounding, on a canvas that holds both") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    const LabelledPixels a = ground_picture(1, Says::mask, i, 90, 60);
    const LabelledPixels b = ground_picture(11, Says::box, i, 70, 80);
    ComposeReport report;
    const LabelledPixels mixed = mixup(a, b, {}, {5, i}, report);
    CHECK(balanced(report, mixed.labelled));
    REQUIRE(mixed.color.width == 90);
    REQUIRE(mixed.color.height == 80);
    const double share = report.steps[0]["share"];
    for (int y = 0; y < 80; ++y) {
      for (int x = 0; x < 90; ++x) {
        for (int c = 0; c < 3; ++c) {
          const double va = x < 90 && y < 60 ? a.color.at(x, y)[c] : 0;
          const double vb = x < 70 ? b.color.at(x, y)[c] : 0;
          CHECK(std::abs(mixed.color.at(x, y)[c] - (share * va + (1 - share) * vb)) <= 0.5 + 1e-9);
        }
      }
    }
    REQUIRE(mixed.labelled.labels.size() == a.labelled.labels.size() + b.labelled.labels.size());
    for (std::size_t k = 0; k < mixed.labelled.labels.size(); ++k) {
      const bool first = k < a.labelled.labels.size();
      const Label& was =
          first ? a.labelled.labels[k] : b.labelled.labels[k - a.labelled.labels.size()];
      const Label& label = mixed.labelled.labels[k];
      CHECK(label.box == was.box);
      CHECK(label.weight == (first ? share : 1 - share));
      if (was.mask) CHECK(area(*label.mask) == area(*was.mask));
    }
  }
}

TEST_CASE("weights of stacked mixtures multiply, and lineages join") {
  const LabelledPixels a = ground_picture(1, Says::box, 1);
  const LabelledPixels b = ground_picture(11, Says::box, 2);
  const LabelledPixels c = ground_picture(21, Says::box, 3);
  ComposeReport report;
  LabelledPixels ab = mixup(a, b, {}, {6, 0, "first"}, report);
  ab.labelled.name = "ab";
  const LabelledPixels abc = mixup(ab, c, {}, {6, 0, "second"}, report);
  const double first = report.steps[0]["share"];
  const double second = report.steps[1]["share"];
  CHECK(first != second);
  for (const Label& label : abc.labelled.labels) {
    const std::uint32_t number = label.more["number"];
    const double wanted = number > 20 ? 1 - second : second * (number > 10 ? 1 - first : first);
    CHECK(label.weight == doctest::Approx(wanted));
  }
  const std::vector<Ingredient> lineage{
      {"parent", "ab"},  {"parent", "flat/1"}, {"parent", "flat/11"}, {"parent", "flat/21"},
      {"session", "s1"}, {"session", "s11"},   {"session", "s21"}};
  CHECK(abc.labelled.lineage == lineage);
  CHECK(abc.labelled.train_only);
}

TEST_CASE("pictures of different splits or folds do not meet") {
  LabelledPixels a = ground_picture(1, Says::box, 1);
  LabelledPixels b = ground_picture(11, Says::box, 2);
  ComposeReport report;
  a.labelled.split = "train";
  CHECK(mixup(a, b, {}, {7, 0}, report).labelled.split == "train");
  CHECK(mixup(b, a, {}, {7, 0}, report).labelled.split == "train");
  b.labelled.split = "train";
  a.labelled.fold = 1;
  b.labelled.fold = 2;
  CHECK_THROWS_WITH_AS(mixup(a, b, {}, {7, 0}, report), doctest::Contains("fold 2"), Error);
  CHECK_THROWS_AS(cutmix(a, b, {}, {}, {7, 0}, report), Error);
  CHECK_THROWS_AS(mosaic({&a, &b, &a, &b}, {}, {}, {7, 0}, report), Error);
}

TEST_CASE("content without label is painted over and dropped, but never what a label shows") {
  for (const MaskFill fill : {MaskFill::blur, MaskFill::noise, MaskFill::mean, MaskFill::keep}) {
    for (std::uint64_t i = 0; i < 40; ++i) {
      LabelledPixels picture = ground_picture(1, Says::mask, i);
      Label crowd;
      crowd.class_id = 1;
      crowd.box = {5, 5, 40, 30};
      crowd.crowd = true;
      picture.labelled.labels.push_back(crowd);
      const LabelledPixels before = picture;
      Label left_out;
      left_out.class_id = 2;
      left_out.box = {50.5, 30, 80, 60};
      ComposeReport report;
      mask_out(picture, std::span(&left_out, 1), {fill}, {8, i}, report);
      CHECK(balanced(report, picture.labelled));
      std::uint64_t crowds = 0;
      for (const Label& label : picture.labelled.labels) {
        if (label.crowd) {
          ++crowds;
        } else {
          CHECK(*label.mask == mask_of_color(picture.color, color_of(label)));
        }
      }
      if (fill == MaskFill::keep) {
        CHECK(crowds == 2);
        CHECK(picture.color.pixels == before.color.pixels);
        continue;
      }
      for (int y = 5; y < 30; ++y) {  // what is left of the region is what labels show
        for (int x = 5; x < 40; ++x) {
          const auto covers = [&](const Label& l) { return mask_from_rle(*l.mask).at(x, y) != 0; };
          std::size_t shown = 0;
          std::size_t left = 0;
          for (const Label& l : picture.labelled.labels) {
            if (l.crowd && l.class_id == 1) left += covers(l) ? std::size_t{1} : 0;
            if (!l.crowd) shown += covers(l) ? std::size_t{1} : 0;
          }
          if (x % 5 == 0 && y % 5 == 0) CHECK((left > 0) == (shown > 0));
        }
      }
    }
  }
}

TEST_CASE("thousands of mixtures balance their ledgers and give the same bytes again") {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Rng rng(17, i, "kind");
    const Says says = static_cast<Says>(rng.below(3));
    LabelledPixels a = ground_picture(1, says, i, 48, 40);
    const LabelledPixels b = ground_picture(11, static_cast<Says>(rng.below(3)), i, 40, 44);
    const LabelledPixels c = ground_picture(21, Says::mask, i, 44, 40);
    const auto make = [&](ComposeReport& report) {
      switch (i % 3) {
        case 0:
          return cutmix(a, b, {}, {}, {9, i}, report);
        case 1:
          return mosaic({&a, &b, &c, &a}, {}, {}, {9, i}, report);
        default:
          return mixup(a, b, {}, {9, i}, report);
      }
    };
    ComposeReport report;
    const LabelledPixels mixed = make(report);
    CHECK(balanced(report, mixed.labelled));
    for (const Label& label : mixed.labelled.labels) {
      CHECK_FALSE(label.box.empty());
      CHECK(label.box.x0 >= 0);
      CHECK(label.box.x1 <= mixed.color.width);
      CHECK(label.weight > 0);
      CHECK(label.weight <= 1);
    }
    if (i % 20 != 0) continue;
    ComposeReport again;
    CHECK(make(again).color.pixels == mixed.color.pixels);
    CHECK(again.steps.dump() == report.steps.dump());
  }
}

}  // namespace
}  // namespace orrery
