#include <algorithm>

#include "generator/augment/augment.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

using Op = AugmentOp;

/// An operation with ranges for its first parameters; the others are as usual.
AugmentStep run(Op op, double probability, const std::vector<Range>& values = {}) {
  AugmentStep step;
  step.op = op;
  step.probability = probability;
  for (const OperationParameter& parameter : operation_info(op).parameters) {
    step.values.push_back(parameter.usual);
  }
  std::copy(values.begin(), values.end(), step.values.begin());
  return step;
}

AugmentStep group(AugmentStep::Kind kind, double probability, std::vector<AugmentStep> steps) {
  AugmentStep step;
  step.kind = kind;
  step.probability = probability;
  step.steps = std::move(steps);
  return step;
}

AugmentStep one_of(double probability, std::vector<AugmentStep> steps) {
  return group(AugmentStep::Kind::one_of, probability, std::move(steps));
}

std::vector<AugmentStep> light() {
  return {run(Op::flip_horizontal, 0.5),
          run(Op::scale, 0.5, {{0.9, 1.1}}),
          run(Op::shift, 0.5, {{-0.05, 0.05}, {-0.05, 0.05}}),
          run(Op::brightness_contrast, 0.5, {{-0.1, 0.1}, {0.9, 1.1}}),
          run(Op::hue_saturation_value, 0.3, {{-5, 5}, {0.85, 1.15}, {0.95, 1.05}}),
          run(Op::gaussian_noise, 0.2, {{0.005, 0.015}})};
}

std::vector<AugmentStep> medium() {
  return {run(Op::flip_horizontal, 0.5),
          group(AugmentStep::Kind::sequence, 0.7,
                {run(Op::rotate, 1, {{-8, 8}}), run(Op::scale, 1, {{0.8, 1.2}}),
                 run(Op::shift, 1, {{-0.06, 0.06}, {-0.06, 0.06}})}),
          run(Op::perspective, 0.2, {{0.02, 0.05}}),
          run(Op::brightness_contrast, 0.5),
          run(Op::hue_saturation_value, 0.5),
          run(Op::gamma, 0.2),
          run(Op::clahe, 0.1),
          run(Op::shadow, 0.1),
          one_of(0.25, {run(Op::gaussian_blur, 1, {{0.5, 1.5}}), run(Op::motion_blur, 1, {{3, 7}}),
                        run(Op::defocus_blur, 1, {{1, 2}})}),
          one_of(0.3, {run(Op::gaussian_noise, 1), run(Op::shot_noise, 1)}),
          one_of(0.25, {run(Op::jpeg, 1), run(Op::downscale, 1, {{0.5, 0.9}})}),
          run(Op::dropout, 0.15)};
}

std::vector<AugmentStep> heavy() {
  return {
      run(Op::flip_horizontal, 0.5),
      run(Op::rotate, 0.7, {{-30, 30}}),
      run(Op::scale, 0.7, {{0.6, 1.5}, {0.85, 1.18}}),
      run(Op::shift, 0.5),
      run(Op::shear, 0.3, {{-12, 12}, {-6, 6}}),
      run(Op::perspective, 0.4, {{0.02, 0.12}}),
      one_of(0.2, {run(Op::elastic, 1), run(Op::grid_distortion, 1)}),
      run(Op::brightness_contrast, 0.7, {{-0.3, 0.3}, {0.6, 1.5}}),
      run(Op::hue_saturation_value, 0.7, {{-25, 25}, {0.4, 1.7}, {0.7, 1.3}}),
      one_of(0.1, {run(Op::grey, 1), run(Op::channel_shuffle, 1)}),
      run(Op::gamma, 0.3, {{0.5, 1.8}}),
      run(Op::clahe, 0.15),
      one_of(0.25, {run(Op::fog, 1), run(Op::rain, 1), run(Op::sun_flare, 1), run(Op::shadow, 1)}),
      one_of(0.4, {run(Op::gaussian_blur, 1, {{0.5, 3}}), run(Op::motion_blur, 1, {{3, 15}}),
                   run(Op::defocus_blur, 1, {{1, 4}})}),
      one_of(0.5,
             {run(Op::gaussian_noise, 1, {{0.01, 0.08}}), run(Op::shot_noise, 1, {{40, 1000}})}),
      one_of(0.4, {run(Op::jpeg, 1, {{15, 80}}), run(Op::downscale, 1, {{0.25, 0.8}})}),
      run(Op::dropout, 0.3, {{1, 10}})};
}

}  // namespace

const std::vector<std::string>& augment_presets() {
  static const std::vector<std::string> names{"none", "light", "medium", "heavy"};
  return names;
}

AugmentSpec augment_preset(const std::string& name) {
  AugmentSpec spec;
  if (name == "light") {
    spec.steps = light();
  } else if (name == "medium") {
    spec.steps = medium();
  } else if (name == "heavy") {
    spec.steps = heavy();
  } else if (name != "none") {
    throw Error("augment: \"" + name + "\" is no preset, wanted one such as \"" +
                nearest_name(name, augment_presets()) + "\"");
  }
  return spec;
}

}  // namespace orrery
