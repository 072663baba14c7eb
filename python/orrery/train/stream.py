"""A stream as a source of batches: rendered ahead of the training, never kept on a disk."""

from __future__ import annotations

from collections import OrderedDict

from .batches import shrunk


class StreamPool:
    """Samples of a stream in its order, shrunk to `longest` pixels at most, with the last `window`
    of them at hand for mosaics.

    What is asked for again after that is made again, so a training that is resumed sees the very
    samples that it would have seen.
    """

    def __init__(self, stream, longest, window=512):
        self.samples, self.longest, self.window = stream, longest, window
        self.classes = stream.classes
        self._kept = OrderedDict()
        self._cursor = stream.cursor()

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        if i in self._kept:
            return self._kept[i]
        if i < self._cursor.position:
            made = self.samples[i]
        else:
            if i > self._cursor.position:
                self._cursor = self.samples.cursor(i)
            made = next(self._cursor)
        made.image  # decoded once
        self._kept[i] = shrunk(made, self.longest)
        while len(self._kept) > 2 * self.window:
            self._kept.popitem(last=False)
        return self._kept[i]
