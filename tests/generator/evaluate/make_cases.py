"""Writes random COCO cases, and what pycocotools finds of them, into FOLDER.

Usage: make_cases.py FOLDER COUNT [TRUTH DETECTIONS IOU]...

Case n is truth_n.json, found_n.json and expected_n.json: {"iou", "stats", "ap": by category and
threshold, "recall": the same, "sigmas"?}. Cases named on the command line come after the random
ones, with image ids made numbers.
"""

import contextlib
import io
import json
import pathlib
import sys

import numpy as np
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder = pathlib.Path(sys.argv[1])


def polygon(rng, x, y, w, h):
    """Star-shaped corners around a box's centre; now and then two corners in one place."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 9)))
    reach = rng.uniform(0.4, 1.1, len(angles))
    xs = x + w / 2 + np.cos(angles) * reach * w / 2
    ys = y + h / 2 + np.sin(angles) * reach * h / 2
    points = [float(v) for pair in zip(xs, ys) for v in pair]
    if rng.random() < 0.2:
        points += points[-2:]
    if rng.random() < 0.3:
        points = [float(round(v)) for v in points]
    return points


def segmentation(rng, box, width, height):
    x, y, w, h = box
    kind = rng.integers(0, 4)
    if kind == 0:
        return [polygon(rng, x, y, w + 1, h + 1)]
    if kind == 1:
        return [polygon(rng, x, y, w + 1, h + 1), polygon(rng, x + w / 3, y, w + 1, h + 1)]
    mask = np.zeros((height, width), dtype=np.uint8, order="F")
    mask[int(max(y, 0)) : int(y + h) + 1, int(max(x, 0)) : int(x + w) + 1] = 1
    mask &= (rng.random(mask.shape) < 0.9).astype(np.uint8)
    if kind == 2:
        runs, last, length = [], 0, 0
        for value in mask.flatten(order="F"):
            if value != last:
                runs.append(length)
                last, length = value, 0
            length += 1
        return {"size": [height, width], "counts": [*runs, length]}
    code = coco_mask.encode(mask)
    return {"size": [height, width], "counts": code["counts"].decode()}


def points(rng, box, count, near=None):
    out = []
    for k in range(count):
        v = int(rng.integers(0, 3))
        x, y = rng.uniform(box[0], box[0] + box[2]), rng.uniform(box[1], box[1] + box[3])
        if near is not None:
            x, y = near[3 * k] + rng.normal(0, 2), near[3 * k + 1] + rng.normal(0, 2)
        out += [float(x), float(y), v]
    return out


def random_case(rng, iou):
    """Truth, detections and the σ of keypoints."""
    width, height = (int(v) for v in rng.integers(60, 400, 2))
    categories = [{"id": int(c), "name": f"class {c}"} for c in rng.permutation(9)[: rng.integers(1, 5)]]
    joints = 17 if rng.random() < 0.5 else int(rng.integers(1, 6))
    images, annotations, found = [], [], []
    crowded = rng.random() < 0.1  # more than 100 detections of a class in an image
    for n in rng.permutation(30)[: rng.integers(1, 8)]:
        image = {"id": int(n) + 3, "width": width, "height": height, "file_name": f"{n}.jpg"}
        images.append(image)
        for _ in range(rng.integers(0, 9)):
            w, h = rng.uniform(1, 20) ** 2 * 0.4, rng.uniform(1, 20) ** 2 * 0.4
            w, h = min(w, width / 2), min(h, height / 2)
            if rng.random() < 0.05:
                w = 0.0
            box = [float(rng.uniform(0, width - w)), float(rng.uniform(0, height - h)), float(w), float(h)]
            if rng.random() < 0.3:
                box = [float(round(v)) for v in box]
            category = categories[rng.integers(0, len(categories))]["id"]
            truth = {
                "id": len(annotations) * 2 + 1,
                "image_id": image["id"],
                "category_id": category,
                "bbox": box,
                "area": float(box[2] * box[3]) if rng.random() < 0.7 else float(rng.choice([1024, 9216, 50])),
                "iscrowd": int(rng.random() < 0.15),
            }
            if iou == "segm":
                truth["segmentation"] = segmentation(rng, box, width, height)
            if iou == "keypoints":
                truth["keypoints"] = points(rng, box, joints)
                if rng.random() < 0.2:
                    truth["keypoints"] = [0] * (3 * joints)
                truth["num_keypoints"] = sum(v > 0 for v in truth["keypoints"][2::3])
            annotations.append(truth)
            for _ in range(rng.integers(0, 3 if not crowded else 40)):
                moved = [float(v) for v in np.array(box) + rng.normal(0, 1, 4) * [w / 9, h / 9, w / 9, h / 9]]
                moved[2:] = [abs(v) for v in moved[2:]]
                if rng.random() < 0.2:
                    moved = list(box)
                result = {
                    "image_id": image["id"],
                    "category_id": category if rng.random() < 0.9 else categories[0]["id"],
                    "bbox": moved,
                    "score": float(round(rng.random(), 1)) if rng.random() < 0.6 else float(rng.random()),
                }
                if iou == "segm":
                    code = segmentation(rng, moved, width, height)
                    if isinstance(code, list) or isinstance(code["counts"], str):
                        result["segmentation"] = code
                if iou == "keypoints":
                    result["keypoints"] = points(rng, box, joints, truth["keypoints"])
                found.append(result)
        for _ in range(rng.integers(0, 4)):
            box = [float(v) for v in rng.uniform(0, 50, 4)]
            result = {"image_id": image["id"], "category_id": categories[-1]["id"], "bbox": box, "score": 0.5}
            if iou == "keypoints":
                result["keypoints"] = points(rng, box, joints)
            found.append(result)
    if iou == "segm" and rng.random() < 0.5:
        found = [f for f in found if "segmentation" in f and not isinstance(f["segmentation"], list)]
        for f in found:
            if rng.random() < 2:
                f.pop("bbox")
    if iou == "keypoints" and rng.random() < 0.5:
        for f in found:
            f.pop("bbox")
    found = [found[i] for i in rng.permutation(len(found))]
    if found and rng.random() < 0.3:
        found += [dict(f) for f in found[: rng.integers(1, len(found) + 1)]]
    truth = {"images": images, "categories": categories, "annotations": annotations}
    sigmas = None if joints == 17 else [0.05] * joints
    return truth, found, sigmas


def write_case(number, truth, found, iou, sigmas):
    (folder / f"truth_{number}.json").write_text(json.dumps(truth))
    (folder / f"found_{number}.json").write_text(json.dumps(found))
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(found), iou)
        if iou == "keypoints" and sigmas is not None:
            evaluation.params.kpt_oks_sigmas = np.array(sigmas)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    # [T, R, K, A, M] and [T, K, A, M]
    ap = evaluation.eval["precision"][:, :, :, 0, -1].mean(axis=1).T
    recall = evaluation.eval["recall"][:, :, 0, -1].T
    expected = {"iou": iou, "stats": list(evaluation.stats), "ap": ap.tolist(), "recall": recall.tolist()}
    (folder / f"expected_{number}.json").write_text(json.dumps(expected))


number = 0
seed = 0
while number < int(sys.argv[2]):
    rng = np.random.default_rng(seed)
    iou = ["bbox", "segm", "keypoints"][seed % 3]
    seed += 1
    truth, found, sigmas = random_case(rng, iou)
    if not found or not truth["annotations"]:
        continue  # pycocotools stops at those
    write_case(number, truth, found, iou, sigmas)
    number += 1

for truth, found, iou in zip(sys.argv[3::3], sys.argv[4::3], sys.argv[5::3]):
    truth = json.loads(pathlib.Path(truth).read_text())
    for image in truth["images"]:
        image["id"] = int(image["id"])
    for annotation in truth["annotations"]:
        annotation["image_id"] = int(annotation["image_id"])
    found = json.loads(pathlib.Path(found).read_text())
    write_case(number, truth, found, iou, None)
    number += 1
