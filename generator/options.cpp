#include "generator/options.hpp"

#include <CLI/CLI.hpp>

#include "generator/bench_options.hpp"
#include "generator/farm/farm_options.hpp"
#include "generator/mix/mix_options.hpp"
#include "generator/option_values.hpp"
#include "generator/scene_options.hpp"
#include "generator/turntable_options.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/scene_schema.hpp"

namespace orrery {
namespace {

void add_machine(CLI::App& app, std::string& gpu, unsigned& lanes) {
  app.add_option("--gpu", gpu, "auto, or of `orrery doctor` a device's number, uuid:… or pci:…")
      ->group("Machine")
      ->capture_default_str();
  app.add_option("--lanes", lanes, "renderers at a time; 0: as many as suit the machine")
      ->group("Machine")
      ->capture_default_str();
}

Machine machine_from(const std::string& gpu, unsigned lanes) {
  Machine machine;
  machine.lanes = lanes;
  machine.gpu = gpu_request_from(gpu);
  return machine;
}

/// CLI11's own words, and the nearest option or command where a name is unknown.
[[noreturn]] void refuse_arguments(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string path;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    path += " " + command->get_name();
  }
  std::string text = error.what();
  const std::vector<std::string> left = app.remaining(true);
  const auto wrong = left.begin();
  if (wrong != left.end()) {
    std::vector<std::string> names;
    if (wrong->front() == '-') {
      for (const CLI::Option* option : command->get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      }
    } else {
      const CLI::App& whose = command->get_subcommands({}).empty() ? app : *command;
      for (const CLI::App* sub : whose.get_subcommands({})) names.push_back(sub->get_name());
    }
    text = *wrong + ": is unknown, wanted one such as " +
           nearest_name(wrong->substr(0, wrong->find('=')), names);
  }
  throw Error(text + " (try: orrery" + path + " --help)", Exit::usage);
}

/// What the options of a run are parsed into.
struct RawRun {
  std::string shard, chunks;
  std::string progress = "auto";
  std::string metrics;
  bool quiet = false;
  Machine machine{};  ///< retries, max_failures and patience
};

void add_run(CLI::App& app, RawRun& raw) {
  const char* group = "Run";
  app.add_flag("--quiet", raw.quiet, "say nothing but errors")->group(group);
  app.add_option("--progress", raw.progress,
                 "auto: for people; openjd or json: for programs, on standard output")
      ->group(group)
      ->capture_default_str();
  app.add_option("--metrics", raw.metrics, "file to keep figures in for Prometheus (*.prom)")
      ->group(group);
  app.add_option("--shard", raw.shard, "i/n: make chunks i, i + n, i + 2n…, and no more")
      ->group(group);
  app.add_option("--chunks", raw.chunks, "make these chunks alone: 3,7,9-12")->group(group);
  app.add_option("--retries", raw.machine.retries, "how often an image that failed is tried again")
      ->group(group)
      ->capture_default_str();
  app.add_option("--max-failures", raw.machine.max_failures,
                 "images that may fail for good before the run ends")
      ->group(group)
      ->capture_default_str();
  app.add_option("--patience", raw.machine.patience,
                 "seconds that an image may take before the device counts as hung; 0: any time")
      ->check(CLI::NonNegativeNumber)
      ->group(group)
      ->capture_default_str();
}

Telling telling_from(const RawRun& raw) {
  if (raw.progress != "auto" && raw.quiet) {
    throw Error("--quiet: given with --progress, wanted one of them", Exit::usage);
  }
  Telling telling{.metrics = raw.metrics};
  if (raw.quiet) {
    telling.form = ProgressForm::quiet;
  } else if (raw.progress == "openjd") {
    telling.form = ProgressForm::openjd;
  } else if (raw.progress == "json") {
    telling.form = ProgressForm::json;
  } else if (raw.progress != "auto") {
    refuse_value("--progress", raw.progress, {"auto", "openjd", "json"});
  }
  return telling;
}

Machine machine_from(const RawRun& raw, Machine machine) {
  if (!raw.shard.empty()) choose_shard(machine.share, raw.shard);
  if (!raw.chunks.empty()) choose_chunks(machine.share, raw.chunks);
  machine.retries = raw.machine.retries;
  machine.max_failures = raw.machine.max_failures;
  machine.patience = raw.machine.patience;
  return machine;
}

constexpr const char* kFolderOrStore = "folder of the dataset, or s3://bucket/prefix";

void add_scratch(CLI::App& app, std::filesystem::path& scratch) {
  app.add_option("--scratch", scratch, "folder for what is on its way to or from s3://… [TMPDIR]");
}

void add_finish(CLI::App& app, FinishCommand& finish, StatusCommand& status) {
  CLI::App* merge =
      app.add_subcommand("finish", "make one dataset of the chunks that several runs made");
  merge->add_option("DATASET", finish.dataset, kFolderOrStore)->required();
  add_scratch(*merge, finish.scratch);
  merge->footer(
      "Example:\n"
      "  orrery generate scene.yaml -n 10000 -o dataset --shard 0/2 &\n"
      "  orrery generate scene.yaml -n 10000 -o dataset --shard 1/2 &\n"
      "  wait; orrery finish dataset");
  CLI::App* look = app.add_subcommand("status", "how far a dataset is that is being made");
  look->add_option("DATASET", status.dataset, kFolderOrStore)->required();
  add_scratch(*look, status.scratch);
  look->add_flag("--json", status.json, "as JSON");
}

/// The commands that make datasets.
void add_datasets(CLI::App& app, GenerateCommand& made, RawTurntable& raw, RawScene& raw_scene,
                  RawRun& run) {
  const auto add_made = [&](CLI::App& command) {
    command
        .add_option("-o,--out", made.out,
                    "folder of the dataset, or s3://bucket/prefix; run again to continue")
        ->capture_default_str();
    add_run(command, run);
    add_scratch(command, made.scratch);
  };
  CLI::App* turntable = app.add_subcommand("turntable", "a labelled dataset of turning models");
  add_made(*turntable);
  add_recipe_options(*turntable, raw);
  turntable->footer(
      "Examples:\n"
      "  orrery turntable mug.glb rocket.glb -n 200 -o dataset\n"
      "  orrery turntable parts/*.stl --unit 0.001 --k 615,615,320,240 --models-per-image 1:5 \\\n"
      "      --photos backgrounds/ --sky studio,warehouse.hdr -n 5000\n"
      "  orrery turntable mug.glb --preset cutout --elevations 30 --jitter 0 -n 36 --all-planes");

  CLI::App* scenes = app.add_subcommand("generate", "a labelled dataset of whole scenes");
  add_made(*scenes);
  add_scene_options(*scenes, raw_scene);
  scenes->footer(
      "Examples:\n"
      "  orrery generate scenes/library/tabletop.yaml -n 1000 -o dataset\n"
      "  orrery generate tabletop.yaml --set camera.fov=50 --set objects.0.count=3 --seed 7");
}

void add_plan(CLI::App& app, PlanCommand& plan, RawScene& raw) {
  CLI::App* command =
      app.add_subcommand("plan", "what a dataset will hold and cost, before it is made");
  add_scene_options(*command, raw);
  command->add_option("--draws", plan.draws, "samples to draw without rendering them")
      ->check(CLI::Range(2U, 1000000U))
      ->capture_default_str();
  command->add_option("--seconds", plan.seconds, "longest time to draw for")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--probe", plan.probe, "samples to render, for bytes, memory and time")
      ->check(CLI::Range(2U, 100000U))
      ->capture_default_str();
  command->add_flag("--json", plan.json, "as JSON");
  command->footer("Example:\n  orrery plan scenes/library/tabletop.yaml -n 10000");
}

/// The commands that look at what is there.
void add_looks(CLI::App& app, InspectCommand& inspect, ReplayCommand& replay, ReportCommand& report,
               RawTurntable& raw) {
  CLI::App* show = app.add_subcommand("inspect", "what a model file holds");
  show->add_option("MODEL", inspect.model, "model file")->required();
  show->add_flag("--json", inspect.json, "as JSON");
  add_import_options(*show, raw);

  CLI::App* again = app.add_subcommand("replay", "make one sample of a dataset again");
  again->add_option("DATASET", replay.dataset, "folder of the dataset")->required();
  again->add_option("INDEX", replay.index, "number of the sample")->required();
  again->add_option("-o,--out", replay.out, "folder to write the sample to");

  CLI::App* sum = app.add_subcommand("report", "what a dataset holds");
  sum->add_option("DATASET", report.dataset, "folder of the dataset")->required();
}

/// Of a scene file or a recipe, whichever it is.
Command generate_from(const RawScene& raw, GenerateCommand made) {
  if (is_mix_recipe(raw.file)) {
    return MixCommand{mix_recipe_from(raw), made.out, made.machine, made.telling, made.scratch};
  }
  made.recipe = recipe_from(raw);
  return made;
}

Command plan_from(const RawScene& raw, PlanCommand plan) {
  if (is_mix_recipe(raw.file)) {
    return PlanMixCommand{mix_recipe_from(raw), plan.machine, plan.probe, plan.json};
  }
  plan.recipe = recipe_from(raw);
  return plan;
}

}  // namespace

Command command_from(int argc, const char* const* argv) {
  CLI::App app("Orrery renders labelled training images from 3D models.", "orrery");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("orrery ") + ORRERY_VERSION);
  app.footer("Start here:\n  orrery turntable mug.glb rocket.glb -n 200 -o dataset");
  RawTurntable raw;
  RawScene raw_scene;
  GenerateCommand made{.recipe = {}, .out = "dataset", .machine = {}, .telling = {}};
  PlanCommand plan{.recipe = {}, .machine = {}};
  InspectCommand inspect;
  FinishCommand finish;
  StatusCommand status;
  ReplayCommand replay;
  ReportCommand report;
  RawDataCommands data;
  RawRun run;
  RawFarm farm;
  std::string gpu = "auto";
  unsigned lanes = 0;

  add_datasets(app, made, raw, raw_scene, run);
  add_finish(app, finish, status);
  add_plan(app, plan, raw_scene);
  add_looks(app, inspect, replay, report, raw);
  for (const char* name : {"turntable", "generate", "plan", "replay"}) {
    add_machine(*app.get_subcommand(name), gpu, lanes);
  }
  add_farm(app, farm, raw_scene, [&](CLI::App& engine) { add_machine(engine, gpu, lanes); });
  const CLI::App* schema = app.add_subcommand("schema", "JSON Schema of scene files");

  const CLI::App* doctor = app.add_subcommand("doctor", "what this machine can do");

  CLI::App* bench = app.add_subcommand("bench", "how fast this machine renders, as JSON");
  add_bench_options(*bench, raw, raw_scene);
  add_machine(*bench, gpu, lanes);

  add_data_commands(app, data);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion&) {
    return TextCommand{app.version() + "\n"};
  } catch (const CLI::Success&) {  // help, of the program or a command
    return TextCommand{app.help()};
  } catch (const CLI::ParseError& error) {
    refuse_arguments(app, error);
  }
  plan.machine = machine_from(gpu, lanes);
  made.machine = machine_from(run, plan.machine);
  made.telling = telling_from(run);
  if (app.got_subcommand("turntable")) {
    made.recipe = recipe_from(raw);
    return made;
  }
  if (app.got_subcommand("finish")) return finish;
  if (app.got_subcommand("status")) return status;
  if (app.got_subcommand("generate")) return generate_from(raw_scene, std::move(made));
  if (app.got_subcommand("plan")) return plan_from(raw_scene, std::move(plan));
  if (auto command = farm_from(app, farm, raw_scene)) return std::move(*command);
  if (auto command = data_command_from(app, data)) return std::move(*command);
  if (schema->parsed()) return TextCommand{scene_schema() + "\n"};
  if (bench->parsed()) {
    return BenchCommand{bench_recipe(*bench, raw, raw_scene), machine_from(gpu, lanes)};
  }
  if (app.got_subcommand("inspect")) {
    inspect.import = import_from(raw);
    return inspect;
  }
  if (app.got_subcommand("replay")) {
    replay.machine = machine_from(gpu, lanes);
    return replay;
  }
  if (doctor->parsed()) return DoctorCommand{};
  return report;
}

}  // namespace orrery
