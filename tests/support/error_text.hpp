#pragma once

#include <doctest/doctest.h>

#include <string>

#include "scenes/error.hpp"

namespace orrery::testing {

/// The text of the Error that `act` throws; empty if it throws none.
template <class Act>
std::string error_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The same; the error must be there, and end the program with `exit`.
template <class Act>
std::string error_of(const Act& act, Exit exit) {
  try {
    act();
  } catch (const Error& error) {
    CHECK(error.exit() == exit);
    return error.what();
  }
  FAIL_CHECK("nothing was thrown");
  return {};
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace orrery::testing
