#include "generator/data_commands.hpp"
#include "generator/store/intake.hpp"
#include "scenes/error.hpp"

#include <ostream>

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

}  // namespace

int run_ingest(const IngestCommand& command, std::ostream& out) {
  check_places(command);
  Intake intake(settings_of(command));
  const std::unique_ptr<Source> source = open_source(command.source, command.format);
  intake.take(*source);
  const IngestSummary summary = intake.end();
  say(out, command, summary);
  return summary.counts.images.stored + summary.counts.images.already_there > 0 ? 0 : 1;
}

}  // namespace orrery
