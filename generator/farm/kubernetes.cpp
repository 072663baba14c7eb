#include <cctype>

#include "generator/farm/farm.hpp"

namespace orrery {
namespace {

/// Kubernetes takes $(NAME) in arguments for a variable, and $$ for one dollar.
std::string container_word(const std::string& text) {
  std::string word;
  for (const char c : text) word += c == '$' ? std::string("$$") : std::string(1, c);
  return yaml_quoted(word);
}

/// A name that a job may have, short enough for what its pods are called.
std::string dns_label(const std::string& name) {
  constexpr std::size_t kLongest = 46;
  std::string label;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 128 && std::isalnum(byte) != 0;
    if (plain) label += static_cast<char>(std::tolower(byte));
    if (!plain && !label.empty() && label.back() != '-') label += '-';
    if (label.size() == kLongest) break;
  }
  while (!label.empty() && label.back() == '-') label.pop_back();
  return label.empty() ? "orrery" : label;
}

std::string argument_lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += "            - " + container_word(word) + "\n";
  return text;
}

/// The pod of a job from `template` on; `arguments` are lines.
std::string pod(const FarmCommand& command, const std::string& arguments, bool task) {
  const bool gpu = command.gpu && task;
  const std::string cores = yaml_quoted(std::to_string(task ? command.cores : 1));
  const std::string memory = yaml_quoted(std::to_string(command.memory) + "Gi");
  std::string text =
      "  template:\n"
      "    spec:\n"
      "      restartPolicy: Never\n"
      "      # Two seconds are enough to put the work down; whole chunks stay.\n"
      "      terminationGracePeriodSeconds: 30\n"
      "      containers:\n"
      "        - name: orrery\n";
  text += "          image: " + yaml_quoted(command.image) + "\n";
  text += "          command: [" + container_word(command.program) + "]\n";
  text += "          args:\n" + arguments;
  if (gpu) {
    text +=
        "          env:\n"
        "            # Without graphics NVIDIA's runtime leaves Vulkan out.\n"
        "            - {name: NVIDIA_DRIVER_CAPABILITIES, value: \"graphics,utility\"}\n";
  }
  text += "          resources:\n            requests: {cpu: " + cores + ", memory: " + memory +
          "}\n            limits: {memory: " + memory + (gpu ? ", nvidia.com/gpu: \"1\"}" : "}") +
          "\n";
  text +=
      "          volumeMounts:\n"
      "            - {name: data, mountPath: " +
      yaml_quoted(command.mount.string()) +
      "}\n"
      "      volumes:\n"
      "        - name: data\n"
      "          persistentVolumeClaim: {claimName: " +
      yaml_quoted(command.claim) + "}\n";
  return text;
}

std::string introduction(const std::string& name, bool suspended) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: " + name + "\nspec:\n" +
         (suspended ? "  suspend: true\n" : "");
}

/// `fatal` are exit codes after which no pod of the job is worth starting.
std::string failure_policy(const std::string& fatal) {
  return "  podFailurePolicy:\n"
         "    rules:  # the first that fits counts\n"
         "      - action: FailJob\n"
         "        onExitCodes: {containerName: orrery, operator: In, values: [" +
         fatal +
         "]}\n"
         "      # 75: put its work down when asked to. And who was evicted did nothing wrong.\n"
         "      - action: Ignore\n"
         "        onExitCodes: {containerName: orrery, operator: In, values: [75]}\n"
         "      - action: Ignore\n"
         "        onPodConditions: [{type: DisruptionTarget, status: \"True\"}]\n"
         "  podReplacementPolicy: Failed  # so that no two pods make the same\n";
}

}  // namespace

std::string kubernetes_manifest(const FarmCommand& command) {
  const std::string name = dns_label(command.name);
  const std::string job = yaml_quoted(name);
  const std::string finish_job = yaml_quoted(name + "-finish");
  const std::string tasks = std::to_string(command.tasks);
  const std::string at_once = command.at_once > 0 ? std::to_string(command.at_once) : tasks;
  std::string text =
      "# Has a dataset made on Kubernetes, 1.33 or later, in two jobs. Apply this file, and when "
      "the\n"
      "# tasks have ended let the second job, which waits, finish the dataset:\n"
      "#   kubectl apply -f FILE\n"
      "#   kubectl wait --for=condition=Complete --timeout=24h job/" +
      name +
      "\n"
      "#   kubectl patch job/" +
      name +
      "-finish --patch '{\"spec\": {\"suspend\": false}}'\n"
      "#   kubectl logs --follow job/" +
      name +
      "-finish\n"
      "# If tasks failed, or chunks are missing in the end: `kubectl delete -f FILE` and apply it\n"
      "# again. Tasks whose chunks are there end within seconds.\n";
  text += introduction(job, false);
  text += "  completionMode: Indexed\n  completions: " + tasks + "\n  parallelism: " + at_once +
          "\n  backoffLimitPerIndex: 3\n";
  text += "  # 64 and 65: the command line or the recipe is wrong, for every task.\n";
  text += failure_policy("64, 65");
  // The one variable that is meant.
  const std::string shard =
      "            - --shard\n            - \"$(JOB_COMPLETION_INDEX)/" + tasks + "\"\n";
  text += pod(command, argument_lines(command.generate) + shard, true);
  text += "---\n" + introduction(finish_job, true);
  text += "  backoffLimit: 3\n  # 1: chunks are missing; the log names them.\n";
  text += failure_policy("1, 64, 65");
  text += pod(command, argument_lines({"finish", command.dataset.string()}), false);
  return text;
}

}  // namespace orrery
