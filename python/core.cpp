#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include "generator/lane_pool.hpp"
#include "generator/mix/mix_generate.hpp"
#include "generator/mix/mix_options.hpp"
#include "generator/scene_options.hpp"
#include "python/sample.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace nb = nanobind;

/// A recipe or scene file, loaded, and what was said on the way.
struct Loaded {
  std::unique_ptr<SampleMaker> maker;
  DatasetPlan plan;
  std::vector<std::string> warnings;
};

std::unique_ptr<Loaded> loaded(const RawScene& raw, const ImportLimits& limits) {
  const nb::gil_scoped_release release;
  auto result = std::make_unique<Loaded>();
  const auto warn = [&](const std::string& text) { result->warnings.push_back(text); };
  result->maker = is_mix_recipe(raw.file) ? load_mix_recipe(mix_recipe_from(raw), {}, warn, limits)
                                          : load_recipe(recipe_from(raw), warn, limits);
  result->plan = result->maker->plan();
  return result;
}

std::unique_ptr<Loaded> loaded_from(const std::string& file, std::uint64_t seed,
                                    std::optional<std::uint64_t> count,
                                    const std::vector<std::string>& sets, bool depth, bool id,
                                    bool normal, const std::string& program) {
  RawScene raw;
  raw.file = file;
  raw.sets = sets;
  raw.common.seed = seed;
  if (count) raw.common.count = *count;
  raw.common.depth = depth;
  raw.common.id = id;
  raw.common.normal = normal;
  ImportLimits limits;
  limits.program = program;
  return loaded(raw, limits);
}

/// Lanes of this process. In a child that was forked they are of no use: their threads stayed
/// behind, so they are left alone rather than ended.
class Lanes {
 public:
  Lanes(const Loaded& loaded, const std::string& gpu, unsigned lanes, std::uint32_t retries) {
    Machine machine;
    machine.gpu = gpu_request_from(gpu);
    machine.lanes = lanes;
    machine.retries = retries;
    const nb::gil_scoped_release release;
    pool_ = std::make_unique<LanePool>(*loaded.maker, machine);
  }
  ~Lanes() {
    if (getpid() != owner_) {
      (void)pool_.release();
      return;
    }
    const nb::gil_scoped_release release;
    pool_.reset();
  }
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  LanePool& pool() { return *pool_; }

 private:
  std::unique_ptr<LanePool> pool_;
  const pid_t owner_ = getpid();
};

/// Ctrl-C is heard while waiting.
std::optional<Sample> next_of(Lanes& lanes, LanePool::Job job) {
  for (bool there = false; !there;) {
    {
      const nb::gil_scoped_release release;
      there = lanes.pool().wait(job, std::chrono::milliseconds(100));
    }
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
  return lanes.pool().next(job);
}

/// orrery.Error, with the exit code that the command line would end with.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    const nb::object type = nb::module_::import_("orrery.error").attr("Error");
    const nb::object raised = type(error.what(), static_cast<int>(error.exit()));
    PyErr_SetObject(type.ptr(), raised.ptr());
  }
}

}  // namespace

NB_MODULE(_core, module) {
  module.doc() = "What orrery does in C++; the package orrery is for people.";
  // A worker of a DataLoader ends without taking its objects apart; they are no leak.
  nb::set_leak_warnings(false);
  nb::register_exception_translator(translate);
  bind_samples(module);
  nb::class_<Loaded>(module, "Recipe", "A recipe or scene file with its assets, loaded.")
      .def_prop_ro("classes", [](const Loaded& l) { return l.plan.classes; })
      .def_prop_ro("seed", [](const Loaded& l) { return l.plan.seed; })
      .def_prop_ro("count", [](const Loaded& l) { return l.plan.count; })
      .def_prop_ro("chunk", [](const Loaded& l) { return l.plan.chunk_size; })
      .def_prop_ro("hash", [](const Loaded& l) { return l.plan.recipe_hash; })
      .def_prop_ro(
          "plan", [](const Loaded& l) { return json_from(l.plan).dump(); },
          "JSON of recipe, seed, count, classes and keypoints.")
      .def_ro("warnings", &Loaded::warnings);
  module.def("load", &loaded_from, nb::arg("file"), nb::arg("seed"), nb::arg("count"),
             nb::arg("sets"), nb::arg("depth"), nb::arg("id"), nb::arg("normal"),
             nb::arg("program"),
             "Loads a recipe or scene file; `program` is the orrery program, which parses models.");
  nb::class_<Lanes>(module, "Lanes", "Makes samples on the threads and devices of this process.")
      .def(nb::init<const Loaded&, const std::string&, unsigned, std::uint32_t>(),
           nb::arg("recipe"), nb::arg("gpu"), nb::arg("lanes"), nb::arg("retries"),
           nb::keep_alive<1, 2>())
      .def_prop_ro("count", [](Lanes& lanes) { return lanes.pool().lanes(); })
      .def(
          "submit",
          [](Lanes& lanes, std::uint64_t first, std::uint64_t last) {
            return lanes.pool().submit({first, last});
          },
          nb::arg("first"), nb::arg("last"), "Asks for samples [first, last): the job's number.")
      .def("next", &next_of, nb::arg("job"), "Its next sample; None after the last.")
      .def(
          "forget", [](Lanes& lanes, LanePool::Job job) { lanes.pool().forget(job); },
          nb::arg("job"), "What is not made yet is not made.")
      .def("validation_messages", [](Lanes& lanes) { return lanes.pool().validation_messages(); });
}

}  // namespace orrery
