#include "generator/data_commands.hpp"
#include "scenes/error.hpp"

namespace orrery {

int run_evaluate(const EvaluateCommand&, std::ostream&) {
  throw Error("evaluate: is not there yet", Exit::bug);
}

}  // namespace orrery
