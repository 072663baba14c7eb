#include <algorithm>

#include "generator/farm/farm.hpp"

namespace orrery {
namespace {

/// A word of a shell that stands for exactly this text.
std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string("_-./:,+=").find(c) != std::string::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string shell_array(const std::string& name, const std::vector<std::string>& words) {
  std::string text = "readonly " + name + "=(";
  for (const std::string& word : words) text += (text.back() == '(' ? "" : " ") + shell_word(word);
  return text + ")\n";
}

/// In names of files sbatch takes % for a variable.
std::string sbatch_path(const std::string& path) {
  std::string text;
  for (const char c : path) text += c == '%' ? std::string("%%") : std::string(1, c);
  return text;
}

constexpr const char* kHead = R"sh(#!/bin/bash
# Has a dataset made on Slurm. Keep this as a file and run it once with bash where sbatch is: it
# submits an array of tasks and a job that finishes. That one runs when all tasks have ended, however
# they ended; it looks at what lies in the dataset, not at what Slurm says, and submits the chunks
# that are missing again. Run it again at any time: what is there already is not made again. Logs lie
# beside the dataset, in the folder that `state` names. To stop it cancel all jobs of its name.
set -euo pipefail

)sh";

constexpr const char* kBody = R"sh(
# So often a task that was drained goes on by itself; then what is missing is left to the next round.
readonly requeues=20
# Indexes of one array lie below this. The site's limit is MaxArraySize in slurm.conf, 1001 if it is
# not set there; whoever needs more than that gets several arrays.
readonly array_size=1000
# So often, and so many seconds apart, a job tries to submit another.
readonly submissions=40 pause=30

script=$(realpath "${BASH_SOURCE[0]:?save this as a file first}")
readonly script

say() { printf '%s: %s\n' "$(date +%FT%T)" "$*"; }

# Numbers as sbatch and orrery write them, such as 3,7,9-10: one line for each array that they take,
# with its first number and the indexes, which count from there.
arrays() {
  tr , '\n' <<<"$1" | awk -F- -v size="$array_size" '
    {
      for (low = $1 + 0; low <= $NF + 0; low = high + 1) {
        base = low - low % size
        high = $NF + 0 < base + size ? $NF + 0 : base + size - 1
        item = low == high ? low - base : (low - base) "-" (high - base)
        if (!(base in list)) order[arrays++] = base
        list[base] = list[base] == "" ? item : list[base] "," item
      }
    }
    END { for (i = 0; i < arrays; ++i) print order[i], list[order[i]] }'
}

# queue ROUND OPTION... SCRIPT ARGUMENT...: prints the job's number. Slurm may be away for longer than
# sbatch waits. Of round 0 somebody looks on; later ones would end with it, so they try again.
queue() {
  local round=$1 tries=0
  shift
  # A new job would take over how often this one was restarted.
  until env -u SLURM_RESTART_COUNT sbatch --parsable "${common[@]}" "$@" </dev/null; do
    ((round > 0 && tries++ < submissions)) || return 1
    sleep "$pause"
  done
}

# submit ROLE NUMBERS ROUND: a task for each number, and the job that looks at what they left. It
# waits for their end and not for their success: that it would wait for for ever after one failure.
submit() {
  local role=$1 numbers=$2 round=$3 after='' base indexes job
  while read -r base indexes; do
    job=$(queue "$round" "${task[@]}" --output="$logs/$role-%A_%a.log" \
      --array="$indexes$at_once" "$script" "$role" "$base")
    after+=":${job%%;*}"
  done < <(arrays "$numbers")
  job=$(queue "$round" "${finisher[@]}" --output="$logs/finish-%j.log" \
    --dependency="afterany$after" "$script" finish "$round")
  say "submitted $role $numbers as jobs ${after#:}, then ${job%%;*} to finish"
}

# Runs a command to its end and leaves its exit status in `code`. It runs beside this shell, which
# passes signals on: were it waited for in the foreground, bash would die of SIGTERM at once and Slurm
# would then kill the command, which needs two seconds to put its work down.
run() {
  local child='' signalled
  trap 'signalled=1; [[ -z $child ]] || kill -TERM "$child" 2>/dev/null || true' TERM INT USR1 USR2
  "$@" &
  child=$!
  while true; do
    signalled=0
    code=0
    wait "$child" || code=$?
    # Above 128 it may be the wait that ended, and not the command.
    ((signalled && code > 128)) || break
  done
  # The signal may come twice, and what is left to do is short.
  trap '' TERM INT USR1 USR2
}

# requeue JOB: one that was drained before its time limit or in the grace time of a preemption, which
# Slurm does not requeue by itself. What is being cancelled or requeued already runs no more.
requeue() {
  [[ $(squeue --noheader --jobs="$1" --format=%T) == RUNNING ]] || return 0
  ((${SLURM_RESTART_COUNT:-0} < requeues)) || { say 'drained too often'; return 0; }
  scontrol requeue "$1" || say "cannot requeue $1: the next round makes what is missing"
}

# make OPTION...: one task. The last task of an array shares its number with the array, so the number
# alone would requeue them all.
make() {
  run "${generate[@]}" "$@"
  case $code in
    64 | 65) echo "$*: exit status $code" >>"$state/refused" ;;
    75) requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" ;;
  esac
  exit "$code"
}

# finish ROUND: ends with 0 when the dataset is complete, with 1 when some chunks are missing and
# nothing more is done about it.
finish() {
  local round=$1 said="$state/finish.txt" missing
  run "$program" finish "$dataset" >"$said"
  cat "$said"
  # What is wrong in a recipe or a command line is wrong the next time, too.
  if ((code != 0)) && [[ -s $state/refused ]]; then
    say "not tried again, see the logs in $state:"
    sort -u "$state/refused"
    exit 65
  fi
  if ((code == 75)); then requeue "$SLURM_JOB_ID"; fi
  if ((code != 1)); then exit "$code"; fi
  missing=$(sed -n 's/^missing: *//p' "$said" | tr -d ' ')
  if [[ ! $missing =~ ^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$ ]]; then
    say "$program finish: says no missing chunks but ends with 1"
    exit 70
  fi
  if ((round >= rounds)); then
    say "chunks $missing are missing after $rounds further rounds; see the logs in $state"
    exit 1
  fi
  # A task for each chunk, unless they are so many that loading the scene for each would take most
  # of the time: shards pass over what is there.
  local count
  count=$(tr , '\n' <<<"$missing" | awk -F- '{n += $NF - $1 + 1} END {print n}')
  if ((count > tasks && count > array_size)); then
    submit shards "0-$((tasks - 1))" $((round + 1))
  else
    submit chunks "$missing" $((round + 1))
  fi
}

case ${1:-submit} in
  submit)
    mkdir -p "$state"
    rm -f "$state/refused"
    submit shards "0-$((tasks - 1))" 0
    ;;
  shards) make --shard "$(($2 + SLURM_ARRAY_TASK_ID))/$tasks" ;;
  chunks) make --chunks "$(($2 + SLURM_ARRAY_TASK_ID))" ;;
  finish) finish "$2" ;;
  *)
    say "unknown argument '$1': run this without any"
    exit 64
    ;;
esac
)sh";

}  // namespace

std::string slurm_script(const FarmCommand& command) {
  const std::string state = command.dataset.string() + ".farm";
  const auto set = [](const std::string& name, const std::string& value) {
    return "readonly " + name + "=" + shell_word(value) + "\n";
  };
  std::vector<std::string> generate{command.program};
  generate.insert(generate.end(), command.generate.begin(), command.generate.end());
  const std::string minutes = std::to_string(command.minutes);
  const std::string memory = std::to_string(command.memory);
  std::vector<std::string> common{"--job-name=" + command.name,
                                  "--chdir=" + command.working_folder.string(),
                                  "--requeue",
                                  "--open-mode=append",
                                  "--mem=" + memory + "G",
                                  "--time=" + minutes};
  common.insert(common.end(), command.sbatch.begin(), command.sbatch.end());
  std::vector<std::string> task{"--cpus-per-task=" + std::to_string(command.cores),
                                "--signal=B:TERM@60"};
  if (command.gpu) task.push_back("--gres=gpu:1");

  std::string text = kHead;
  text += set("program", command.program) + shell_array("generate", generate);
  text += set("dataset", command.dataset.string()) + set("state", state);
  text += set("logs", sbatch_path(state));
  text += "readonly tasks=" + std::to_string(command.tasks) +
          " rounds=" + std::to_string(command.rounds) + "\n";
  text += set("at_once", command.at_once > 0 ? "%" + std::to_string(command.at_once) : "");
  text +=
      "# What sbatch is asked for: of every job, of the tasks, and of the job that finishes. The\n"
      "# signal comes a minute before the time limit, or up to a minute earlier.\n";
  text += shell_array("common", common) + shell_array("task", task);
  text += shell_array("finisher", {"--cpus-per-task=1", "--signal=B:TERM@60"});
  return text + kBody;
}

}  // namespace orrery
