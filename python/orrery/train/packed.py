"""Samples decoded once into one file that any number of trainings read through shared memory."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from .. import Error
from ..coco import Sample
from .batches import shrunk


def pack(samples, folder, longest):
    """Writes the samples, shrunk to `longest` pixels at most, into `folder`; whole or not at all:
    index.npz is written last."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shapes, boxes, labels, ignored, counts = [], [], [], [], []
    with open(folder / "pixels.u8", "wb") as out:
        for i in range(len(samples)):
            sample = shrunk(samples[i], longest)
            out.write(sample.image.tobytes())
            shapes.append(sample.image.shape[:2])
            counts.append(len(sample.labels))
            boxes.append(sample.boxes)
            labels.append(sample.labels)
            ignored.append(sample.ignored)
        out.flush()
        os.fsync(out.fileno())
    draft = folder / f".index.{os.getpid()}.npz"
    np.savez(draft, shapes=np.array(shapes, np.int64).reshape(-1, 2),
             counts=np.array(counts, np.int64), boxes=np.concatenate(boxes or [np.zeros((0, 4))]),
             labels=np.concatenate(labels or [np.zeros(0)]),
             ignored=np.concatenate(ignored or [np.zeros(0)]),
             classes=np.array(samples.classes), longest=longest)
    draft.replace(folder / "index.npz")


class PackedSamples:
    """What pack() wrote, or the samples of it that `indices` says. `widen` multiplies the width
    and the height of all boxes about their centres, within the image."""

    window = None  # any sample is as near as any other

    def __init__(self, folder, indices=None, widen=None):
        folder = Path(folder)
        if not (folder / "index.npz").is_file():
            raise Error(f"{folder}: holds no packed samples")
        with np.load(folder / "index.npz") as index:
            self._shapes, counts = index["shapes"], index["counts"]
            self._boxes = index["boxes"].astype(np.float32)
            self._labels = index["labels"].astype(np.int64)
            self._ignored = index["ignored"].astype(bool)
            self.classes = [str(name) for name in index["classes"]]
        self._rows = np.concatenate([[0], np.cumsum(counts)])
        self._starts = np.concatenate([[0], np.cumsum(self._shapes.prod(1) * 3)])
        size = (folder / "pixels.u8").stat().st_size
        if size != self._starts[-1]:
            raise Error(f"{folder}/pixels.u8: has {size} bytes, wanted {self._starts[-1]}")
        self._pixels = np.memmap(folder / "pixels.u8", np.uint8, "r") if size else None
        self._indices = list(range(len(counts))) if indices is None else list(indices)
        self._widen = widen

    def __len__(self):
        return len(self._indices)

    def __getitem__(self, i):
        i = self._indices[i]
        height, width = (int(v) for v in self._shapes[i])
        image = np.array(self._pixels[self._starts[i]:self._starts[i + 1]])
        rows = slice(self._rows[i], self._rows[i + 1])
        boxes = self._boxes[rows].copy()
        if self._widen is not None:
            boxes = widened(boxes, self._widen, (width, height))
        return Sample(image.reshape(height, width, 3), boxes, self._labels[rows],
                      self._ignored[rows])


def widened(boxes, factors, size):
    """Boxes [n, 4] whose width and height are multiplied by `factors`, within `size` (w, h)."""
    centre, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    half = half * np.array(factors, np.float32)
    return np.clip(np.concatenate([centre - half, centre + half], 1), 0,
                   np.tile(np.array(size, np.float32), 2)).astype(np.float32)
