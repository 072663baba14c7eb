"""Reads an image folder with Hugging Face's datasets, and compares it with the truth.

Usage: read_imagefolder.py FOLDER TRUTH [SPLIT WITHOUT OBJECTS]
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
cache = tempfile.TemporaryDirectory()
os.environ["HF_HOME"] = cache.name

import datasets
import numpy as np
from PIL import Image, ImageOps
from pycocotools import mask as coco_mask

datasets.disable_progress_bars()
folder, truth = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
wanted = json.loads((truth / "truth.json").read_text())


def check_objects(found, image):
    labels = image["labels"]
    assert found["id"] == [label["id"] for label in labels]
    boxes = [[b[0], b[1], b[2] - b[0], b[3] - b[1]] for b in (label["box"] for label in labels)]
    assert found["bbox"] == boxes
    assert found["category"] == [label["class_id"] for label in labels]
    assert found["label"] == [wanted["classes"][label["class_id"]] for label in labels]
    for key, of in (
        ("area", "area"),
        ("iscrowd", "crowd"),
        ("hard", "hard"),
        ("loose", "loose"),
        ("weight", "weight"),
    ):
        assert found[key] == [label[of] for label in labels], key
    for counts, label in zip(found["mask"], labels):
        assert bool(counts) == bool(label["mask"])
        if counts:
            size = [image["height"], image["width"]]
            raw = np.fromfile(truth / label["mask"], np.uint8).reshape(size)
            assert np.array_equal(coco_mask.decode({"size": size, "counts": counts}), raw)
    for points, label in zip(found["keypoints"], labels):
        flat = [v for point in label["keypoints"] for v in point]
        assert points == flat + [0] * (9 - len(flat))


def check_split(rows, images):
    assert len(rows) == len(images)
    by_name = {image["name"]: image for image in images}
    for row in rows:
        image = by_name.pop(row["name"])
        for key in ("width", "height", "fold"):
            assert row[key] == image[key], key
        lineage = json.loads(row["lineage"])
        assert [[p["kind"], p["name"]] for p in lineage] == image["lineage"]
        upright = ImageOps.exif_transpose(Image.open(image["file"])).convert("RGB")
        # A JPEG on its side that cannot be turned block by block is encoded anew.
        found, wanted = (np.asarray(i.convert("RGB"), float) for i in (row["image"], upright))
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).mean() < 3, np.abs(found - wanted).mean()
        check_objects(row["objects"], image)


def images_of(split):
    return [image for image in wanted["images"] if image["split"] == split]


splits = sorted({image["split"] for image in wanted["images"]})
for metadata in folder.rglob("metadata.jsonl"):
    keys = [list(json.loads(line)) for line in metadata.read_text().splitlines()]
    assert all(k == keys[0] for k in keys)
apart = sys.argv[3:]  # configurations of their own
dataset = datasets.load_dataset(str(folder))
for split in apart:
    word = split.replace("-", "_")
    dataset[word] = datasets.load_dataset(str(folder), word)[word]
names = {split.replace("-", "_") or "train": split for split in splits}
assert set(dataset) == set(names), dataset
for name, split in names.items():
    check_split(dataset[name], images_of(split))

# The plain call finds splits by their usual names, and never one in another.
if not apart:
    plain = datasets.load_dataset("imagefolder", data_dir=str(folder))
    if splits == [""]:
        check_split(plain["train"], images_of(""))
    else:
        check_split(plain["train"], images_of("train"))
        check_split(plain["validation"], images_of("val"))
cache.cleanup()
