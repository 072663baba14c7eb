"""The worst errors of a detector, as pictures."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

LEAST = 0.3  # score from which a detection counts as claimed
OVERLAP = 0.5
KINDS = ("false positive", "confusion", "miss")


@dataclass(frozen=True)
class Wrong:
    kind: str  # of KINDS
    image: int  # index of the sample
    box: tuple  # x0, y0, x1, y1
    text: str
    weight: float  # the worse, the larger: the score, or what share of the image a miss takes


def overlaps(a, b):
    """IoU [n, m] of boxes [n, 4] and [m, 4]."""
    a, b = np.asarray(a, float).reshape(-1, 4), np.asarray(b, float).reshape(-1, 4)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = (high - low).clip(0).prod(2)
    area = [(boxes[:, 2:] - boxes[:, :2]).prod(1) for boxes in (a, b)]
    return both / np.maximum(area[0][:, None] + area[1][None] - both, 1e-9)


def errors_of(samples, found):
    """All errors. `found`: for each sample (boxes, scores, labels), in any order."""
    wrong = []
    for i, (boxes, scores, labels) in enumerate(found):
        truth, wanted, ignored = samples.labels_of(i)
        area = samples.images[i]["width"] * samples.images[i]["height"]
        taken, near = np.zeros(len(truth), bool), overlaps(boxes, truth)
        for d in np.argsort(-np.asarray(scores), kind="stable"):
            if scores[d] < LEAST:
                break
            name = samples.classes[labels[d]]
            same = (near[d] >= OVERLAP) & (wanted == labels[d]) & ~taken & ~ignored
            if same.any():
                taken[np.argmax(np.where(same, near[d], -1))] = True
                continue
            if ((near[d] >= OVERLAP) & ignored).any():
                continue
            other = np.flatnonzero((near[d] >= OVERLAP) & (wanted != labels[d]) & ~ignored)
            kind, text = "false positive", f"{name} {scores[d]:.2f}"
            if len(other):
                kind, text = "confusion", f"{text}, is {samples.classes[wanted[other[0]]]}"
            wrong.append(Wrong(kind, i, tuple(map(float, boxes[d])), text, float(scores[d])))
        for t in np.flatnonzero(~taken & ~ignored):
            size = float((truth[t, 2:] - truth[t, :2]).prod())
            wrong.append(Wrong("miss", i, tuple(map(float, truth[t])),
                               samples.classes[wanted[t]], size / area))
    return wrong


def picture(samples, one, width=260):
    """The image with the error in orange and the labels in white, as a data URI."""
    sample = samples[one.image]
    image = Image.fromarray(sample.image)
    factor = width / max(image.size)
    image = image.resize([max(1, round(v * factor)) for v in image.size])
    pen = ImageDraw.Draw(image)
    for box in sample.boxes:
        pen.rectangle([float(v) * factor for v in box], outline="white")
    pen.rectangle([v * factor for v in one.box], outline="orange", width=2)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def detections_by_sample(samples, results):
    """COCO results, in truth of ours with category ids from 1, as errors_of() wants them."""
    rows = {i: [] for i in samples.image_ids}
    for one in results:
        rows[one["image_id"]].append(one)
    found = []
    for i in samples.image_ids:
        boxes = np.array([one["bbox"] for one in rows[i]], float).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        found.append((boxes, np.array([one["score"] for one in rows[i]]),
                      np.array([one["category_id"] - 1 for one in rows[i]], int)))
    return found
