#include "scenes/scene_schema.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include "scenes/json.hpp"
#include "scenes/quantity.hpp"
#include "scenes/scene_fields.hpp"
#include "scenes/spec_writer.hpp"

namespace orrery {
namespace {

/// What a number in a scene file may look like: plain, or a text with a unit.
Json number_schema(const FieldInfo& info) {
  Json number{{"type", "number"}, {"minimum", info.low}, {"maximum", info.high}};
  if (info.unit == FieldInfo::Unit::none) return number;
  std::string units = units_for(info.unit);
  for (std::size_t at; (at = units.find(", ")) != std::string::npos;) units.replace(at, 2, "|");
  const std::string pattern = R"(^[-+]?[0-9.]+([eE][-+]?[0-9]+)? *()" + units + ")?$";
  return {{"anyOf", {number, {{"type", "string"}, {"pattern", pattern}}}}};
}

Json list_schema(const Json& items, int least, int most) {
  return {{"type", "array"}, {"items", items}, {"minItems", least}, {"maxItems", most}};
}

Json distribution_schema(const FieldInfo& info) {
  const Json number = number_schema(info);
  const Json weights{{"type", "object"},
                     {"additionalProperties", {{"type", "number"}, {"minimum", 0}}},
                     {"minProperties", 1}};
  const auto one = [](const char* kind, const Json& schema) {
    return Json{{"type", "object"},
                {"properties", {{kind, schema}}},
                {"required", {kind}},
                {"additionalProperties", false}};
  };
  const Json normal{{"type", "array"}, {"minItems", 4}, {"maxItems", 4}};
  Json choices = Json::array({list_schema(number, 1, 100000), weights});
  return {{"anyOf",
           {number, one("uniform", list_schema(number, 2, 2)),
            one("log_uniform", list_schema(number, 2, 2)), one("normal", normal),
            one("choice", {{"anyOf", choices}}), one("curve", weights)}}};
}

/// One description of a struct, as a schema of its mapping.
class SchemaWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value, const FieldInfo& info) {
    Json schema = of(value, info);
    schema["description"] = info.about;
    properties_[name] = schema;
  }
  Json take(bool may_include) {
    if (may_include) {
      properties_["include"] = {{"type", "string"}, {"description", "a scene file to start from"}};
    }
    return {{"type", "object"}, {"properties", properties_}, {"additionalProperties", false}};
  }

 private:
  template <class T>
  static Json of(const T& value, const FieldInfo& info) {
    if constexpr (std::is_same_v<T, Distribution>) {
      return distribution_schema(info);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return {{"type", "string"}};
    } else if constexpr (std::is_same_v<T, bool>) {
      return {{"type", "boolean"}};
    } else if constexpr (std::is_enum_v<T>) {
      Json names = Json::array();
      for (const char* name : EnumNames<T>::kNames) names.push_back(name);
      return {{"enum", names}};
    } else if constexpr (std::is_integral_v<T>) {
      return {{"type", "integer"}, {"minimum", info.low}, {"maximum", info.high}};
    } else if constexpr (std::is_floating_point_v<T>) {
      return number_schema(info);
    } else {
      SchemaWriter inner;
      describe(inner, value);
      return inner.take(false);
    }
  }
  static Json of(const std::vector<std::string>&, const FieldInfo&) {
    const Json text{{"type", "string"}};
    return {{"anyOf", {text, {{"type", "array"}, {"items", text}}}}};
  }
  template <class T>
  static Json of(const std::optional<T>&, const FieldInfo& info) {
    return of(T{}, info);
  }
  /// One value, both ends, or as the evenly drawn values that it is.
  static Json of(const Range& range, const FieldInfo& info) {
    const Json number = number_schema(info);
    SchemaWriter ends;
    describe(ends, range);
    Json mapping = ends.take(false);
    for (Json& end : mapping["properties"]) end = number;
    return {{"anyOf",
             {number,
              mapping,
              {{"type", "object"},
               {"properties", {{"uniform", list_schema(number, 2, 2)}}},
               {"required", {"uniform"}},
               {"additionalProperties", false}}}}};
  }
  template <class T>
  static Json of(const std::vector<T>&, const FieldInfo& info) {
    return {{"type", "array"}, {"items", of(T{}, info)}};
  }

  Json properties_ = Json::object();
};

}  // namespace

std::string scene_schema() {
  SchemaWriter writer;
  const SceneSpec defaults;
  describe(writer, defaults);
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Orrery scene"}};
  schema.update(writer.take(true));
  return schema.dump(2);
}

std::string text_from_scene(const SceneSpec& spec) {
  SpecWriter writer;
  describe(writer, spec);
  Json json = writer.take();
  if (!spec.turntable) return json.dump();
  for (const char* section : kNotOnTurntables) json.erase(section);
  for (Json& set : json["objects"]) {
    Json used = Json::object();
    for (const char* field : kSetsOnTurntables) used[field] = set[field];
    set = used;
  }
  return json.dump();
}

}  // namespace orrery
