#include "generator/store/ingest_command.hpp"

#include <chrono>
#include <iostream>

#include "generator/store/folder_watch.hpp"
#include "generator/store/intake.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

bool lies_in(const fs::path& inner, const fs::path& outer) {
  const fs::path path = fs::weakly_canonical(fs::absolute(inner))
                            .lexically_relative(fs::weakly_canonical(fs::absolute(outer)));
  return !path.empty() && *path.begin() != "..";
}

/// A store among the photos would take itself in.
void check_places(const IngestCommand& command) {
  if (!fs::exists(command.source)) {
    throw Error(command.source.string() + ": is not there, wanted a folder or annotation file",
                Exit::io);
  }
  if (lies_in(command.store, command.source) || lies_in(command.source, command.store)) {
    throw Error(command.store.string() + ": lies in " + command.source.string() +
                    " or holds it, wanted a store beside it",
                Exit::usage);
  }
}

IntakeSettings settings_of(const IngestCommand& command) {
  const Json said{{"format", command.format},
                  {"session", command.session},
                  {"licence", command.licence},
                  {"origin", command.origin},
                  {"watch", command.watch}};
  return {command.store,  command.source, command.session, command.licence,
          command.origin, said.dump(),    command.watch};
}

void say(std::ostream& out, const IngestCommand& command, const IngestSummary& summary) {
  if (command.json) {
    out << json_from(summary).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  } else {
    print(out, summary);
  }
}

/// The source as it is now; nothing if there is nothing yet that a reader knows.
std::unique_ptr<Source> open_if_there(const OpenSource& open, std::string& told) {
  try {
    return open();
  } catch (const Error& error) {
    // A file that is being written, or a folder that is empty, may be right a moment later.
    if (told != error.what()) std::cerr << "waiting: " << error.what() << std::endl;
    told = error.what();
    return nullptr;
  }
}

void say_pass(std::ostream& out, const IngestCommand& command, const IngestCounts& before,
              const IngestCounts& after) {
  if (before.images == after.images && before.labels == after.labels) return;
  if (command.json) {
    out << json_from(after).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    return;
  }
  out << "stored " << after.images.stored << " pictures and " << after.labels.stored
      << " labels so far; already there " << after.images.already_there << ", quarantined "
      << after.images.quarantined << " pictures and " << after.labels.quarantined << " labels"
      << std::endl;
}

/// Passes over the source as files arrive, until asked to stop.
int watch(const IngestCommand& command, const OpenSource& open, std::ostream& out) {
  using namespace std::chrono_literals;
  const StopSignals stop;  // before any thread starts
  const fs::path folder =
      fs::is_directory(command.source) ? command.source : command.source.parent_path();
  FolderWatch arrivals(folder.empty() ? "." : folder);
  Intake intake(settings_of(command));
  const PassHooks hooks{[&arrivals](const LabelledImage& image) {
                          return arrivals.is_being_written(image.file.on_disk());
                        },
                        [&stop] { return stop.asked(); }};
  std::string told;
  do {
    const IngestCounts before = intake.counts();
    try {
      if (const std::unique_ptr<Source> source = open_if_there(open, told)) {
        intake.take(*source, hooks);
      }
    } catch (const Error& error) {
      if (error.exit() != Exit::data) throw;
      if (told != error.what()) std::cerr << "waiting: " << error.what() << std::endl;
      told = error.what();
    }
    say_pass(out, command, before, intake.counts());
  } while (arrivals.wait(stop, 300ms, 5s));
  say(out, command, intake.end());
  return 0;
}

}  // namespace

int run_ingest(const IngestCommand& command, const OpenSource& open, std::ostream& out) {
  check_places(command);
  if (command.watch) return watch(command, open, out);
  // Before the store is made, so that a mistyped source leaves nothing behind.
  const std::unique_ptr<Source> source = open();
  Intake intake(settings_of(command));
  intake.take(*source);
  const IngestSummary summary = intake.end();
  say(out, command, summary);
  return summary.counts.images.stored + summary.counts.images.already_there > 0 ? 0 : 1;
}

int run_ingest(const IngestCommand& command, std::ostream& out) {
  return run_ingest(
      command, [&command] { return open_source(command.source, command.format); }, out);
}

}  // namespace orrery
