#include "renderer/labels/panoptic.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "renderer/labels/annotate.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "tests/labels/random_frame.hpp"

using namespace orrery;
using orrery::testing::RandomFrame;

TEST_SUITE("panoptic") {
  TEST_CASE("things are their visible masks, refused ones are crowds, the rest is surroundings") {
    std::size_t crowds = 0;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      CAPTURE(seed);
      RandomFrame random(seed, 70, 50, 9, 20);
      random.shot.scene.props.resize(3);
      random.shot.scene.props[0].stuff = Stuff::surface;
      random.shot.scene.props[1].stuff = Stuff::bin;
      Image<std::uint16_t> props(70, 50);
      for (int y = 0; y < 50; ++y) {
        for (int x = 0; x < 70; ++x) {
          // Nothing, the three props and the ground, in bands.
          if (random.id.at(x, y) == 0) props.at(x, y) = static_cast<std::uint16_t>(y / 10);
        }
      }
      random.frame.prop = props;
      Annotations labels = annotate(random.frame, {&random.model, 1});
      LabelSpec least;
      least.min_visible = 0.5;
      drop_unfit(labels, least);
      const Panoptic panoptic = panoptic_of(random.frame, labels);
      check_panoptic(panoptic, labels);
      for (const InstanceLabel& label : labels.instances) {
        const Image<std::uint8_t> mask = mask_from_rle(label.visible);
        for (std::size_t i = 0; i < mask.pixels.size(); ++i) {
          REQUIRE((panoptic.ids.pixels[i] == label.id) == (mask.pixels[i] == 1));
        }
      }
      const std::vector<std::string> bands{"sky", "surface", "bin", "distractor", "ground"};
      for (const Segment& segment : panoptic.segments) {
        crowds += segment.crowd ? 1U : 0U;
        const auto area = static_cast<std::uint64_t>(
            std::count(panoptic.ids.pixels.begin(), panoptic.ids.pixels.end(), segment.id));
        CHECK(area == segment.area);
        if (segment.thing) continue;
        const std::string& name = stuff_names()[segment.kind];
        const auto band = std::find(bands.begin(), bands.end(), name) - bands.begin();
        CHECK(segment.box.y0 >= band * 10);
        CHECK(segment.box.y1 <= band * 10 + 10);
      }
    }
    CHECK(crowds > 0);
  }

  TEST_CASE("segments that do not fill the image or differ from the labels are noticed") {
    RandomFrame random(5, 70, 50, 9, 20);
    const Image<std::uint16_t> props(70, 50);
    random.frame.prop = props;
    const Annotations labels = annotate(random.frame, {&random.model, 1});
    REQUIRE(labels.instances.size() > 1);
    const Panoptic sound = panoptic_of(random.frame, labels);
    Panoptic larger = sound;
    ++larger.segments[0].area;
    CHECK_THROWS_AS(check_panoptic(larger, labels), Error);
    Panoptic fewer = sound;
    fewer.segments.pop_back();
    CHECK_THROWS_AS(check_panoptic(fewer, labels), Error);
    Annotations other = labels;
    other.instances.pop_back();
    CHECK_THROWS_AS(check_panoptic(sound, other), Error);
  }

  TEST_CASE("a label that lies too far outside the image is dropped by that rule's name") {
    const RandomFrame random(8, 60, 40, 12, 25);
    Annotations labels = annotate(random.frame, {&random.model, 1});
    const auto cut = static_cast<std::size_t>(
        std::count_if(labels.instances.begin(), labels.instances.end(),
                      [](const InstanceLabel& l) { return l.truncation > 0.1; }));
    REQUIRE(cut > 0);
    LabelSpec least;
    least.min_visible = least.min_side = least.min_area = 0;
    least.max_truncation = 0.1;
    drop_unfit(labels, least);
    CHECK(static_cast<std::size_t>(
              std::count_if(labels.dropped.begin(), labels.dropped.end(),
                            [](const auto& d) { return d.rule == "max_truncation"; })) == cut);
  }
}
