"""Which samples of a dataset are meant, and in which order: arithmetic, no pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from orrery.error import Error


@dataclass(frozen=True)
class Selection:
    """Of `count` samples from `start` on those in blocks of `block` whose number k has k mod
    shards = shard, and of these the positions [first, last)."""

    count: int
    block: int = 1
    shard: int = 0
    shards: int = 1
    first: int = 0
    last: int | None = None
    start: int = 0

    def __len__(self) -> int:
        return max(0, self._end - self.first)

    @property
    def _all(self) -> int:
        """Samples of the shard."""
        whole, rest = divmod(self.count, self.block * self.shards)
        return whole * self.block + min(max(rest - self.shard * self.block, 0), self.block)

    @property
    def _end(self) -> int:
        return self._all if self.last is None else min(self.last, self._all)

    def index(self, position: int) -> int:
        """The sample at a position; from the end if it is negative."""
        at = position + len(self) if position < 0 else position
        if not 0 <= at < len(self):
            raise IndexError(f"there are {len(self)} samples, found index {position}")
        block, rest = divmod(self.first + at, self.block)
        return self.start + (block * self.shards + self.shard) * self.block + rest

    def runs(self, position: int, longest: int) -> Iterator[tuple[int, int]]:
        """Consecutive samples [first, last) from a position on, `longest` at most each."""
        while position < len(self):
            first = self.index(position)
            end = self.count
            if self.shards > 1:
                block = (first - self.start) // self.block
                end = min(end, (block + 1) * self.block)
            last = min(first + min(longest, len(self) - position), self.start + end)
            yield first, last
            position += last - first

    @property
    def told(self) -> str:
        """What it is, for people and to compare."""
        share = f", share {self.shard} of {self.shards} by {self.block}" * (self.shards > 1)
        return f"{self.start}+{self.count}{share}, {self.first} to {self._end}"

    def between(self, part: slice) -> Selection:
        """A part of it."""
        start, stop, step = part.indices(len(self))
        if step != 1:
            raise Error(f"a slice has step {step}, wanted 1", 64)
        return replace(self, first=self.first + start, last=self.first + max(start, stop))

    def sharded(self, shard: int, shards: int, block: int) -> Selection:
        """One of `shards` shares, which take blocks of `block` samples in turn."""
        if not 0 <= shard < shards or block < 1:
            raise Error(f"shard {shard} of {shards} in blocks of {block}, wanted 0 <= shard < "
                        "shards and blocks of at least 1", 64)
        if self.shards != 1:
            raise Error(f"share {self.shard} of {self.shards} is to be shared out again, wanted "
                        "the whole or a slice of it", 64)
        return Selection(len(self), block, shard, shards, start=self.start + self.first)
