#include <doctest/doctest.h>

#include <fstream>

#include "generator/sample.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"
#include "tests/generator/program.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

TEST_CASE("placeholder") {}
