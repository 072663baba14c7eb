#pragma once

#include <optional>
#include <string>
#include <variant>

#include "generator/data_commands.hpp"

namespace CLI {  // as CLI11 calls it. NOLINT(readability-identifier-naming)
class App;
}

namespace orrery {

/// The commands on datasets that exist, as the command line says them.
struct RawDataCommands {
  IngestCommand ingest;
  ConvertCommand convert;
  SplitCommand split;
  VerifyCommand verify;
  EvaluateCommand evaluate;
  RectifyCommand rectify;
  std::string against;
  std::string kpi;
  std::string manifest;
};

using DataCommand = std::variant<IngestCommand, ConvertCommand, SplitCommand, VerifyCommand,
                                 EvaluateCommand, RectifyCommand>;

void add_data_commands(CLI::App& app, RawDataCommands& raw);

/// The one that was asked for, if it was one of these.
std::optional<DataCommand> data_command_from(const CLI::App& app, const RawDataCommands& raw);

}  // namespace orrery
