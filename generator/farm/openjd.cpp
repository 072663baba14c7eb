#include "generator/farm/farm.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// A string that is not meant to hold an expression.
std::string openjd_word(const std::string& text) {
  if (text.find("{{") != std::string::npos) {
    throw Error("\"" + text + "\": holds {{, wanted none: Open Job Description would take it for " +
                    "an expression",
                Exit::usage);
  }
  return yaml_quoted(text);
}

std::string openjd_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;  // bytes; later revisions allow more
  if (name.empty() || name.size() > kLongest) {
    throw Error("--name: has " + std::to_string(name.size()) + " bytes, wanted 1 to " +
                    std::to_string(kLongest),
                Exit::usage);
  }
  return openjd_word(name);
}

/// What a task runs. The shell only goes where relative paths start and becomes the command, which
/// so gets the signals. `last` is a line.
std::string openjd_script(const FarmCommand& command, const std::vector<std::string>& words,
                          const std::string& last) {
  std::string text =
      "    script:\n"
      "      actions:\n"
      "        onRun:\n"
      "          command: bash\n"
      "          args:\n"
      "            - -c\n"
      "            - 'cd -- \"$0\" && exec \"$@\"'\n";
  const auto add = [&](const std::string& word) {
    text += "            - " + openjd_word(word) + "\n";
  };
  add(command.working_folder.string());
  add(command.program);
  for (const std::string& word : words) add(word);
  text += last;
  text += "          timeout: " + std::to_string(60ULL * command.minutes) + "\n";
  text +=
      "          # By default a task is killed at once. It needs two seconds to put its work "
      "down.\n"
      "          cancelation: {mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 30}\n";
  return text;
}

std::string requirements(std::uint32_t cores, std::uint32_t memory, bool gpu) {
  std::string text =
      "    hostRequirements:\n"
      "      amounts:\n"
      "        - {name: amount.worker.vcpu, min: " +
      std::to_string(cores) +
      "}\n"
      "        - {name: amount.worker.memory, min: " +
      std::to_string(1024ULL * memory) + "}  # MiB\n";
  if (gpu) text += "        - {name: amount.worker.gpu, min: 1}\n";
  text +=
      "      attributes:\n"
      "        - {name: attr.worker.os.family, anyOf: [linux]}\n";
  return text;
}

}  // namespace

std::string openjd_template(const FarmCommand& command) {
  std::string text =
      "# Has a dataset made by whatever runs Open Job Description, such as AWS Deadline Cloud, on\n"
      "# machines that share their files. A task that is run again makes what is missing alone. "
      "Tasks\n"
      "# that end with status 64 or 65 (the command line or the recipe is wrong) end so each "
      "time:\n"
      "# submit with a few retries for each task and a bound on failed tasks.\n"
      "specificationVersion: jobtemplate-2023-09\n";
  text += "name: " + openjd_name(command.name) + "\n";
  text +=
      "steps:\n"
      "  - name: Make\n"
      "    parameterSpace:\n"
      "      taskParameterDefinitions:\n";
  text += "        - {name: Shard, type: INT, range: \"0-" + std::to_string(command.tasks - 1) +
          "\"}\n";
  text += requirements(command.cores, command.memory, command.gpu);
  text += openjd_script(command, command.generate,
                        "            - --progress=openjd\n"
                        "            - --shard\n            - \"{{Task.Param.Shard}}/" +
                            std::to_string(command.tasks) + "\"\n");
  text +=
      "  # Ends with status 1 when chunks are missing; its log names them.\n"
      "  - name: Finish\n"
      "    dependencies: [{dependsOn: Make}]\n";
  text += requirements(1, command.memory, false);
  text += openjd_script(command, {"finish", command.dataset.string()}, "");
  return text;
}

}  // namespace orrery
