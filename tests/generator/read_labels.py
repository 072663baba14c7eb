"""Reads a dataset made with --panoptic and --flow the way others do, and checks what must hold.

Usage: read_labels.py DATASET
"""

import json
import pathlib
import struct
import sys
import zlib

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def read_png(path):
    """Pixels of a PNG without interlacing, as rows of channels; 16 bits a channel stay 16."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, bits, color = struct.unpack(">IIBB", data[16:26])
    channels = {0: 1, 2: 3, 6: 4}[color]
    packed, at = b"", 8
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += 12 + size
    step = channels * bits // 8
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * step)
    out = np.zeros((height, width * step), np.uint8)
    for y in range(height):
        kind, row = raw[y, 0], raw[y, 1:]
        if kind == 0:
            out[y] = row
        elif kind == 1:
            out[y] = np.cumsum(row.reshape(width, step), axis=0, dtype=np.uint8).reshape(-1)
        else:
            assert kind == 2, kind
            out[y] = row + (out[y - 1] if y else 0)
    pixels = out.reshape(height, width, channels, bits // 8)
    return pixels[..., 0] if bits == 8 else pixels.astype(np.uint16) @ np.array([256, 1], np.uint16)


folder = pathlib.Path(sys.argv[1])
coco = COCO(str(folder / "annotations/instances_default.json"))
panoptic = json.loads((folder / "annotations/panoptic_default.json").read_text())
categories = {c["id"]: c for c in panoptic["categories"]}
assert len(categories) == len(panoptic["categories"])
assert [c["name"] for c in panoptic["categories"] if c["isthing"]] == [
    c["name"] for c in coco.loadCats(coco.getCatIds())
]
assert [a["image_id"] for a in panoptic["annotations"]] == sorted(coco.imgs)

stuff_seen = set()
for annotation in panoptic["annotations"]:
    image = coco.imgs[annotation["image_id"]]
    rgb = read_png(folder / "panoptic" / annotation["file_name"]).astype(np.uint32)
    ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
    assert ids.shape == (image["height"], image["width"])
    segments = {s["id"]: s for s in annotation["segments_info"]}
    assert sorted(segments) == sorted(np.unique(ids).tolist())
    for segment in segments.values():
        rows, columns = np.nonzero(ids == segment["id"])
        x, y = int(columns.min()), int(rows.min())
        box = [x, y, int(columns.max()) + 1 - x, int(rows.max()) + 1 - y]
        assert segment["area"] == len(rows) and segment["bbox"] == box
        if not categories[segment["category_id"]]["isthing"]:
            stuff_seen.add(categories[segment["category_id"]]["name"])
    labels = coco.loadAnns(coco.getAnnIds(imgIds=[annotation["image_id"]]))
    for label in labels:
        segment = segments[label["instance_id"]]
        assert segment["iscrowd"] == 0 and segment["category_id"] == label["category_id"]
        assert np.array_equal(coco.annToMask(label), ids == label["instance_id"])
    things = [s for s in segments.values() if categories[s["category_id"]]["isthing"]]
    assert len([s for s in things if not s["iscrowd"]]) == len(labels)
assert stuff_seen & {"surface", "ground"}, stuff_seen  # of a scene, of a turntable

# Keypoints: the category says how many, and every position agrees with the pose.
states = {}
for label in coco.loadAnns(coco.getAnnIds()):
    names = coco.cats[label["category_id"]].get("keypoints")
    if names is None:
        assert "keypoints" not in label
        continue
    triples = np.array(label["keypoints"], float).reshape(-1, 3)
    assert len(triples) == len(names) == len(label["keypoint_states"])
    assert label["num_keypoints"] == np.count_nonzero(triples[:, 2])
    image = coco.imgs[label["image_id"]]
    for (x, y, v), state, position in zip(
        triples, label["keypoint_states"], label["keypoint_positions"]
    ):
        states[state] = states.get(state, 0) + 1
        if v == 0:
            assert state in ("outside", "absent") and x == y == 0
            continue
        assert v == (2 if state == "visible" else 1)
        assert position == [x + 0.5, y + 0.5]
        assert 0 <= position[0] < image["width"] and 0 <= position[1] < image["height"]
for category in coco.cats.values():
    for edge in category.get("skeleton", []) + category.get("keypoint_swaps", []):
        assert len(edge) == 2 and all(1 <= k <= len(category["keypoints"]) for k in edge)
assert states.get("visible", 0) > 0 and states.get("hidden_by_itself", 0) > 0, states

# What is right scores 1 in COCO's own measure of keypoints.
for category_id, category in coco.cats.items():
    if "keypoints" not in category:
        continue
    labels = coco.loadAnns(coco.getAnnIds(catIds=[category_id]))
    labels = [label for label in labels if label["num_keypoints"] > 0]
    if not labels:
        continue
    results = [
        {k: label[k] for k in ("image_id", "category_id", "keypoints")} | {"score": 1.0}
        for label in labels
    ]
    scores = COCOeval(coco, coco.loadRes(results), "keypoints")
    scores.params.catIds = [category_id]
    scores.params.kpt_oks_sigmas = np.full(len(category["keypoints"]), 0.05)
    scores.evaluate()
    scores.accumulate()
    found = scores.eval["precision"][:, :, :, 0, :]
    assert found[found > -1].min() > 0.999

# KITTI's flow: 64 a pixel about 2^15, blue says where it is known.
manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
for line in manifest:
    name = f"{line['index']:08d}.png"
    raw = read_png(folder / "flow" / name).astype(float)
    hidden = read_png(folder / "flow_hidden" / name)[..., 0]
    assert set(np.unique(hidden)) <= {0, 255} and set(np.unique(raw[..., 2])) <= {0, 1}
    known = raw[..., 2] == 1
    flow = (raw[..., :2] - 2**15) / 64
    depth = read_png(folder / "depth" / name)[..., 0] / 1000.0
    # Colours and photos behind a turntable stand for nothing that could move.
    endless = line["scene"]["background"]["kind"] == "sky"
    assert known[(depth > 0) | endless].mean() > 0.99
    # By another route: the cameras of the manifest and the depth in whole millimetres.
    k = line["camera"]
    moved = []
    for camera in (line["camera"], line["next_camera"]):
        pose = camera["camera_from_world"]
        moved.append((np.array(pose["rotation"]).reshape(3, 3), np.array(pose["translation"])))
    (r0, t0), (r1, t1) = moved
    y, x = np.mgrid[0 : k["height"], 0 : k["width"]] + 0.5
    ray = np.stack([(x - k["cx"]) / k["fx"], (y - k["cy"]) / k["fy"], np.ones_like(x)], -1)
    world = (ray * depth[..., None] - t0) @ r0
    there = world @ r1.T + t1
    wanted = np.stack([k["fx"] * there[..., 0], k["fy"] * there[..., 1]], -1) / there[..., 2:]
    wanted += [k["cx"], k["cy"]] - np.stack([x, y], -1)
    error = np.linalg.norm(flow - wanted, axis=-1)[known & (depth > 0)]
    assert np.percentile(error, 99) < 0.15, np.percentile(error, 99)
    assert np.linalg.norm(flow, axis=-1)[known].max() > 0.1
print("read", len(manifest), "samples;", states, "; stuff", sorted(stuff_seen))
