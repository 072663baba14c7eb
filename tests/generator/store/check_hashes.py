"""Checks lines "FILE HASH…" (eight hashes) against hashes that numpy and OpenCV make.

Bits whose frequency is within 1e-6 of the median may be either.
"""

import sys

import cv2
import numpy as np
from PIL import Image


def areas(count):
    """32 x count: the share of each pixel in each cell, rows adding up to 1."""
    edges = np.arange(count + 1) * 32 / count
    cells = np.arange(32)[:, None]
    common = np.minimum(edges[None, 1:], cells + 1) - np.maximum(edges[None, :-1], cells)
    return np.clip(common, 0, None)


lines = 0
for line in open(sys.argv[1]):
    file, *hashes = line.split()
    rgb = np.asarray(Image.open(file).convert("RGB"), dtype=np.float64)
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    grid = areas(grey.shape[0]) @ grey @ areas(grey.shape[1]).T
    for turn, found in enumerate(hashes):
        seen = grid[:, ::-1] if turn & 1 else grid
        seen = seen[::-1] if turn & 2 else seen
        seen = seen.T if turn & 4 else seen
        low = cv2.dct(np.ascontiguousarray(seen))[:8, :8].ravel()
        median = np.median(low)
        bits = np.array([int(found) >> (63 - i) & 1 for i in range(64)])
        sure = np.abs(low - median) > 1e-6
        assert np.array_equal(bits[sure], (low > median)[sure]), (file, turn)
        assert sure.sum() >= 60, (file, turn, sure.sum())
    lines += 1
assert lines > 0
