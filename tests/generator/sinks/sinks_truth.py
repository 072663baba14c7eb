"""What the readers of sinks share: FOLDER/truth.json, and how labels are compared with it."""

import importlib
import json
import pathlib
import sys

import numpy as np

form, folder = sys.argv[1], pathlib.Path(sys.argv[2])
root = folder / form
truth = json.loads((folder / "truth.json").read_text())
left_out = json.loads((folder / "left_out.json").read_text())[form]
classes = truth["classes"]


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"skipped: {form} is not read with {name}, which is not installed")
        return None


def mask_of(image, label):
    rows = np.frombuffer(label["mask"].encode(), np.uint8) - ord("0")
    return rows.reshape(image["height"], image["width"]).astype(bool)


def near(a, b, tolerance=1e-4):
    assert np.allclose(a, b, rtol=0, atol=tolerance), (a, b)


def labels_of(image, crowds=False):
    return [a for a in image["labels"] if crowds or not a["crowd"]]


def rasterised(polygon, width, height):
    """Pixels whose centre is inside (even-odd), one by one: written from the definition."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    inside = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1]):
        if ay == by:
            continue
        crosses = ((ay <= y) != (by <= y)) & (x < ax + (y - ay) / (by - ay) * (bx - ax))
        inside ^= crosses
    return inside


def filled(mask):
    """The mask with its holes filled, each connected part (by edges) for itself."""
    cv2 = importlib.import_module("cv2")
    out = np.zeros(mask.shape, bool)
    count, parts = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    for part in range(1, count):
        around = np.pad((parts != part).astype(np.uint8), 1, constant_values=1)
        # What is reached from outside, corners included, is no hole.
        _, regions = cv2.connectedComponents(around, connectivity=8)
        out |= (regions != regions[0, 0])[1:-1, 1:-1]
    return out


def members(split=None, fold=None, val=False):
    for image in truth["images"]:
        if split is not None:
            if image["split"] == split:
                yield image
        elif image.get("fold") == fold:
            if val and not image["train_only"]:
                yield image
        elif not val and ("fold" in image or image["train_only"]):
            yield image
