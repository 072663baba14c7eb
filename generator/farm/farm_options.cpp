#include "generator/farm/farm_options.hpp"
#include "generator/object_store/store_address.hpp"

#include <CLI/CLI.hpp>
#include <set>

#include "generator/mix/mix_options.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFarmGroup = "Farm";
/// More indexes than that a job of Kubernetes may not have; nor does anybody want them.
constexpr std::uint32_t kMostTasks = 100000;
constexpr std::uint32_t kMuch = 1U << 20U;  // of anything else

CLI::Option* add_number(CLI::App& app, const std::string& name, std::uint32_t& to,
                        std::uint32_t least, const std::string& help) {
  return app.add_option(name, to, help)
      ->check(CLI::Range(least, kMuch))
      ->group(kFarmGroup)
      ->capture_default_str();
}

void add_farm_common(CLI::App& app, RawFarm& raw) {
  FarmCommand& farm = raw.command;
  app.add_option("-o,--out", raw.out, "folder of the dataset, as the tasks see it")
      ->group(kFarmGroup)
      ->capture_default_str();
  app.add_option("--tasks", farm.tasks,
                 "shares of the dataset, one task each: four times the machines or more, of 5 to "
                 "15 minutes")
      ->check(CLI::Range(1U, kMostTasks))
      ->group(kFarmGroup)
      ->required();
  app.add_option("--script", farm.script, "file to write [standard output]")->group(kFarmGroup);
  app.add_option("--name", farm.name, "of the job [the dataset's folder's]")->group(kFarmGroup);
  app.add_option("--program", farm.program, "orrery, as the tasks find it")
      ->group(kFarmGroup)
      ->capture_default_str();
  add_number(app, "--cores", farm.cores, 1, "processor cores of a task");
  add_number(app, "--memory", farm.memory, 1, "memory of a task, GiB");
  app.add_flag("--no-gpu", raw.no_gpu, "ask for no GPU: tasks render on their processor cores")
      ->group(kFarmGroup);
}

void add_minutes(CLI::App& app, FarmCommand& farm) {
  add_number(app, "--minutes", farm.minutes, 2, "longest time of a task; its whole chunks stay");
}

void add_at_once(CLI::App& app, FarmCommand& farm) {
  add_number(app, "--at-once", farm.at_once, 0,
             "tasks of one array (1000 at most) that may run at a time; 0: as there is room");
}

void add_slurm(CLI::App& slurm, FarmCommand& farm) {
  add_minutes(slurm, farm);
  add_at_once(slurm, farm);
  add_number(slurm, "--rounds", farm.rounds, 0, "how often missing chunks are tried again");
  slurm
      .add_option("--sbatch", farm.sbatch,
                  "an option of sbatch for every job, as --sbatch=--partition=gpu; repeat it")
      ->group(kFarmGroup)
      ->allow_extra_args(false);
  slurm.footer(
      "The script goes to standard output, or to the file that --script names.\n"
      "Options of the scene, the output and the machine are given to every task as they are here.\n"
      "Example:\n"
      "  orrery farm slurm tabletop.yaml -n 100000 -o /mnt/farm/tabletop --tasks 500 \\\n"
      "      --sbatch=--partition=gpu --script tabletop.sh && bash tabletop.sh");
}

void add_kubernetes(CLI::App& kubernetes, FarmCommand& farm) {
  add_at_once(kubernetes, farm);
  kubernetes.add_option("--image", farm.image, "of the containers, with orrery in it")
      ->group(kFarmGroup)
      ->required();
  kubernetes.add_option("--claim", farm.claim, "persistent volume claim that holds the dataset")
      ->group(kFarmGroup)
      ->capture_default_str();
  kubernetes.add_option("--mount", farm.mount, "where the containers see it")
      ->group(kFarmGroup)
      ->capture_default_str();
  kubernetes.footer(
      "The manifest goes to standard output, or to the file that --script names. SCENE and --out\n"
      "are paths in the containers: absolute, and not looked at here.\n"
      "Options of the scene, the output and the machine are given to every task as they are here.\n"
      "Example:\n"
      "  orrery farm kubernetes /data/tabletop.yaml -n 100000 -o /data/tabletop --tasks 500 \\\n"
      "      --image registry.example.com/orrery:1 | kubectl apply -f -");
}

void add_openjd(CLI::App& openjd, FarmCommand& farm) {
  add_minutes(openjd, farm);
  openjd.footer(
      "The template goes to standard output, or to the file that --script names.\n"
      "Options of the scene, the output and the machine are given to every task as they are here.\n"
      "Example:\n"
      "  orrery farm openjd tabletop.yaml -n 100000 -o /mnt/farm/tabletop --tasks 500 \\\n"
      "      --script bundle/template.yaml && deadline bundle submit bundle");
}

/// The options of generate that were given, as they were given: text is not parsed and printed
/// again. With "=", as a value may start with a dash.
void pass_on(const CLI::App& command, std::vector<std::string>& to) {
  static const std::set<std::string> kApart{"count", "seed", "help"};
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    if (option->get_group() == kFarmGroup || kApart.count(name) > 0) continue;
    if (option->get_expected_max() == 0) {
      to.push_back("--" + name);
      continue;
    }
    for (const std::string& value : option->results()) to.push_back("--" + name + "=" + value);
  }
}

/// Absolute and without a slash at its end.
fs::path whole_path(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

void require_in_container(const FarmCommand& farm, const std::string& scene,
                          const std::string& out) {
  const auto absolute = [](const std::string& option, const fs::path& path) {
    if (path.is_absolute()) return;
    throw Error(option + ": is \"" + path.string() + "\", wanted an absolute path in the container",
                Exit::usage);
  };
  absolute("SCENE", scene);
  absolute("--out", out);
  absolute("--mount", farm.mount);
  const fs::path within = farm.dataset.lexically_relative(farm.mount);
  if (within.empty() || within == "." || *within.begin() == "..") {
    throw Error("--out: is \"" + out + "\", wanted a folder in " + farm.mount.string() +
                    " (--mount): what lies elsewhere goes with the container",
                Exit::usage);
  }
}

/// How many chunks the tasks share.
std::uint64_t chunks_of(const RawScene& scene) {
  std::uint64_t count = 0;
  std::uint64_t chunk = 1;
  const auto take = [&](const auto& recipe) {
    count = recipe.count;
    chunk = recipe.chunk;
  };
  if (is_mix_recipe(scene.file)) {
    take(mix_recipe_from(scene));
  } else {
    take(recipe_from(scene));
  }
  return (count + chunk - 1) / chunk;
}

}  // namespace

void add_farm(CLI::App& app, RawFarm& raw, RawScene& scene,
              const std::function<void(CLI::App&)>& add_machine) {
  CLI::App* farm = app.add_subcommand("farm", "a script that has a dataset made on many machines");
  farm->require_subcommand(1);
  const auto add = [&](const char* name, const char* help) {
    CLI::App* engine = farm->add_subcommand(name, help);
    add_farm_common(*engine, raw);
    add_scene_options(*engine, scene);
    add_machine(*engine);
    return engine;
  };
  add_slurm(*add("slurm", "job arrays, as a script for bash"), raw.command);
  add_kubernetes(*add("kubernetes", "an Indexed Job, as a manifest"), raw.command);
  add_openjd(*add("openjd", "Open Job Description, as a template: AWS Deadline Cloud and others"),
             raw.command);
}

std::optional<FarmCommand> farm_from(const CLI::App& app, const RawFarm& raw,
                                     const RawScene& scene) {
  if (!app.got_subcommand("farm")) return std::nullopt;
  const CLI::App& engine = *app.get_subcommand("farm")->get_subcommands().front();
  FarmCommand farm = raw.command;
  farm.engine = engine.get_name() == "slurm"        ? FarmEngine::slurm
                : engine.get_name() == "kubernetes" ? FarmEngine::kubernetes
                                                    : FarmEngine::openjd;
  farm.gpu = !raw.no_gpu;
  if (store_address(raw.out)) {
    throw Error("--out: is \"" + raw.out +
                    "\", wanted a folder: the scripts keep their state beside the dataset",
                Exit::usage);
  }
  farm.dataset = whole_path(raw.out);
  if (!farm.dataset.has_filename()) {
    throw Error("--out: is \"" + raw.out + "\", wanted a folder of its own", Exit::usage);
  }
  farm.mount = whole_path(farm.mount);
  farm.working_folder = fs::current_path();
  if (farm.name.empty()) farm.name = farm.dataset.filename().string();
  if (farm.engine == FarmEngine::kubernetes) {
    require_in_container(farm, scene.file, raw.out);
  } else {
    farm.chunks = chunks_of(scene);
  }
  farm.generate = {
      "generate", whole_path(scene.file).string(),   "-n", std::to_string(scene.common.count),
      "--seed",   std::to_string(scene.common.seed), "-o", farm.dataset.string()};
  pass_on(engine, farm.generate);
  return farm;
}

}  // namespace orrery
