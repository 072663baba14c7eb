"""Datasets for PyTorch, as torchvision's detectors take them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
import torch.utils.data

from orrery.dataset import Cursor, Samples
from orrery.error import Error
from orrery.sample import Sample

Item = Any  # what `convert` makes of a sample


def detection(sample: Sample) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """As torchvision's detectors want it: the picture as float32 [3, H, W] in 0…1, and boxes
    float32 [n, 4] (x0, y0, x1, y1), labels int64 [n] from 1 (0 is the background), iscrowd, area
    and image_id. What is ignored is not among them: these detectors take all boxes for targets."""
    image = torch.from_numpy(sample.image[..., :3]).permute(2, 0, 1).contiguous()
    taken = ~sample.ignored
    boxes = torch.from_numpy(sample.boxes[taken])
    return image.float().div_(255), {
        "boxes": boxes,
        "labels": torch.from_numpy(sample.labels[taken] + 1),
        "iscrowd": torch.zeros(len(boxes), dtype=torch.int64),
        "area": (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]),
        "image_id": torch.tensor(sample.index),
    }


def instances(sample: Sample) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """detection() with masks, uint8 [n, H, W]."""
    image, target = detection(sample)
    target["masks"] = torch.from_numpy(sample.masks[~sample.ignored]).to(torch.uint8)
    return image, target


def collate(items: Sequence[tuple[torch.Tensor, Any]]) -> tuple[tuple[Any, ...], ...]:
    """Batches of lists, since pictures may differ in size and have different numbers of boxes."""
    return tuple(zip(*items))


class Dataset(torch.utils.data.Dataset):
    """Any item by its index, for samplers and shuffling."""

    def __init__(self, samples: Samples, convert: Callable[[Sample], Item] = detection):
        self.samples = samples
        self.convert = convert
        self._alone: Samples | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> Item:
        return self.convert(self._here()[index])

    def __getitems__(self, indices: Sequence[int]) -> list[Item]:
        """A batch, which is faster than one by one."""
        return [self.convert(sample) for sample in self._here().__getitems__(indices)]

    def _here(self) -> Samples:
        """In a worker the samples are made on one lane: the others have the other cores."""
        if self._alone is None:
            worker = torch.utils.data.get_worker_info()
            if worker is None:
                return self.samples
            self._alone = self.samples.on_lanes(1)
        return self._alone


class IterableDataset(torch.utils.data.IterableDataset):
    """Items in order, made ahead of the loop. Ranks of torch.distributed and workers of a
    DataLoader share the samples in blocks: with `block` the batch's size, any number of workers
    give the batches of one, in its order. A stream is random already: it needs no shuffling.

    Ranks differ by up to a block, at which a loop that waits for all of them hangs: with
    `drop_last` what is over is left out and all have as many.
    """

    def __init__(self, samples: Samples, convert: Callable[[Sample], Item] = detection,
                 block: int = 1, drop_last: bool = False):
        self.samples = samples
        self.convert = convert
        self.block = block
        self.drop_last = drop_last
        self._ranks = (0, 1)
        self._state: dict[str, Any] | None = None
        self._cursor: Cursor | None = None

    def __getstate__(self) -> dict[str, Any]:
        """A worker that is spawned is in no process group, so it is told the rank."""
        return {**self.__dict__, "_ranks": self._rank(), "_cursor": None}

    def __len__(self) -> int:
        return len(self._share(0, 1))

    def _share(self, number: int, workers: int) -> Samples:
        """Of one of so many workers of this rank."""
        rank, ranks = self._rank()
        whole = self.samples
        if self.drop_last:
            whole = whole[:len(whole) - len(whole) % (ranks * self.block)]
        return whole.shard(rank + ranks * number, ranks * workers, self.block)

    def _rank(self) -> tuple[int, int]:
        if torch.distributed.is_available() and torch.distributed.is_initialized():
            return torch.distributed.get_rank(), torch.distributed.get_world_size()
        return self._ranks if torch.utils.data.get_worker_info() else (0, 1)

    def __iter__(self) -> Iterator[Item]:
        worker = torch.utils.data.get_worker_info()
        if self._state and worker:
            raise Error(f"the state of a dataset is loaded and there are {worker.num_workers} "
                        "workers, wanted none: a worker is another process, and would take it up "
                        "in every epoch", 64)
        share = self._share(worker.id, worker.num_workers) if worker else self._share(0, 1)
        if worker and worker.num_workers > 1:
            share = share.on_lanes(1)  # the other workers have the other cores
        self._cursor = share.cursor()
        if self._state:
            self._cursor.load_state_dict(self._state)
            self._state = None
        for sample in self._cursor:
            yield self.convert(sample)

    def state_dict(self) -> dict[str, Any]:
        """Where the loop is, of a loop without workers: theirs is in other processes."""
        if self._state:
            return self._state
        return (self._cursor or self._share(0, 1).cursor()).state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The next loop goes on there. Throws Error if it is another dataset's or rank's."""
        self._share(0, 1).cursor().load_state_dict(state)
        self._state, self._cursor = dict(state), None
