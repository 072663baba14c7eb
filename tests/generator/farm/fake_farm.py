"""A Slurm of one machine, and an orrery that makes empty chunks: what a farm's script is tried on.

`fake_farm.py FOLDER run SCRIPT` runs the script and then what it submitted, job by job, until nothing
is left, and prints what happened as JSON. `fake_farm.py FOLDER drain SCRIPT STATE` runs the first
task, sends SIGTERM to its shell while the job is in STATE, and prints how it ended. The other commands
(sbatch, scontrol, squeue, orrery) are called by the script through little programs in FOLDER/bin.

FOLDER/plan.json holds {"chunks": 12, "fails": [{"chunks": [3], "code": 74, "times": 1}]}: calls that
would make chunk 3 make those before it and end with 74, once; without "times" each time. With
"away": 2 the first two tries of jobs to submit others fail; with "finish_fails": 2 the first two
calls of finish end with 75.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

LARGEST_ARRAY = 1001  # Slurm's own MaxArraySize


def numbers(text):
    found = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        found += range(int(low), int(high or low) + 1)
    return found


def ranges(values):
    parts = []
    for value in sorted(values):
        if parts and parts[-1][1] == value - 1:
            parts[-1][1] = value
        else:
            parts.append([value, value])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.made = self.path / "made"
        self.queue = self.path / "queue"
        for folder in (self.made, self.queue):
            folder.mkdir(exist_ok=True)

    def plan(self):
        return json.loads((self.path / "plan.json").read_text())

    def log(self, name, value):
        with open(self.path / name, "a") as file:
            file.write(json.dumps(value) + "\n")

    def logged(self, name):
        file = self.path / name
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def first_times(folder, rule):
    """Whether this is one of the first calls, of as many as the plan has for the rule."""
    counter = folder.path / f"times-{rule}"
    times = len(counter.read_text()) if counter.exists() else 0
    counter.write_text("x" * (times + 1))
    return times < folder.plan().get(rule, 0)


def sbatch(folder, words):
    if "SLURM_JOB_ID" in os.environ and first_times(folder, "away"):
        sys.exit("sbatch: error: Batch job submission failed: Unable to contact slurm controller")
    options = {}
    while words and words[0].startswith("--"):
        name, _, value = words.pop(0)[2:].partition("=")
        options[name] = value
    script, *arguments = words
    indexes = [None]
    if "array" in options:
        indexes = numbers(options["array"].partition("%")[0])
        if max(indexes) >= LARGEST_ARRAY:
            sys.exit("sbatch: error: Invalid job array specification")
    number = 100 + len(list(folder.queue.iterdir()))
    spool = folder.queue / str(number)
    spool.mkdir()
    shutil.copy(script, spool / "slurm_script")
    job = {"id": number, "options": options, "arguments": arguments, "indexes": indexes,
           "inherited_restarts": "SLURM_RESTART_COUNT" in os.environ}
    (spool / "job.json").write_text(json.dumps(job))
    print(f"{number};somewhere")


def scontrol(folder, words):
    folder.log("scontrol.log", words)


def squeue(folder, words):
    assert "--noheader" in words and "--format=%T" in words
    folder.log("squeue.log", words)
    state = folder.path / "state"
    print(state.read_text() if state.exists() else "RUNNING")


def fails(folder, plan, chunk):
    for number, rule in enumerate(plan["fails"]):
        counter = folder.path / f"failed-{number}"
        times = len(counter.read_text()) if counter.exists() else 0
        if chunk in rule["chunks"] and times < rule.get("times", 1 << 30):
            counter.write_text("x" * (times + 1))
            return rule["code"]
    return 0


def orrery(folder, words):
    folder.log("orrery.log", words)
    plan = folder.plan()
    made = {int(file.name) for file in folder.made.iterdir()}
    if words[0] == "finish":
        if first_times(folder, "finish_fails"):
            sys.exit(75)
        missing = set(range(plan["chunks"])) - made
        if missing:
            print("missing: " + ranges(missing))
        sys.exit(1 if missing else 0)
    if plan.get("waits"):
        # At once: while Python ends, a second signal would kill it.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(75))
        (folder.path / "waiting").touch()
        time.sleep(60)
    if words[-2] == "--shard":
        share, of = map(int, words[-1].split("/"))
        mine = range(share, plan["chunks"], of)
    else:
        assert words[-2] == "--chunks"
        mine = numbers(words[-1])
    for chunk in mine:
        if chunk in made:
            continue
        code = fails(folder, plan, chunk)
        if code:
            sys.exit(code)
        (folder.made / str(chunk)).touch()


def start(folder, job, index, restarts):
    settings = dict(os.environ, SLURM_JOB_ID=str(job["id"]))
    if index is not None:
        settings["SLURM_ARRAY_JOB_ID"] = str(job["id"])
        settings["SLURM_ARRAY_TASK_ID"] = str(index)
        settings["SLURM_ARRAY_TASK_COUNT"] = str(len(job["indexes"]))
    if restarts:
        settings["SLURM_RESTART_COUNT"] = str(restarts)
    script = folder.queue / str(job["id"]) / "slurm_script"
    # Logs are what a person looks at when this goes wrong.
    log = open(folder.path / "jobs.log", "a")
    return subprocess.Popen(["bash", script, *job["arguments"]], env=settings, stdout=log,
                            stderr=log, cwd=job["options"]["chdir"], stdin=subprocess.DEVNULL)


def run_task(folder, job, index):
    """To its end, as often as it is requeued; the exit codes of all its runs."""
    name = str(job["id"]) if index is None else f"{job['id']}_{index}"
    codes = []
    while True:
        asked = folder.logged("scontrol.log").count(["requeue", name])
        codes.append(start(folder, job, index, len(codes)).wait(timeout=300))
        if folder.logged("scontrol.log").count(["requeue", name]) == asked:
            return codes


def submit(folder, script):
    path = f"{folder.path / 'bin'}:{os.environ['PATH']}"
    os.environ["PATH"] = path
    subprocess.run(["bash", script], check=True, stdout=sys.stderr)


def jobs_of(folder):
    return [json.loads((folder.queue / name / "job.json").read_text())
            for name in sorted(os.listdir(folder.queue), key=int)]


def run(folder, script):
    submit(folder, script)
    ended = {}
    while len(ended) < len(jobs_of(folder)):
        for job in jobs_of(folder):
            after = job["options"].get("dependency", "afterany").split(":")
            assert after[0] == "afterany", after
            if job["id"] in ended or any(int(number) not in ended for number in after[1:]):
                continue
            job["codes"] = [run_task(folder, job, index) for index in job["indexes"]]
            ended[job["id"]] = job
    return {"jobs": list(ended.values()), "calls": folder.logged("orrery.log"),
            "requeued": folder.logged("scontrol.log"),
            "made": sorted(int(file.name) for file in folder.made.iterdir())}


def drain(folder, script, state):
    submit(folder, script)
    (folder.path / "state").write_text(state)
    job = jobs_of(folder)[0]
    shell = start(folder, job, job["indexes"][0], 0)
    while not (folder.path / "waiting").exists():
        time.sleep(0.02)
    asked = time.monotonic()
    # Twice, as Slurm sends it; and only to the shell.
    shell.terminate()
    time.sleep(0.01)
    shell.terminate()
    code = shell.wait(timeout=300)
    return {"code": code, "seconds": time.monotonic() - asked,
            "requeued": folder.logged("scontrol.log")}


def main():
    path, command, *words = sys.argv[1:]
    folder = Folder(path)
    if command in ("run", "drain"):
        print(json.dumps(globals()[command](folder, *words)))
    else:
        {"sbatch": sbatch, "scontrol": scontrol, "squeue": squeue,
         "orrery": orrery}[command](folder, words)


main()
