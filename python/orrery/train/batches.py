"""Which samples a step trains on: a pure function of the seed and the step."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from .. import Error
from ..coco import Sample
from .augment import draw


class Pool:
    """Samples kept in memory, shrunk to what is seen of them.

    Any of them is as near as any other (`window` is None). The longer side is kept at `longest`
    pixels at most. Up to `limit` bytes of images are kept; what is beyond is read anew each time.
    """

    window = None

    def __init__(self, samples, longest, limit=4 << 30):
        self.samples, self.longest, self.room = samples, longest, limit
        self.classes = samples.classes
        self._kept = {}

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        if i in self._kept:
            return self._kept[i]
        sample = shrunk(self.samples[i], self.longest)
        if sample.image.nbytes <= self.room:
            self.room -= sample.image.nbytes
            self._kept[i] = sample
        return sample


def shrunk(sample, longest):
    """The sample with its image's longer side at most `longest` pixels."""
    height, width = sample.image.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return sample
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    image = np.asarray(Image.fromarray(sample.image).resize(size, Image.BILINEAR))
    ratio = np.tile(np.array([size[0] / width, size[1] / height], np.float32), 2)
    return Sample(image, sample.boxes * ratio, sample.labels, sample.ignored)


class Batches:
    """Batches of augmented canvases from one source or several, as loop.Settings say.

    `shares` says how much of each batch comes from which source. Each source is gone through in
    an order that is drawn anew every time it is exhausted, a stream in its own; batch `step`
    depends on the seed and `step` alone, so a run continues where it stopped without keeping a
    cursor.
    """

    def __init__(self, sources, shares, settings):
        batch = settings.batch
        if any(len(source) == 0 for source in sources):
            raise Error("a source of training images is empty, wanted at least one image")
        if any(source.classes != sources[0].classes for source in sources):
            raise Error("sources of training images have different classes: "
                        f"{[source.classes for source in sources]}")
        self.sources, self.settings, self.seed = sources, settings, settings.seed
        edges = np.round(np.cumsum([0, *shares]) / sum(shares) * batch).astype(int)
        self.slots = [(k, int(j)) for k in range(len(sources))
                      for j in range(edges[k + 1] - edges[k])]
        self.counts = np.diff(edges)
        if (self.counts == 0).any():
            raise Error(f"a batch of {batch} has no room for all of the shares {list(shares)}")
        self._orders = {}

    def __getitem__(self, step):
        """Images float [B, 3, S, S] with pixels 0..255, and (boxes, labels, ignored) for each."""
        images, targets = [], []
        for slot, (k, j) in enumerate(self.slots):
            rng = np.random.default_rng([self.seed, step, slot])
            source = self.sources[k]
            index = self._index(k, step * int(self.counts[k]) + j)
            canvas = draw(source[index], lambda: source[other(source, index, rng)],
                          self.settings.canvas or self.settings.side, self.settings.side,
                          self.settings.augment, rng)
            images.append(canvas.image)
            targets.append((torch.from_numpy(canvas.boxes), torch.from_numpy(canvas.labels),
                            torch.from_numpy(canvas.ignored)))
        stack = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)  # channels last in memory
        return stack.float(), targets

    def _index(self, k, cursor):
        source = self.sources[k]
        turn, place = divmod(cursor, len(source))
        if source.window is not None:
            return place
        if self._orders.get(k, (None,))[0] != turn:
            order = np.random.default_rng([self.seed, k, turn, 1]).permutation(len(source))
            self._orders[k] = (turn, order)
        return int(self._orders[k][1][place])


def other(source, index, rng):
    """The index of any sample; of a stream, of one of the last before `index`."""
    if source.window is None:
        return int(rng.integers(len(source)))
    return index - int(rng.integers(min(source.window, index + 1)))
