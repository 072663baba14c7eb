"""What the runs add up to: figures by arm and number of photos, and differences between arms.

The detections of all folds are pooled for each (arm, photos, seed) and scored by `orrery evaluate`
as one set, so that every photo is tested by a net that has not seen its capture group. Seeds are
averaged. Intervals are of the seeds stacked: the test set once for each seed, where a resample
takes a capture group with what all seeds found in it.
"""

from __future__ import annotations

import json
import statistics

from ..coco import write_json, write_truth
from .data import call, file_name

RESAMPLES = 1000


class Scorer:
    def __init__(self, program, photos, folder):
        self.program, self.photos, self.folder = program, photos, folder
        self.truth = folder / "truth.json"
        write_truth(self.truth, photos.samples, photos.groups, photos.folds)
        content = json.loads(self.truth.read_text(encoding="utf-8"))
        self.content = content
        self.step = max(image["id"] for image in content["images"]) + 1
        for fold in sorted(set(photos.folds)):
            images = [one for one in content["images"] if one["fold"] == fold]
            write_json(self.fold_truth(fold), _part(content, images))

    def fold_truth(self, fold):
        """The truth of one fold's photos, or of all for None."""
        return self.truth if fold is None else self.folder / f"truth_fold{fold}.json"

    def evaluate(self, truth, detections, against=None):
        command = [self.program, "evaluate", str(truth), str(detections), "--json", "--bootstrap",
                   str(RESAMPLES)]
        if against is not None:
            command += ["--against", str(against)]
        return json.loads(call(command))

    def stacked_truth(self, count):
        """The truth, `count` times, with the same capture groups."""
        path = self.folder / "scores" / f"truth_x{count}.json"
        out = {"images": [], "annotations": [], "categories": self.content["categories"]}
        for k in range(count):
            for image in self.content["images"]:
                out["images"].append({**image, "id": image["id"] + k * self.step})
            for one in self.content["annotations"]:
                out["annotations"].append({**one, "id": len(out["annotations"]) + 1,
                                           "image_id": one["image_id"] + k * self.step})
        write_json(path, out)
        return path

    def stacked(self, name, files):
        """Detections of the seeds, each on its own copy of the truth."""
        path = self.folder / "scores" / f"{name}_stacked.json"
        write_json(path, [{**one, "image_id": one["image_id"] + k * self.step}
                          for k, file in enumerate(files)
                          for one in json.loads(file.read_text(encoding="utf-8"))])
        return path


def _part(content, images):
    ids = {image["id"] for image in images}
    return {**content, "images": images,
            "annotations": [one for one in content["annotations"] if one["image_id"] in ids]}


def key_of(arm, count):
    """`S>R, 10 photos`, as results name it."""
    return arm if count is None else f"{arm}, {count} photos"


def summarize(experiment, runs, outcomes, scorer):
    """Scores by key, in the order of the plan. What is incomplete has no figures, but a reason."""
    table = {}
    for run in runs:
        if run.arm != "pretrain":
            table.setdefault((run.arm, run.photos), []).append(run)
    return {key_of(*key): _summary(experiment, key, table[key], outcomes, scorer)
            for key in table}


def _summary(experiment, key, runs, outcomes, scorer):
    name = file_name(f"{runs[0].arm}_{runs[0].photos}_{runs[0].hash[:8]}")
    out = {"arm": key[0], "photos": key[1], "name": name, "seeds": [], "lacks": []}
    files = []
    for seed in experiment.seeds:
        mine = [run for run in runs if run.seed == seed]
        failed = [run.name for run in mine if outcomes[run.hash]["status"] != "done"]
        if failed:
            out["lacks"].append({"seed": seed, "failed": failed})
            continue
        pooled = [one for run in mine for one in json.loads(
            (scorer.folder / "runs" / run.name / "detections.json").read_text(encoding="utf-8"))]
        path = scorer.folder / "scores" / f"{name}_seed{seed}.json"
        write_json(path, pooled)
        files.append(path)
        scores = scorer.evaluate(scorer.truth, path)
        out["seeds"].append({
            "seed": seed, "detections": str(path.relative_to(scorer.folder)),
            "ap50": scores["stats"]["AP50"], "ap": scores["stats"]["AP"],
            "intervals": scores["intervals"],
            "classes": {one["name"]: one["ap50"] for one in scores["classes"]},
            "folds": {one["name"]: one["ap50"] for one in scores["slices"]
                      if one["name"].startswith("fold ")},
            "seconds": sum(outcomes[one]["seconds"] for one in
                           {run.hash for run in mine} | {run.init for run in mine if run.init})})
    if files:
        for measure in ("ap50", "ap"):
            values = [one[measure] for one in out["seeds"]]
            out[measure] = statistics.fmean(values)
            out[f"{measure}_sd"] = statistics.stdev(values) if len(values) > 1 else None
        truth = scorer.stacked_truth(len(files))
        stack = scorer.stacked(name, files)
        scores = scorer.evaluate(truth, stack)
        out["stacked"] = {"detections": str(stack.relative_to(scorer.folder)),
                          "copies": len(files), "ap50": scores["stats"]["AP50"],
                          "ap": scores["stats"]["AP"], "intervals": scores["intervals"]}
    return out


def largest(counts):
    """Of numbers of photos."""
    return "all" if "all" in counts else max(counts)


def pairs_of(experiment, summaries):
    """Which keys are compared, first minus second."""
    counts = experiment.photos
    most = largest(counts)
    smallest = min((n for n in counts if n != "all"), default=most)
    pairs = []
    for n in counts:
        pairs += [(key_of("S>R", n), key_of("R", n)), (key_of("S+R", n), key_of("R", n)),
                  ("S", key_of("R", n))]
    pairs += [(key_of(arm, most), "S") for arm in ("S>R", "S+R")]
    if smallest != most:
        pairs += [(key_of(arm, smallest), key_of("R", most)) for arm in ("S>R", "S+R")]
    pairs += [(key_of(f"S without {one.name}", None), "S") for one in experiment.without]
    return [pair for pair in pairs if all(key in summaries for key in pair)]


def compare(experiment, summaries, scorer):
    """Paired differences: of each pair the mean over seeds, and the interval of the stack."""
    out = []
    for a, b in pairs_of(experiment, summaries):
        first, second = summaries[a], summaries[b]
        entry = {"first": a, "second": b}
        seeds = [[one["seed"] for one in side["seeds"]] for side in (first, second)]
        if seeds[0] != seeds[1] or not seeds[0]:
            entry["lacks"] = f"{a} has the seeds {seeds[0]}, {b} has {seeds[1]}"
        else:
            copies = first["stacked"]["copies"]
            scores = scorer.evaluate(scorer.stacked_truth(copies),
                                     scorer.folder / first["stacked"]["detections"],
                                     scorer.folder / second["stacked"]["detections"])
            for measure in ("ap50", "ap"):
                differences = [x[measure] - y[measure]
                               for x, y in zip(first["seeds"], second["seeds"])]
                entry[measure] = {"mean": statistics.fmean(differences), "seeds": differences,
                                  "stacked": first["stacked"][measure] - second["stacked"][measure],
                                  **scores["comparison"][measure]}
        out.append(entry)
    return out
