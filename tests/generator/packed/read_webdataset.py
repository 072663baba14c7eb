"""Reads shards with Python's tarfile and with webdataset, and compares them with the truth.

Usage: read_webdataset.py SHARDS TRUTH MOST_BYTES
"""

import hashlib
import io
import json
import pathlib
import sys
import tarfile

import numpy as np
import webdataset
from PIL import Image, ImageOps
from pycocotools import mask as coco_mask

shards, truth = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
most_bytes = int(sys.argv[3])
wanted = json.loads((truth / "truth.json").read_text())


def shards_of(folder):
    """The shards that index.json lists, checked."""
    index = json.loads((folder / "index.json").read_text())
    assert index["classes"] == wanted["classes"]
    paths = [folder / shard["url"] for shard in index["shardlist"]]
    assert sorted(folder.glob("*.tar")) == paths
    for path, shard in zip(paths, index["shardlist"]):
        data = path.read_bytes()
        assert len(data) == shard["filesize"]
        assert len(data) <= most_bytes or shard["nsamples"] == 1, len(data)
        assert shard["nsamples"] <= 9
        assert hashlib.sha256(data).hexdigest() == shard["sha256"]
        check_tar(path, shard["nsamples"])
    return paths


def check_tar(path, samples):
    with tarfile.open(path, errorlevel=2) as tar:
        assert not tar.pax_headers
        members = tar.getmembers()
    assert path.read_bytes()[257:265] == b"ustar\x0000"
    names = [m.name for m in members]
    assert names == sorted(set(names)), names
    keys = [n.split(".")[0] for n in names]
    changes = 1 + sum(a != b for a, b in zip(keys, keys[1:]))
    assert changes == len(set(keys)) == samples, "members of a key are apart"
    for m in members:
        assert m.isreg() and (m.mtime, m.uid, m.gid, m.mode) == (0, 0, 0, 0o644)


def check_picture(sample, image):
    data = sample.get("jpg") or sample["png"]
    source = pathlib.Path(image["file"]).read_bytes()
    original = Image.open(io.BytesIO(source))
    found = Image.open(io.BytesIO(data))
    assert found.format == ("JPEG" if "jpg" in sample else "PNG")
    assert found.size == (image["width"], image["height"])
    if original.getexif().get(274, 1) == 1:
        assert data == source
    upright = ImageOps.exif_transpose(original).convert("RGB")
    off = np.abs(np.asarray(upright, int) - np.asarray(found.convert("RGB"), int))
    assert off.mean() < 1, off.mean()


def check_label(found, label, image):
    x0, y0, x1, y1 = label["box"]
    assert found["bbox"] == [x0, y0, x1 - x0, y1 - y0]
    assert found["class"] == wanted["classes"][label["class_id"]]
    assert bool(found["iscrowd"]) == label["crowd"]
    for key in ("id", "class_id", "area", "hard", "loose", "weight"):
        assert found[key] == label[key], key
    points = [v for point in label["keypoints"] for v in point]
    assert found.get("keypoints", []) == points
    assert ("segmentation" in found) == label["is_mask"]
    if label["is_mask"]:
        raw = np.fromfile(truth / label["mask"], np.uint8)
        mask = coco_mask.decode(found["segmentation"])
        assert np.array_equal(mask, raw.reshape(image["height"], image["width"]))
    elif label["mask"]:
        assert len(found["polygons"][0]) == 6


def check_split(folder, images):
    paths = shards_of(folder)
    assert len(paths) > 1, "one shard would prove little"
    dataset = webdataset.WebDataset([str(p) for p in paths], shardshuffle=False)
    samples = list(dataset)
    assert len(samples) == len(images)
    for sample, (number, image) in zip(samples, images):
        assert sample["__key__"] == f"{number:08d}"
        found = json.loads(sample["json"])
        for key in ("name", "width", "height", "split"):
            assert found[key] == image[key], key
        assert (found["fold"] if found["fold"] is not None else -1) == image["fold"]
        assert [[p["kind"], p["name"]] for p in found["lineage"]] == image["lineage"]
        check_picture(sample, image)
        assert len(found["labels"]) == len(image["labels"])
        for a, b in zip(found["labels"], image["labels"]):
            check_label(a, b, image)


splits = sorted({image["split"] for image in wanted["images"]})
assert sorted(p.parent.relative_to(shards).as_posix() for p in shards.rglob("index.json")) == [
    s or "." for s in splits
]
for split in splits:
    check_split(
        shards / split,
        [(n, i) for n, i in enumerate(wanted["images"]) if i["split"] == split],
    )
