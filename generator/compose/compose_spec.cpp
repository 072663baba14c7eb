#include "generator/compose/compose_spec.hpp"

#include "generator/compose/compose_fields.hpp"
#include "scenes/spec_writer.hpp"
#include "scenes/yaml_reader.hpp"

namespace orrery {

ComposeSpec compose_from_yaml(const YAML::Node& node, const std::string& path, Mistakes& mistakes) {
  ComposeSpec spec;
  YamlReader reader(node, path, mistakes);
  describe(reader, spec);
  reader.finish();
  const auto refuse_unless = [&](bool holds, const std::string& at, const std::string& found,
                                 const std::string& wanted) {
    if (!holds) mistakes.add(node, path.empty() ? at : path + "." + at, found, wanted);
  };
  refuse_unless(spec.labels.min_visible <= spec.labels.hard_below, "labels.hard_below",
                text_of(spec.labels.hard_below), "min_visible or more");
  const auto some_edge = [&](const EdgeWeights& e, const std::string& section) {
    refuse_unless(e.hard + e.gaussian + e.motion > 0, section + ".fusion.edges", "all 0",
                  "a weight above 0");
  };
  some_edge(spec.paste.fusion.edges, "paste");
  some_edge(spec.copy_paste.fusion.edges, "copy_paste");
  refuse_unless((spec.mosaic.width > 0) == (spec.mosaic.height > 0), "mosaic", "of one given side",
                "both width and height, or neither");
  return spec;
}

Json json_from(const ComposeSpec& spec) {
  SpecWriter writer;
  describe(writer, spec);
  return writer.take();
}

}  // namespace orrery
