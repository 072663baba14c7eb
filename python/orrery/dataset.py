"""Datasets as sequences of samples: streamed out of a recipe, or read from a folder."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np

from orrery import _core
from orrery.error import Error
from orrery.program import program
from orrery.sample import Sample
from orrery.selection import Selection


class Cursor(Iterator[Sample]):
    """Goes once through the samples of a dataset. Its state is small and can be kept anywhere."""

    def __init__(self, samples: Samples, position: int = 0):
        self._samples = samples
        self.position = position  #: of the next sample
        self._made: Iterator[Sample] | None = None

    def __next__(self) -> Sample:
        if self._made is None:
            self._made = self._samples._from(self.position)
        try:
            sample = next(self._made)
        except BaseException:  # what was interrupted gives nothing any more: start anew from here
            self._made = None
            raise
        self.position += 1
        return sample

    def state_dict(self) -> dict[str, Any]:
        return {"dataset": self._samples.identity, "part": self._samples._selection.told,
                "position": self.position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where the state was taken. Throws Error if it is another dataset's, or of
        another slice or share of it."""
        mine = self.state_dict()
        for key in ("dataset", "part"):
            if state[key] != mine[key]:
                raise Error(f"the state is of {key} {state[key]}, wanted {mine[key]}")
        self.position = state["position"]
        self._made = None


class Batch:
    """Samples whose pictures lie together: `images` is uint8 [N, H, W, C]. It goes wherever
    NumPy's buffers and DLPack do, without a copy."""

    def __init__(self, samples: Sequence[Sample]):
        self.samples = samples
        width, height = samples[0].size
        if any(s.size != (width, height) for s in samples):
            raise Error("a batch has pictures of different sizes, wanted one: make batches of "
                        "lists, or give the recipe outputs of one size", 64)
        channels = samples[0].image.shape[2] if samples[0].path.endswith(".png") else 3
        self.images = np.empty((len(samples), height, width, channels), np.uint8)
        for sample, out in zip(samples, self.images):
            sample.decode_into(out)

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def boxes(self) -> list[np.ndarray]:
        """float32 [n, 4] for each picture, see Sample.boxes."""
        return [sample.boxes for sample in self.samples]

    @property
    def labels(self) -> list[np.ndarray]:
        """int64 [n] for each picture, see Sample.labels."""
        return [sample.labels for sample in self.samples]

    def __dlpack__(self, **options: Any) -> Any:
        return self.images.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.images.__dlpack_device__()


class Samples(Sequence[Sample]):
    """A dataset: `len`, samples by index, slices, shards, batches and cursors over them."""

    classes: list[str]  #: names, by label
    identity: str  #: of its content: datasets with the same give the same samples
    _selection: Selection

    def __len__(self) -> int:
        return len(self._selection)

    @overload
    def __getitem__(self, at: int) -> Sample: ...
    @overload
    def __getitem__(self, at: slice) -> Samples: ...
    def __getitem__(self, at):
        if isinstance(at, slice):
            return self._with(self._selection.between(at))
        return next(self._make([(self._selection.index(at), self._selection.index(at) + 1)]))

    def __getitems__(self, positions: Iterable[int]) -> list[Sample]:
        """Several at once, which is faster than one by one."""
        indices = [self._selection.index(position) for position in positions]
        return list(self._make((index, index + 1) for index in indices))

    def __iter__(self) -> Cursor:
        return Cursor(self)

    def cursor(self, position: int = 0) -> Cursor:
        """Goes through the samples from a position on."""
        return Cursor(self, position)

    def shard(self, shard: int, shards: int, block: int = 1) -> Samples:
        """One of `shards` shares that are disjoint and together all: for workers and ranks. They
        take blocks of `block` samples in turn, so they differ by up to a block: with a batch's
        size, N workers whose batches are taken in turn give the order of one."""
        return self._with(self._selection.sharded(shard, shards, block))

    def on_lanes(self, lanes: int) -> Samples:
        """The same samples, made on so many lanes: for processes that share a machine. What comes
        from files needs none."""
        return self

    def batches(self, size: int, drop_last: bool = False, device: str = "cpu") -> Iterator[Batch]:
        """Batches in order, in the memory of the host. Throws Error for another device."""
        if size < 1:
            raise Error(f"batches of {size}, wanted 1 or more", 64)
        if device != "cpu":
            raise Error(f"device is {device!r}: this build hands no pictures over in a GPU's "
                        "memory, wanted cpu, and .to(device) in the loop", 69)
        held: list[Sample] = []
        for sample in self:
            held.append(sample)
            if len(held) == size:
                yield Batch(held)
                held = []
        if held and not drop_last:
            yield Batch(held)

    def _with(self, selection: Selection) -> Samples:
        part = object.__new__(type(self))  # not copy.copy, which would load the recipe again
        part.__dict__.update(self.__dict__, _selection=selection)
        return part

    def _from(self, position: int) -> Iterator[Sample]:
        return self._make(self._selection.runs(position, self._run))

    _run = 64  # samples that are asked for together

    def _make(self, runs: Iterable[tuple[int, int]]) -> Iterator[Sample]:
        raise NotImplementedError


class _Lanes:
    """The lanes of this process; another one, forked, gets lanes of its own."""

    def __init__(self, recipe: Any, gpu: str, lanes: int, retries: int):
        self._recipe, self._wanted = recipe, (gpu, lanes, retries)
        self._opened: dict[int, Any] = {}

    def get(self) -> Any:
        lanes = self._opened.get(os.getpid())
        if lanes is None:
            lanes = self._opened[os.getpid()] = _core.Lanes(self._recipe, *self._wanted)
        return lanes

    def close(self) -> None:
        self._opened.pop(os.getpid(), None)


class Stream(Samples):
    """Samples of a recipe or scene file, made when they are asked for. What it gives is what
    `orrery generate` would have written. In a forked process it opens lanes of its own; sent to
    another it loads the recipe again."""

    _run = 4

    def __init__(self, path: str | os.PathLike[str], *, seed: int = 0, count: int | None = None,
                 overrides: dict[str, Any] | None = None, planes: Iterable[str] = (),
                 gpu: str = "auto", lanes: int = 0, retries: int = 2, ahead: int = 64):
        planes = tuple(planes)
        unknown = set(planes) - {"depth", "id", "normal"}
        if unknown:
            raise Error(f"planes has {sorted(unknown)[0]!r}, wanted depth, id or normal", 64)
        self._arguments = dict(path=os.fspath(path), seed=seed, count=count,
                               overrides=dict(overrides or {}), planes=planes, gpu=gpu,
                               lanes=lanes, retries=retries, ahead=ahead)
        sets = [f"{key}={_yaml(value)}" for key, value in (overrides or {}).items()]
        self._recipe = _core.load(os.fspath(path), seed, count, sets, "depth" in planes,
                                  "id" in planes, "normal" in planes, program())
        for text in self._recipe.warnings:
            warnings.warn(text, stacklevel=3)  # where dataset() was called
        self.classes = list(self._recipe.classes)
        self.recipe_hash = self._recipe.hash
        self.seed = seed
        self.identity = f"{self.recipe_hash}:{seed}"
        self._selection = Selection(self._recipe.count)
        self._lanes = _Lanes(self._recipe, gpu, lanes, retries)
        self._ahead = max(ahead, 1)

    @property
    def plan(self) -> dict[str, Any]:
        """Recipe, seed, count, classes and keypoints, as in dataset.json."""
        return json.loads(self._recipe.plan)

    def redraw(self, *, seed: int | None = None, overrides: dict[str, Any] | None = None) -> Stream:
        """The whole stream anew with another seed or other values, on top of what it has: for the
        next epoch's mix, difficulty or class weights."""
        arguments = dict(self._arguments)
        if seed is not None:
            arguments["seed"] = seed
        arguments["overrides"] = {**arguments["overrides"], **(overrides or {})}
        self.close()
        return Stream(arguments.pop("path"), **arguments)

    def on_lanes(self, lanes: int) -> Stream:
        part = self._with(self._selection)
        part._arguments = {**self._arguments, "lanes": lanes}
        part._lanes = _Lanes(self._recipe, part._arguments["gpu"], lanes,
                             part._arguments["retries"])
        return part

    def close(self) -> None:
        """Ends the lanes of this process; they are opened again when needed."""
        self._lanes.close()

    def __reduce__(self):
        return _reopened, (self._arguments, self._selection)

    def _make(self, runs: Iterable[tuple[int, int]]) -> Iterator[Sample]:
        lanes = self._lanes.get()
        jobs: deque[tuple[int, int]] = deque()
        asked = 0
        left = iter(runs)
        try:
            while True:
                while asked < self._ahead and (run := next(left, None)) is not None:
                    jobs.append((lanes.submit(*run), run[1] - run[0]))
                    asked += run[1] - run[0]
                if not jobs:
                    break
                job, size = jobs[0]
                for _ in range(size):
                    asked -= 1
                    yield _sample_of(lanes.next(job))
                lanes.next(job)  # its end
                jobs.popleft()
        finally:
            for job, _ in jobs:
                lanes.forget(job)


class Folder(Samples):
    """A finished dataset that `orrery` wrote, loose or in archives."""

    def __init__(self, path: str | os.PathLike[str]):
        self._path = Path(path)
        description = self._path / "dataset.json"
        if not description.exists():
            raise Error(f"{self._path}: no finished dataset is here, wanted a folder with "
                        "dataset.json", 65)
        told = json.loads(description.read_bytes())
        self.classes = told["classes"]
        self.recipe_hash = told["recipe_hash"]
        self.seed = told["seed"]
        self.identity = f"{self.recipe_hash}:{self.seed}"
        self.dataset_hash = told["dataset_hash"]
        self._selection = Selection(told["count"])
        labels = json.loads((self._path / "annotations" / "instances_default.json").read_bytes())
        self._coco = {image["id"]: {"image": image, "annotations": []}
                      for image in labels["images"]}
        for annotation in labels["annotations"]:
            del annotation["id"]  # depends on the images before it, which a stream does not know
            self._coco[annotation["image_id"]]["annotations"].append(annotation)
        self._files = _core.DatasetFolder(self._path)
        self._lines = self._line_offsets()

    def __reduce__(self):
        return _refolded, (self._path, self._selection)

    def _line_offsets(self) -> np.ndarray:
        with open(self._path / "manifest.jsonl", "rb") as file:
            return np.cumsum([0, *(len(line) for line in file)])

    def _line(self, index: int) -> str:
        with open(self._path / "manifest.jsonl", "rb") as file:
            file.seek(self._lines[index])
            return file.readline().decode()

    def _make(self, runs: Iterable[tuple[int, int]]) -> Iterator[Sample]:
        for first, last in runs:
            for index in range(first, last):
                yield Sample(index, self._coco[index + 1], lambda i=index: self._line(i),
                             lambda path, i=index: self._files.read(i, path))


def dataset(path: str | os.PathLike[str], **options: Any) -> Stream | Folder:
    """A stream of the recipe or scene file at `path`, or the dataset in the folder there.

    Options of streams: `seed`, `count` (default as on the command line), `overrides` (values for
    keys of the file, {"camera.fov": 50}), `planes` ("depth", "id", "normal"), `gpu` and `lanes`
    (default: as suits the machine), `retries` of a sample that fails, and `ahead`, how many
    samples may be made before they are asked for. Throws Error."""
    if not os.path.isdir(path):
        return Stream(path, **options)
    if options:
        raise Error(f"{os.fspath(path)}: is a dataset that is written, wanted none of the options "
                    f"of recipes, found {', '.join(options)}", 64)
    return Folder(path)


def manifest_hash(samples: Iterable[Sample]) -> str:
    """The hash that `orrery generate` gives a dataset of these samples."""
    sha = hashlib.sha256()
    for sample in samples:
        sha.update(sample._manifest().encode().rstrip(b"\n") + b"\n")
    return sha.hexdigest()


def _sample_of(made: Any) -> Sample:
    if made is None:
        raise Error("a job ended too soon: a bug of ours", 70)
    return Sample(made.index, json.loads(made.coco), lambda: made.manifest, made.read,
                  made.substitute)


def _reopened(arguments: dict[str, Any], selection: Selection) -> Samples:
    arguments = dict(arguments)
    return Stream(arguments.pop("path"), **arguments)._with(selection)


def _refolded(path: Path, selection: Selection) -> Samples:
    return Folder(path)._with(selection)


def _yaml(value: Any) -> str:
    """JSON is YAML."""
    return value if isinstance(value, str) else json.dumps(value)
