#include "generator/finish.hpp"

#include <ostream>

#include "generator/chunk_files.hpp"
#include "generator/dataset.hpp"
#include "generator/mix/mix_generate.hpp"
#include "generator/report.hpp"
#include "scenes/error.hpp"

namespace orrery {

int finish(const FinishCommand& command, std::ostream& out) {
  namespace fs = std::filesystem;
  const fs::path description = command.dataset / "dataset.json";
  if (!fs::exists(description)) {
    const fs::path plan = command.dataset / ".chunks" / "plan.json";
    if (!fs::exists(plan)) {
      throw Error(command.dataset.string() +
                  ": no dataset was begun here, wanted the folder that " +
                  "orrery generate was given");
    }
    Dataset dataset(command.dataset, dataset_plan_from_json(read_json(plan), plan.string()));
    const std::vector<std::uint64_t> missing = dataset.missing();
    if (!missing.empty()) return say_missing(out, missing, dataset.damaged(), dataset.chunks());
    dataset.finish();
  }
  const Json dataset = read_json(description);
  if (dataset.at("recipe").contains("mix")) finish_mix(command.dataset, dataset.at("recipe"), out);
  write_report(command.dataset);
  out << dataset.at("dataset_hash").get<std::string>() << "\n";
  return 0;
}

int say_missing(std::ostream& out, const std::vector<std::uint64_t>& missing, std::uint64_t damaged,
                std::uint64_t chunks) {
  out << "missing: " << text_of_chunks(missing) << "\n"
      << missing.size() << " of " << chunks << " chunks";
  if (damaged > 0) out << ", " << damaged << " of them damaged";
  out << "; the command that makes the dataset makes them with --chunks\n";
  return 1;
}

}  // namespace orrery
