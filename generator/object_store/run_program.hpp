#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery {

/// A program to run, found in PATH, without a shell.
struct ProgramCall {
  std::vector<std::string> arguments;    ///< the program's name first
  std::vector<std::string> environment;  ///< all of it: "NAME=value"
  std::string_view input{};              ///< its standard input
  /// Asked twenty times a second: true ends the program.
  std::function<bool()> give_up{};
};

/// How it ended.
struct ProgramEnd {
  int code = 0;           ///< its exit status, or 128 + the signal that ended it
  bool given_up = false;  ///< give_up said so
  std::string out;        ///< what it wrote to standard output
  std::string err;        ///< the last 64 KiB that it wrote to standard error
};

/// Runs it to its end. It leads a process group of its own, so what a terminal sends to ours does
/// not reach it. Throws Error: Exit::unavailable if there is no such program, Exit::io if it cannot
/// be started or heard.
ProgramEnd run_program(const ProgramCall& call);

}  // namespace orrery
