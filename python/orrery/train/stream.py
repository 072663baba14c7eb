"""A stream as a source of batches: rendered ahead of the training, never kept on a disk."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from ..coco import Sample
from .batches import shrunk


class StreamPool:
    """Samples of a stream in its order, shrunk to `longest` pixels at most, with the last of them
    (`window`, as many as `limit` bytes hold twice) at hand for mosaics.

    What is asked for again after that is made again, so a training that is resumed sees the very
    samples that it would have seen.
    """

    def __init__(self, stream, longest, limit=1 << 30):
        self.samples, self.longest = stream, longest
        self.window = min(max(limit // (6 * longest * longest), 1), 512)
        self.classes = stream.classes
        self._kept = OrderedDict()
        self._cursor = stream.cursor()

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        if i in self._kept:
            return self._kept[i]
        if 0 < self._cursor.position - i <= 2 * self.window:  # a step back, for a mosaic
            made = self.samples[i]
        else:
            if i != self._cursor.position:
                self._cursor = self.samples.cursor(i)
            made = next(self._cursor)
        image = np.ascontiguousarray(made.image[..., :3])  # of what is cut out, the colours
        sample = Sample(image, made.boxes, made.labels, made.ignored)
        self._kept[i] = shrunk(sample, self.longest)
        while len(self._kept) > 2 * self.window:
            self._kept.popitem(last=False)
        return self._kept[i]
