"""The trainings of an experiment: who learns from what, for how many steps, tested on what."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from .data import file_name, sha256
from .folds import training_photos

FORMAT = 2  # of run.json; part of every run's hash


@dataclass(frozen=True)
class Run:
    """One training. Equal hashes are equal trainings of equal data."""

    arm: str  # R, S, S>R, S+R; "pretrain": the first part of S>R; "S without …"
    photos: object  # how many real photos: a number, all, or None
    fold: object  # tested on this fold; None: on all photos
    seed: int
    sources: tuple  # of dicts: pool, hash, indices (None: all), share, widen
    steps: int
    rate: float
    init: str | None  # hash of the run it starts from
    settings: dict
    hash: str = ""

    @property
    def name(self):
        parts = [file_name(self.arm)]
        if self.photos is not None:
            parts.append(f"n{self.photos}")
        if self.fold is not None:
            parts.append(f"fold{self.fold}")
        return "_".join([*parts, f"seed{self.seed}", self.hash[:8]])


def _run(experiment, tested, **values):
    """A run of these values; `tested`: hash of the photos that it is tested on."""
    train = dataclasses.asdict(experiment.train)
    for key in ("steps", "rate", "seed"):
        train.pop(key)
    run = Run(settings=train, **values)
    told = dataclasses.asdict(run)
    for source in told["sources"]:
        source.pop("pool")  # where the images are does not matter, which they are does
    return dataclasses.replace(run, hash=sha256(FORMAT, tested, told))


def plan(experiment, photos, synthetic, without):
    """All runs, those that others start from first.

    `photos`: data.Photos; `synthetic`: data.Packed; `without`: a Packed for each name. Every arm
    takes `train.steps` optimiser steps in all: S>R shares them between S and R.
    """
    train, all_steps = experiment.train, experiment.train.steps
    later = min(max(1, round(all_steps * experiment.finetune)), all_steps - 1)

    def made(packed, share=1.0):
        return {"pool": str(packed.folder), "hash": packed.hash, "indices": None, "share": share,
                "widen": experiment.box_margin}

    def real(fold, count, seed, share=1.0):
        return {"pool": str(photos.packed.folder), "hash": photos.packed.hash, "share": share,
                "indices": training_photos(photos.folds, fold, count, seed), "widen": None}

    runs, first = [], {}
    for seed in experiment.seeds:
        common = {"seed": seed, "rate": train.rate, "init": None, "tested": photos.packed.hash}
        if "S" in experiment.arms:
            runs.append(_run(experiment, arm="S", photos=None, fold=None, steps=all_steps,
                             sources=(made(synthetic),), **common))
        for name, packed in without.items():
            runs.append(_run(experiment, arm=f"S without {name}", photos=None, fold=None,
                             steps=all_steps, sources=(made(packed),), **common))
        if "S>R" in experiment.arms:
            first[seed] = _run(experiment, arm="pretrain", photos=None, fold=None,
                               steps=all_steps - later, sources=(made(synthetic),), **common)
            runs.append(first[seed])
        for count in experiment.photos:
            for fold in range(experiment.folds):
                here = {"photos": count, "fold": fold}
                if "R" in experiment.arms:
                    runs.append(_run(experiment, arm="R", steps=all_steps, **here, **common,
                                     sources=(real(fold, count, seed),)))
                if "S+R" in experiment.arms:
                    share = experiment.real_share
                    runs.append(_run(experiment, arm="S+R", steps=all_steps, **here, **common,
                                     sources=(made(synthetic, 1 - share),
                                              real(fold, count, seed, share))))
                if "S>R" in experiment.arms:
                    fine = {**common, "rate": train.rate * experiment.finetune_rate,
                            "init": first[seed].hash}
                    runs.append(_run(experiment, arm="S>R", steps=later, **here, **fine,
                                     sources=(real(fold, count, seed),)))
    return sorted(runs, key=lambda run: run.init is not None)


def steps_in_all(run, runs):
    """Optimiser steps behind a run's weights, those of the run it starts from included."""
    before = next((one.steps for one in runs if one.hash == run.init), 0)
    return before + run.steps
