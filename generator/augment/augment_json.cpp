#include "generator/augment/augment.hpp"
#include "generator/augment/spec_names.hpp"

namespace orrery {
namespace {

Json json_from(const Range& range) {
  return range.low == range.high ? Json(range.low) : Json::array({range.low, range.high});
}

Json json_from(const AugmentStep& step) {
  Json json = Json::object();
  if (step.kind == AugmentStep::Kind::operation) {
    const OperationInfo& info = operation_info(step.op);
    Json values = Json::object();
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      values[info.parameters[i].name] = json_from(step.values[i]);
    }
    json[info.name] = std::move(values);
  } else {
    Json steps = Json::array();
    for (const AugmentStep& inner : step.steps) steps.push_back(json_from(inner));
    json[step.kind == AugmentStep::Kind::one_of ? "one_of" : "sequence"] = std::move(steps);
  }
  json["probability"] = step.probability;
  json["weight"] = step.weight;
  return json;
}

Json json_from(const std::vector<AugmentReport::Lost>& labels) {
  Json list = Json::array();
  for (const AugmentReport::Lost& lost : labels) {
    list.push_back({{"id", lost.id}, {"class", lost.class_id}, {"rule", lost.rule}});
  }
  return list;
}

}  // namespace

Json json_from(const AugmentSpec& spec) {
  Json json = Json::object();
  json["steps"] = Json::array();
  for (const AugmentStep& step : spec.steps) json["steps"].push_back(json_from(step));
  json["border"] = kBorderNames[static_cast<std::size_t>(spec.border)];
  json["fill"] = spec.fill;
  json["box_rotation"] = kBoxRotationNames[static_cast<std::size_t>(spec.box_rotation)];
  json["chiral"] = spec.chiral;
  for (const SpecNumber& number : spec_numbers()) json[number.name] = spec.*number.field;
  return json;
}

Json json_from(const AugmentReport& report) {
  Json json = Json::object();
  json["ran"] = Json::array();
  for (const AugmentReport::Ran& ran : report.ran) {
    Json one = Json::object();
    one["op"] = operation_info(ran.op).name;
    for (const auto& [name, value] : ran.parameters) one[name] = value;
    json["ran"].push_back(std::move(one));
  }
  json["refused"] = Json::array();
  for (const AugmentReport::Refused& refused : report.refused) {
    json["refused"].push_back(
        {{"op", operation_info(refused.op).name}, {"reason", refused.reason}});
  }
  json["labels_in"] = report.labels_in;
  json["labels_out"] = report.labels_out;
  json["mirrored"] = report.mirrored;
  json["dropped"] = json_from(report.dropped);
  json["made_crowd"] = json_from(report.made_crowd);
  json["made_hard"] = json_from(report.made_hard);
  json["cleared"] = report.cleared;
  return json;
}

}  // namespace orrery
