"""Carries out the runs of an experiment, some at a time, and keeps what came of each."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..coco import write_json


def outcome_of(folder):
    """What run.json says; None while there is none."""
    file = folder / "run.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def carry_out(runs, folder, write_plan, jobs, say):
    """Carries out what is not done yet. A run that failed before is tried again; one whose first
    part failed is not carried out. Whatever is raised meanwhile ends the trainings; they go on
    from their checkpoints the next time. Returns the outcome of each run by hash."""
    outcomes, waiting, going = {}, [], set()
    for run in runs:
        outcome = outcome_of(folder / "runs" / run.name)
        if outcome is not None and outcome["status"] == "done":
            outcomes[run.hash] = outcome
        else:
            waiting.append(run)
    say(f"{len(runs)} trainings, {len(outcomes)} of them done")
    for first in (True, False):  # those that others start from, then the others
        stage = [run for run in waiting if (run.init is None) == first]
        with ThreadPoolExecutor(jobs) as pool:
            futures = [pool.submit(_one, run, folder, write_plan, outcomes, going)
                       for run in stage]
            try:
                for run, future in zip(stage, futures):
                    outcomes[run.hash] = future.result()
                    say(f"{run.name}: {_told(outcomes[run.hash])}")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(going):
                    process.terminate()
                raise
    return outcomes


def _one(run, folder, write_plan, outcomes, going):
    place = folder / "runs" / run.name
    place.mkdir(parents=True, exist_ok=True)
    facts = {"run": dataclasses.asdict(run)}
    if run.init is not None and outcomes[run.init]["status"] != "done":
        outcome = {"status": "failed", "error": "what it starts from failed", **facts}
        write_json(place / "run.json", outcome)
        return outcome
    plan = write_plan(run)
    write_json(place / "plan.json", plan)
    (place / "run.json").unlink(missing_ok=True)
    here = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(p for p in (here, os.environ.get("PYTHONPATH")) if p)
    threads = str(plan["threads"])  # of NumPy's products as well
    env = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": threads,
           "OPENBLAS_NUM_THREADS": threads}
    with (open(place / "output.txt", "a", encoding="utf-8") as output,
          subprocess.Popen([sys.executable, "-m", "orrery.experiment.run", str(place)],
                           stdout=output, stderr=subprocess.STDOUT, env=env) as process):
        going.add(process)
        code = process.wait()
        going.remove(process)
    outcome = outcome_of(place)
    if outcome is None:  # killed from outside, by a signal or for its memory
        tail = (place / "output.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        outcome = {"status": "failed", "error": f"ended with {code}: {tail}", **facts}
        write_json(place / "run.json", outcome)
    return outcome


def _told(outcome):
    if outcome["status"] == "failed":
        return "FAILED: " + outcome["error"].strip().splitlines()[-1]
    if "figures" not in outcome:
        return f"{outcome['seconds']:.0f} s"
    return (f"AP50 {outcome['figures']['ap50']:.3f} on {outcome['images_tested']} images, "
            f"{outcome['seconds']:.0f} s")
