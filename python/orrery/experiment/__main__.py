"""Do rendered images help? Trains and compares: python -m orrery.experiment FILE -o FOLDER.

Run again to continue: what is done is not done again.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
from pathlib import Path

import torch

from .. import Error
from ..coco import write_json
from ..train.loop import native_precision
from .config import read_experiment
from .data import file_name, find_program, photos, synthetic, without_feature
from .folds import training_photos
from .plan import plan, steps_in_all
from .report import page
from .schedule import carry_out
from .score import Scorer, compare, summarize


def jobs_here(device):
    """One on a GPU. Else a training for each core; for each two where products are in float32,
    whose convolutions torch has no fast way for on one thread and small batches."""
    if device != "cpu":
        return 1
    cores = len(os.sched_getaffinity(0))
    fast = native_precision(torch.device("cpu"), "tiny") == "bfloat16"
    return cores if fast else max(1, cores // 2)


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="python -m orrery.experiment", description=__doc__)
    parser.add_argument("experiment", help="YAML file")
    parser.add_argument("-o", "--out", help="folder for all that is made [out/ and FILE's name]")
    parser.add_argument("--program", help="the program orrery [the package's]")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu",
                        help="of the trainings [%(default)s]")
    parser.add_argument("--jobs", type=int,
                        help="trainings at a time, which share the cores [1 on a GPU, else what "
                        "suits the processor]")
    options = parser.parse_args(arguments)
    if options.jobs is None:
        options.jobs = jobs_here(options.device)
    return options


def facts_of(experiment, taken, made, without):
    """What the figures rest on."""
    def told(packed):
        return {"images": packed.images, "dataset_hash": packed.dataset_hash,
                "recipe_hash": packed.recipe_hash, **({"note": packed.note} if packed.note else {})}
    settings = dataclasses.asdict(experiment)
    return {"photos": {**told(taken.packed), "stand_in": taken.stand_in,
                       "groups": sorted(set(taken.groups))},
            "synthetic": told(made), "without": {name: told(one) for name, one in without.items()},
            "experiment": settings}


def run_experiment(file, folder, program=None, jobs=1, device="cpu", say=print):
    """Carries an experiment out. Returns (the report's path, whether every training succeeded)."""
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    experiment, program = read_experiment(file), find_program(program)
    taken = photos(program, experiment, folder, say)
    for count in experiment.photos:  # too many are told before anything is rendered
        for fold in range(experiment.folds):
            training_photos(taken.folds, fold, count, 0)
    made = synthetic(program, experiment, experiment.synthetic, "synthetic", folder, say)
    without = {one.name: synthetic(program, experiment, without_feature(experiment, one),
                                   "without_" + file_name(one.name), folder, say)
               for one in experiment.without}
    runs = plan(experiment, taken, made, without)
    scorer = Scorer(program, taken, folder)
    machine = {"threads": max(1, len(os.sched_getaffinity(0)) // jobs), "device": device}

    def write_plan(run):
        init = next((one for one in runs if one.hash == run.init), None)
        facts = {"run": dataclasses.asdict(run), "config_hash": run.hash,
                 "recipe_hash": made.recipe_hash, "seed": run.seed, **machine,
                 "dataset_hashes": [source["hash"] for source in run.sources],
                 "steps_in_all": steps_in_all(run, runs)}
        return {"run": dataclasses.asdict(run), "facts": facts, **machine,
                "program": program, "images": "/", "truth": str(scorer.fold_truth(run.fold)),
                "init": init and str(folder / "runs" / init.name / "last.pt")}

    outcomes = carry_out(runs, folder, write_plan, jobs, say)
    summaries = summarize(experiment, runs, outcomes, scorer)
    results = {"name": experiment.name, "arms": summaries,
               "differences": compare(experiment, summaries, scorer),
               "facts": facts_of(experiment, taken, made, without),
               "failed": [run.name for run in runs if outcomes[run.hash]["status"] != "done"]}
    results = _plain(results)
    write_json(folder / "results.json", results)
    report = folder / "report.html"
    draft = folder / f".report.{os.getpid()}"
    draft.write_text(page(experiment, taken, runs, outcomes, results, folder), encoding="utf-8")
    draft.replace(report)
    return report, not results["failed"]


def _plain(value):
    """The value as JSON holds it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def drain(*_):
    """Of a signal: the trainings end as well, and whoever runs this may run it again."""
    sys.exit(75)


def main(arguments=None):
    options = options_of(arguments)
    signal.signal(signal.SIGTERM, drain)
    if options.jobs < 1:
        raise Error(f"--jobs {options.jobs}: wanted 1 or more")
    report, complete = run_experiment(options.experiment,
                                      options.out or Path("out") / Path(options.experiment).stem,
                                      options.program, options.jobs, options.device,
                                      lambda text: print(text, flush=True))
    if not complete:
        print("some trainings failed; the report names them", file=sys.stderr)
    print(report)
    return 0 if complete else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Error as error:
        sys.exit(f"error: {error}")
