"""One training of an experiment: python -m orrery.experiment.run FOLDER.

FOLDER/plan.json says what is to be done; FOLDER/run.json is written last and says how it went.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path

import torch

from .. import Error
from ..coco import CocoSamples, write_json
from ..train.augment import Augment
from ..train.batches import Batches
from ..train.loop import Settings, Training, train
from ..train.packed import PackedSamples
from ..train.predict import coco_results, detect
from .data import call


def carry_out(folder, plan):
    """Trains, detects, scores. Returns the figures."""
    run = plan["run"]
    if plan["threads"]:
        torch.set_num_threads(plan["threads"])
    settings = Settings(**{**run["settings"], "augment": Augment(**run["settings"]["augment"])},
                        steps=run["steps"], rate=run["rate"], seed=run["seed"])
    sources = [PackedSamples(one["pool"], one["indices"], one["widen"]) for one in run["sources"]]
    batches = Batches(sources, [one["share"] for one in run["sources"]], settings)
    training = Training(settings, sources[0].classes, plan["init"], plan["device"],
                        data=run["hash"])
    train(training, batches, folder, say=lambda text: print(text, flush=True))
    done = {"seconds": round(training.seconds, 1), "steps": training.step,
            "precision": training.precision}
    if run["arm"] == "pretrain":
        return done
    truth = CocoSamples(plan["truth"], plan["images"])
    training.detector.eval()
    start = time.monotonic()
    found = detect(training.detector, truth, settings.side, device=plan["device"])
    speed = len(truth) / (time.monotonic() - start)
    ids = [i + 1 for i in range(len(truth.classes))]
    write_json(folder / "detections.json", coco_results(found, truth.image_ids, ids))
    scores = json.loads(call([plan["program"], "evaluate", plan["truth"],
                              str(folder / "detections.json"), "--bootstrap", "0", "--json"]))
    return {"figures": {key: max(scores["stats"][key.upper()], 0.0) for key in ("ap50", "ap")},
            **done, "images_tested": len(truth), "detected_per_second": round(speed, 2)}


def main(folder):
    folder = Path(folder)
    plan = json.loads((folder / "plan.json").read_text())
    try:
        outcome = {"status": "done", **carry_out(folder, plan)}
    except Exception as error:  # whatever it is, it is the outcome of this run
        known = isinstance(error, Error)
        outcome = {"status": "failed",
                   "error": str(error) if known else traceback.format_exc()[-4000:]}
    # torch's and numpy's versions decide whether a training can be had again bit by bit
    write_json(folder / "run.json", {**outcome, **plan["facts"], "torch": torch.__version__})
    return 0 if outcome["status"] == "done" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
