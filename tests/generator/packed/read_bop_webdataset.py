"""Reads BOP-WebDataset shards, and finds in them what the scenes of the same images hold.

Usage: read_bop_webdataset.py SHARDS BOP
"""

import io
import json
import pathlib
import sys
import tarfile

import numpy as np
import webdataset
from PIL import Image

shards, bop = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def decoded(rle):
    """Run lengths down the columns, starting with zeros."""
    flat = np.zeros(rle["size"][0] * rle["size"][1], bool)
    at = 0
    for i, run in enumerate(rle["counts"]):
        flat[at : at + run] = i % 2
        at += run
    assert at == len(flat)
    return flat.reshape(rle["size"], order="F")


def check_image(load, key, split):
    scene_id, im = key.split("_")
    scene = bop / split / scene_id
    for kind in ("camera", "gt", "gt_info"):
        wanted = json.loads((scene / f"scene_{kind}.json").read_text())[str(int(im))]
        assert json.loads(load(f"{kind}.json")) == wanted, (key, kind)
    (rgb,) = (scene / "rgb").glob(f"{im}.*")
    assert load("rgb" + rgb.suffix) == rgb.read_bytes()
    assert load("depth.png") == (scene / f"depth/{im}.png").read_bytes()
    count = len(json.loads(load("gt.json")))
    for kind in ("mask", "mask_visib"):
        masks = json.loads(load(f"{kind}.json"))
        assert list(masks) == [str(k) for k in range(count)]
        for k, rle in masks.items():
            wanted = np.asarray(Image.open(scene / kind / f"{im}_{int(k):06d}.png")) > 0
            assert np.array_equal(decoded(rle), wanted)
    return count


def check_split(folder):
    keys = json.loads((folder / "key_to_shard.json").read_text())
    paths = sorted(folder.glob("shard-*.tar"))
    assert len(paths) > 1
    found, labels = {}, 0
    for number, path in enumerate(paths):
        assert path.name == f"shard-{number:06d}.tar"
        with tarfile.open(path) as tar:
            order = [name.split(".")[0] for name in tar.getnames()]
            runs = [k for i, k in enumerate(order) if i == 0 or order[i - 1] != k]
            assert len(runs) == len(set(runs)) <= 1000
            for key in runs:
                found[key] = number
                load = lambda ext: tar.extractfile(f"{key}.{ext}").read()
                labels += check_image(load, key, folder.name)
    assert found == keys
    dataset = webdataset.WebDataset([str(p) for p in paths], shardshuffle=False)
    assert [sample["__key__"] for sample in dataset] == list(keys)
    return labels


models = (shards / "models/models_info.json").read_text()
assert models == (bop / "models/models_info.json").read_text()
splits = sorted(p.name for p in shards.iterdir() if p.name != "models")
assert splits == sorted(p.name for p in bop.iterdir() if p.name != "models")
assert sum(check_split(shards / split) for split in splits) > 20
