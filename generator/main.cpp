#include <cstdlib>
#include <iostream>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>

#include "generator/bench.hpp"
#include "generator/dataset_status.hpp"
#include "generator/doctor.hpp"
#include "generator/drain_signals.hpp"
#include "generator/finish.hpp"
#include "generator/generate.hpp"
#include "generator/inspect.hpp"
#include "generator/mix/mix_generate.hpp"
#include "generator/mix/mix_plan.hpp"
#include "generator/object_store/scratch_folder.hpp"
#include "generator/object_store/store_address.hpp"
#include "generator/object_store/store_commands.hpp"
#include "generator/options.hpp"
#include "generator/plan.hpp"
#include "generator/progress.hpp"
#include "generator/replay.hpp"
#include "generator/report.hpp"
#include "scenes/error.hpp"
#include "scenes/import_model.hpp"

namespace orrery {
namespace {

void warn(const std::string& text) { std::cerr << "warning: " << text << '\n'; }

void print_result(const RunReport& report, const std::filesystem::path& out, std::uint64_t count) {
  if (report.dataset_hash.empty()) {
    std::cout << out.string() << ": " << report.samples << " images of this share in "
              << report.end.wall << " s; when all shares are made: orrery finish " << out.string()
              << std::endl;
    return;
  }
  if (report.samples == 0) {
    std::cout << out.string() << ": all " << count << " images were there already\n";
  } else {
    std::cout << out.string() << ": " << report.samples << " images in " << report.end.wall
              << " s; see " << (out / "report.html").string() << '\n';
  }
  std::cout << report.dataset_hash << std::endl;
}

/// …for programs.
void print_result(const RunReport& report) {
  Json event = {{"event", "finished"}, {"images", report.samples}, {"seconds", report.end.wall}};
  if (!report.dataset_hash.empty()) event["dataset_hash"] = report.dataset_hash;
  std::cout << event.dump() << std::endl;
}

/// Where a command that makes a dataset says what else it does: programs read standard output.
template <class Command>
std::ostream& side_words(const Command& command) {
  return command.telling.form == ProgressForm::json ? std::cerr : std::cout;
}

/// Makes a dataset where the command says with `make`, which says how far it is, and says what came
/// of it.
template <class Command, class Make>
int run_generate(Command& command, const Make& make) {
  const std::filesystem::path& out = command.out;
  const std::optional<StoreAddress> store = store_address(out);
  Machine& machine = command.machine;
  const ProgressForm form = command.telling.form;
  Progress progress(form, {.dataset = out.string(), .share = text_of(machine.share)},
                    command.telling.metrics);
  machine.on_failure = [&](const SampleFailure& failure) { progress.failure(failure); };
  if (form != ProgressForm::quiet) {
    machine.on_placement = [](const std::string& text) { std::cerr << text << '\n'; };
  }
  const OnProgress update = [&](std::uint64_t done, std::uint64_t of) {
    progress.update(done, of);
  };
  const auto make_in = [&](const std::filesystem::path& folder, const Machine& on) {
    return make(folder, on, update);
  };
  RunReport report;
  try {
    report = store ? make_in_store(*store, command.scratch, machine, make_in, side_words(command))
                   : make_in(out, machine);
    const bool reported = report.samples == 0 && std::filesystem::exists(out / "report.html");
    if (!store && !report.dataset_hash.empty() && !reported) write_report(out);
    progress.finish();
  } catch (const std::exception& error) {
    progress.fail(error.what());
    throw;
  }
  if (form == ProgressForm::json) {
    print_result(report);
  } else {
    print_result(report, out, command.recipe.count);
  }
  return 0;
}

int run(GenerateCommand command) {
  return run_generate(command,
                      [&](const auto& folder, const Machine& machine, const OnProgress& progress) {
                        return generate(command.recipe, folder, machine, warn, progress);
                      });
}

int run(MixCommand command) {
  return run_generate(
      command, [&](const auto& folder, const Machine& machine, const OnProgress& progress) {
        return generate_mix(command.recipe, folder, machine, warn, progress, side_words(command));
      });
}

int run(PlanCommand command) {
  const Plan plan = planned(command, warn);
  if (command.json) {
    std::cout << json_from(plan) << '\n';
  } else {
    print_plan(std::cout, plan, command.recipe);
  }
  return 0;
}

int run(PlanMixCommand command) {
  const MixPlan plan = planned_mix(command.recipe, command.machine, command.probe, warn);
  if (command.json) {
    std::cout << json_from(plan) << '\n';
  } else {
    print_plan(std::cout, plan);
  }
  return 0;
}

int run(const FinishCommand& command) {
  if (const auto store = store_address(command.dataset)) {
    return finish_in_store(*store, command, std::cout);
  }
  return finish(command, std::cout);
}

int run(const StatusCommand& command) {
  if (const auto store = store_address(command.dataset)) {
    print_store_status(*store, command, std::cout);
  } else {
    print_status(dataset_status(command.dataset), command.json, std::cout);
  }
  return 0;
}

int run(const InspectCommand& command) {
  print_inspect(std::cout, import_model(command.model, command.import), command.json);
  return 0;
}

int run(const ReplayCommand& command) { return replay(command, std::cout) ? 0 : 1; }

int run(const ReportCommand& command) {
  write_report(command.dataset);
  std::cout << (command.dataset / "report.html").string() << '\n';
  return 0;
}

int run(const DoctorCommand&) {
  return doctor(std::cout) ? 0 : static_cast<int>(Exit::unavailable);
}

int run(BenchCommand command) {
  bench(std::move(command), std::cout);
  return 0;
}

int run(const IngestCommand& command) { return run_ingest(command, std::cout); }
int run(const ConvertCommand& command) { return run_convert(command, std::cout); }
int run(const SplitCommand& command) { return run_split(command, std::cout); }
int run(const VerifyCommand& command) { return run_verify(command, std::cout); }
int run(const EvaluateCommand& command) { return run_evaluate(command, std::cout); }
int run(const RectifyCommand& command) { return run_rectify(command, std::cout); }
int run(const DataCommand& command) {
  return std::visit([](const auto& c) { return run(c); }, command);
}

int run(const FarmCommand& command) { return run_farm(command, std::cout, warn); }

/// Where a command that drains when asked to stop writes what is not whole; nothing: it does not.
std::optional<std::filesystem::path> written_aside_in(const Command& command) {
  const auto folder = [](const std::filesystem::path& dataset,
                         const std::filesystem::path& scratch) {
    if (!store_address(dataset)) return dataset / ".chunks";
    return scratch.empty() ? default_scratch() : scratch;
  };
  if (const auto* made = std::get_if<GenerateCommand>(&command)) {
    return folder(made->out, made->scratch);
  }
  if (const auto* made = std::get_if<MixCommand>(&command)) {
    return folder(made->out, made->scratch);
  }
  if (const auto* merged = std::get_if<FinishCommand>(&command)) {
    return folder(merged->dataset, merged->scratch);
  }
  return std::nullopt;
}

int run(const TextCommand& command) {
  std::cout << command.text;
  return 0;
}

}  // namespace
}  // namespace orrery

int main(int argc, char** argv) {
  using namespace orrery;
  if (argc > 1 && std::string_view(argv[1]) == "--import-child") {
    return import_child_main(argc, argv);
  }
  // Each lane of a software device renders on its own thread: no pool beside it. Set before the
  // first VkInstance; who sets it outside knows better.
  setenv("LP_NUM_THREADS", "0", 0);
  try {
    Command command = command_from(argc, argv);
    std::optional<DrainSignals> stop;
    if (const auto folder = written_aside_in(command)) stop.emplace(*folder);
    return std::visit([](auto& c) { return run(std::move(c)); }, command);
  } catch (const Error& error) {
    std::cerr << "orrery: " << error.what() << '\n';
    return static_cast<int>(error.exit());
  } catch (const std::system_error& error) {
    std::cerr << "orrery: " << error.what() << '\n';
    return static_cast<int>(Exit::io);
  } catch (const std::bad_alloc&) {
    std::cerr << "orrery: out of memory\n";
    return static_cast<int>(Exit::unavailable);
  } catch (const std::exception& error) {
    std::cerr << "orrery: " << error.what() << " (a bug of ours)\n";
    return static_cast<int>(Exit::bug);
  }
}
