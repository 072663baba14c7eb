#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string_view>

#include "scenes/import_model.hpp"

/// Like the program itself, a test program can be started as its own import child.
int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--import-child") {
    return orrery::import_child_main(argc, argv);
  }
  return doctest::Context(argc, argv).run();
}
