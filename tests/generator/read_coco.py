"""Reads FOLDER/coco.json with pycocotools; FOLDER/<annotation id>.mask holds the mask it must find.

Usage: read_coco.py FOLDER COUNT CLASS...
"""

import pathlib
import sys

import numpy as np
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

folder = pathlib.Path(sys.argv[1])
coco = COCO(str(folder / "coco.json"))
ids = sorted(coco.getAnnIds())
assert ids == list(range(1, int(sys.argv[2]) + 1)), ids
classes = sys.argv[3:]
assert coco.getCatIds() == list(range(1, len(classes) + 1))
assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == classes

for annotation in coco.loadAnns(ids):
    image = coco.imgs[annotation["image_id"]]
    raw = np.fromfile(folder / f"{annotation['id']}.mask", dtype=np.uint8)
    wanted = raw.reshape(image["height"], image["width"])
    found = coco.annToMask(annotation)
    assert np.array_equal(found, wanted), annotation["id"]
    assert annotation["area"] == wanted.sum()
    rows, columns = np.nonzero(wanted)
    x, y = columns.min(), rows.min()
    box = [x, y, columns.max() + 1 - x, rows.max() + 1 - y]
    assert annotation["bbox"] == box, (annotation["bbox"], box)
    # Their encoder writes the very text that ours does.
    encoded = coco_mask.encode(np.asfortranarray(wanted))
    assert encoded["counts"].decode() == annotation["segmentation"]["counts"]
    amodal = coco_mask.decode(annotation["amodal_segmentation"])
    assert np.all(amodal >= found)
    hidden = sum(o["area"] for o in annotation["occluders"])
    assert amodal.sum() - found.sum() == hidden
    assert annotation["amodal_area"] >= amodal.sum()
