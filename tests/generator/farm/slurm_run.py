"""`slurm_run.py ORRERY SCENE LOGS`: a dataset that a Slurm cluster makes through accidents.

The script of `orrery farm slurm` runs on real daemons (slurm_cluster.py), and in the middle of it
a node loses its power, a task is requeued, one drained, one cancelled and one preempted, and the
controller dies while tasks end. The dataset must be the one that a single machine makes, and
nothing may be left beside it. Prints what happened. What the daemons and tasks said is kept in LOGS
if the test fails.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from slurm_cluster import Cluster, wait_for

TASKS = 16
EACH = 4  # chunks of a task
MADE = f"-n {8 * TASKS * EACH} --seed 11 --chunk 8 --size 640x480 --gpu 0".split()
SECONDS = 1200  # for all of it, on a machine that does other things too
NAME = "through-accidents"
GOING_ON = ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD")

started = time.monotonic()


def say(text):
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)


def require(condition, otherwise):
    if not condition:
        raise AssertionError(otherwise)


def run(*command, **settings):
    words = [str(word) for word in command]
    done = subprocess.run(words, text=True, capture_output=True, **settings)
    require(done.returncode == 0,
            f"{words[:3]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip()


def processes(text):
    """Those alive that have the text in their command line or environment, but for this one."""
    found = set()
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if text.encode() in words and folder.name != str(os.getpid()):
            found.add(folder.name)
    return found


def files_below(folder):
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


class Farm:
    def __init__(self, cluster, dataset):
        self.cluster = cluster
        self.dataset = dataset
        self.abandoned = set()

    def jobs(self):
        """Of the farm: task (or job) to what Slurm says of it."""
        found = {}
        for line in self.cluster.run("scontrol", "--oneliner", "show", "job").splitlines():
            job = dict(re.findall(r"(\S+?)=(\S*)", line))
            if job.get("JobName") == NAME:
                array = "ArrayTaskId" in job
                found["{ArrayJobId}_{ArrayTaskId}".format(**job) if array else job["JobId"]] = job
        return found

    def being_made(self, node):
        """What processes of the node are writing."""
        return set((self.dataset / ".chunks").glob(f"[0-9]*.{node}.*")) - self.abandoned

    def victim(self):
        """A task in the middle of a chunk that is not its last, its node and how often it was
        restarted: what comes for it finds it at work."""
        def look():
            for task, job in self.jobs().items():
                if job["JobState"] != "RUNNING":
                    continue
                chunks = [int(aside.name.split(".")[0]) for aside in
                          self.being_made(job["NodeList"])]
                if any(chunk < TASKS * (EACH - 1) for chunk in chunks):
                    return task, job["NodeList"], int(job["Restarts"])
            return None

        return wait_for("a task is in the middle of a chunk", look)

    def ended(self):
        return all(job["JobState"] not in GOING_ON for job in self.jobs().values())

    def wait_restarted(self, task, before):
        wait_for(f"task {task} runs again",
                 lambda: int(self.jobs()[task]["Restarts"]) > before)


def lose_power(farm):
    task, node, before = farm.victim()
    farm.cluster.crash(node)
    farm.abandoned = farm.being_made(node)
    require(farm.abandoned, f"{node} was not in the middle of a chunk after all")
    say(f"{node} lost its power while it made a chunk of {task}")
    return task, node, before


def come_back(farm, task, node, before):
    wait_for(f"{node} is DOWN", lambda: farm.cluster.states().get(node, "").startswith("down"))
    farm.wait_restarted(task, before)
    farm.cluster.boot(node)
    say(f"{node} was found DOWN, {task} was requeued, {node} boots")


def requeue(farm):
    task, node, before = farm.victim()
    farm.cluster.run("scontrol", "requeue", task)
    farm.wait_restarted(task, before)
    say(f"{task} on {node} was requeued by hand")


def drain(farm):
    """Only the shell is told, as before a time limit: the script has its task requeued."""
    task, node, before = farm.victim()
    try:
        # Of a shell alone scancel thinks that it was not told, and would try again for long.
        farm.cluster.run("timeout", 1, "scancel", "--batch", "--signal=TERM", task)
    except RuntimeError:
        pass
    farm.wait_restarted(task, before)
    say(f"{task} on {node} put its work down and had itself requeued")


def cancel(farm):
    """One that waits: Slurm forgets it, and nobody but the finish job misses its chunks."""
    job = next(job for job in farm.jobs().values() if job["JobState"] == "PENDING" and
               "ArrayTaskId" in job)
    task = f"{job['ArrayJobId']}_{TASKS - 1}"
    farm.cluster.run("scancel", task)
    say(f"{task} was cancelled: its chunks are left to the next round")


def preempt(farm):
    task, node, before = farm.victim()
    urgent = farm.cluster.run("sbatch", "--parsable", "--partition=urgent", f"--nodelist={node}",
                              "--output=/dev/null", "--wrap=sleep 1")
    wait_for("the urgent job is done", lambda: "JobState=COMPLETED" in farm.cluster.run(
        "scontrol", "--oneliner", "show", "job", urgent))
    farm.wait_restarted(task, before)
    log = (farm.cluster.folder / "slurmctld.log").read_text()
    said = re.search(r"preempted JobId=.*requeued.* for JobId=(\d+)", log)
    require(said and said[1] == urgent, "the controller's log names no preemption")
    say(f"an urgent job had {task} on {node} preempted")


def lose_controller(farm):
    farm.victim()
    before = processes(f"-o\0{farm.dataset}\0")
    farm.cluster.kill_controller()
    wait_for("a task ends without a controller",
             lambda: before - processes(f"-o\0{farm.dataset}\0"))
    farm.cluster.start_controller()
    wait_for("the controller answers", farm.cluster.states)
    say("the controller was killed, a task ended meanwhile, and it came back")


def check_end(farm, hash_of_one, one):
    wait_for("the farm comes to its end", farm.ended, SECONDS)
    jobs = farm.jobs()
    restarts = {task: int(job["Restarts"]) for task, job in jobs.items() if int(job["Restarts"])}
    say(f"ended; restarts: {restarts}")
    for task, job in jobs.items():
        if job["JobState"] != "COMPLETED":
            say(f"{task}: {job['JobState']}, exit code {job['ExitCode']}")
    last = jobs[str(max(int(task) for task in jobs if "_" not in task))]
    require(last["JobState"] == "COMPLETED", f"the last finish job is {last['JobState']}")
    logs = farm.dataset.with_suffix(".farm")
    require(list(logs.glob("chunks-*.log")), "no second round made what the cancelled task left")
    said = (logs / f"finish-{last['JobId']}.log").read_text().split()
    require(said and said[-1] == hash_of_one,
            f"the cluster's hash is {said[-1:]}, a single machine's is {hash_of_one}")
    differ = files_below(farm.dataset) ^ files_below(one)
    require(not differ, f"not in both datasets: {sorted(differ)[:5]}")
    left = processes(str(farm.dataset))
    require(not left, f"processes are left: {left}")


def check(orrery, scene, folder, dataset):
    one = folder / "one"
    own = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache-of-one"))
    said = run(orrery, "generate", scene, *MADE, "-o", one, env=own)
    hash_of_one = said.split()[-1]
    say(f"a single machine: {hash_of_one}")
    with Cluster(folder / "slurm") as cluster:
        say(f"cluster is up: {cluster.states()}")
        script = folder / "farm.sh"
        run(orrery, "farm", "slurm", scene, *MADE, "-o", dataset, "--tasks", TASKS, "--name", NAME,
            "--lanes", 1, "--no-gpu", "--cores", 1, "--memory", 1, "--program", orrery,
            "--script", script, "--sbatch=--partition=batch")
        say(cluster.run("bash", script))
        farm = Farm(cluster, dataset)
        lost = lose_power(farm)
        cancel(farm)
        requeue(farm)
        drain(farm)
        preempt(farm)
        lose_controller(farm)
        come_back(farm, *lost)
        check_end(farm, hash_of_one, one)
    left = processes(str(folder / "slurm"))
    require(not left, f"processes of the cluster are left: {left}")
    say("the same hash, and nothing is left")


def keep_logs(folder, logs):
    shutil.rmtree(logs, ignore_errors=True)
    shutil.copytree(folder, logs, ignore=shutil.ignore_patterns(
        "one", "set", "cache*", "spool", "state", "*.socket*", "*.key"))


def stop(number, _):
    raise TimeoutError(f"not done within {SECONDS} s" if number == signal.SIGALRM else "stopped")


def main():
    orrery, scene, logs = (pathlib.Path(path).absolute() for path in sys.argv[1:])
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    signal.alarm(SECONDS)
    with tempfile.TemporaryDirectory(prefix="orrery-", dir="/tmp") as name:
        folder = pathlib.Path(name)
        (folder / "slurm").mkdir()
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        try:
            check(orrery, scene, folder, folder / "set")
        except (Exception, KeyboardInterrupt) as error:
            keep_logs(folder, logs)
            sys.exit(f"slurm_run.py: {error or type(error).__name__} (logs: {logs})")


main()
