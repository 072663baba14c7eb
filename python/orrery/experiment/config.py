"""What an experiment is: its YAML file, read strictly."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from .. import Error
from ..train.augment import Augment
from ..train.loop import FINE, Settings
from .data import file_name

ARMS = ("R", "S", "S>R", "S+R")


@dataclass(frozen=True)
class Rendered:
    """Images that `orrery generate` makes."""

    scene: Path
    count: int
    seed: int = 0
    set: tuple = ()  # key=value, as --set takes them; paths after `=` that exist are the file's
    rename: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Real:
    """Labelled photos in any format that `orrery convert` reads, or their stand-in."""

    data: Path | None = None
    rename: dict = field(default_factory=dict)
    stand_in: Rendered | None = None  # when there is no `data`: rendered, and said so
    stand_in_groups: int = 6


@dataclass(frozen=True)
class Without:
    """The synthetic images with one feature of the generator removed."""

    name: str
    set: tuple = ()  # added to those of `synthetic`
    scene: Path | None = None  # instead of that of `synthetic`


@dataclass(frozen=True)
class Experiment:
    name: str
    classes: tuple
    synthetic: Rendered
    real: Real
    arms: tuple = ARMS
    without: tuple = ()
    photos: tuple = ("all",)  # how many real photos: numbers, or all
    seeds: tuple = (0,)
    folds: int = 3
    finetune: float = 0.25  # share of the steps of S>R that is on photos
    finetune_rate: float = FINE["muon"]  # their learning rate, times the others'; of files: FINE's
    real_share: float = 0.5  # of each batch of S+R
    box_margin: tuple | None = None  # width and height of synthetic boxes are multiplied by it
    ignore_hard: bool = False  # synthetic labels tagged as hard are neither positive nor negative
    train: Settings = field(default_factory=Settings)


class Reader:
    """Turns mappings into the classes above and says what is wrong with them, and where."""

    def __init__(self, file):
        self.file = file
        self.folder = file.resolve().parent

    def fail(self, where, found, wanted):
        raise Error(f"{self.file}: {where}: {found}, wanted {wanted}")

    def path(self, value):
        return (self.folder / str(value)).resolve()

    def build(self, kind, content, where, **made):
        """An object of `kind` from a mapping; `made` are fields that are read already."""
        if not isinstance(content, dict):
            self.fail(where, f"is {content!r}", "a mapping")
        known = {f.name: f for f in fields(kind)}
        strange = [key for key in content if key not in known]
        if strange:
            self.fail(where, f"has {', '.join(map(str, strange))}", f"keys of {', '.join(known)}")
        values = {**content, **made}
        missing = [f.name for f in known.values() if f.name not in values
                   and f.default is dataclasses.MISSING
                   and f.default_factory is dataclasses.MISSING]
        if missing:
            self.fail(where, f"has no {', '.join(missing)}", "it")
        for key, value in values.items():
            values[key] = tuple(value) if isinstance(value, list) else value
            self.check_kind(f"{where}.{key}", values[key], known[key].default)
        try:
            return kind(**values)
        except Error as error:  # of values that do not go together
            raise Error(f"{self.file}: {where}: {error}") from error

    def check_kind(self, where, value, default):
        """Values are of the kind of the field's default; what has none is checked elsewhere."""
        kinds = ((bool, bool, "true or false"), (int, int, "a whole number"),
                 (float, (int, float), "a number"), (str, str, "text"), (tuple, tuple, "a list"))
        for kind, wanted, name in kinds:
            if isinstance(default, kind):
                if not isinstance(value, wanted) or (kind is not bool and isinstance(value, bool)):
                    self.fail(where, f"is {value!r}", name)
                return

    def settings_of_scene(self, values, where):
        """The --set of a scene, with paths made absolute that the file means by themselves."""
        if not isinstance(values, list) or any("=" not in str(v) for v in values):
            self.fail(where, f"is {values!r}", "a list of key=value")
        out = []
        for one in values:
            key, _, value = str(one).partition("=")
            path = self.path(value) if "/" in value else None
            out.append(f"{key}={path}" if path is not None and path.exists() else str(one))
        return tuple(out)

    def rendered(self, content, where):
        if not isinstance(content, dict) or "scene" not in content:
            self.fail(where, f"is {content!r}", "a mapping with `scene` and `count`")
        names = self.names(content.get("rename", {}), f"{where}.rename")
        return self.build(Rendered, content, where, scene=self.path(content["scene"]),
                          set=self.settings_of_scene(content.get("set", []), f"{where}.set"),
                          rename=names)

    def names(self, content, where):
        if not isinstance(content, dict):
            self.fail(where, f"is {content!r}", "a mapping of names")
        return {str(key): str(value) for key, value in content.items()}

    def real(self, content, where):
        if not isinstance(content, dict):
            self.fail(where, f"is {content!r}", "a mapping with `data` or `stand_in`")
        stand_in = content.get("stand_in")
        data = content.get("data")
        if data is None and stand_in is None:
            self.fail(where, "has neither data nor stand_in", "one of them")
        return self.build(
            Real, content, where, data=None if data is None else self.path(data),
            rename=self.names(content.get("rename", {}), f"{where}.rename"),
            stand_in=stand_in and self.rendered(stand_in, f"{where}.stand_in"))

    def without(self, content, where):
        scene = content.get("scene") if isinstance(content, dict) else None
        values = content.get("set", []) if isinstance(content, dict) else []
        return self.build(Without, content, where, scene=scene and self.path(scene),
                          set=self.settings_of_scene(values, f"{where}.set"))

    def train(self, content, where):
        if not isinstance(content, dict):
            self.fail(where, f"is {content!r}", "a mapping of training settings")
        if "seed" in content:
            self.fail(where, "has a seed", "`seeds` beside it")
        augment = self.build(Augment, content.get("augment", {}), f"{where}.augment")
        return self.build(Settings, content, where, augment=augment)


def read_experiment(file):
    """The experiment of a YAML file. Paths in it are relative to it."""
    file = Path(file)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise Error(f"{file}: cannot be read: {error}") from error
    reader = Reader(file)
    if not isinstance(content, dict):
        reader.fail("the file", f"is {type(content).__name__}", "a mapping")
    content = {"name": file.stem, **content}
    for key in ("synthetic", "real", "classes"):
        if key not in content:
            reader.fail("the file", f"has no {key}", "it")
    for key in ("classes", "without"):
        if not isinstance(content.get(key, []), list):
            reader.fail(key, f"is {content[key]!r}", "a list")
    train = reader.train(content.get("train", {}), "train")
    content = {"finetune_rate": FINE[train.optimiser], **content}
    experiment = reader.build(
        Experiment, content, "the file", classes=[str(name) for name in content["classes"]],
        synthetic=reader.rendered(content["synthetic"], "synthetic"),
        real=reader.real(content["real"], "real"),
        train=train,
        without=[reader.without(one, f"without[{i}]")
                 for i, one in enumerate(content.get("without", []))])
    check(experiment, reader)
    return experiment


def check(experiment, reader):
    strange = [arm for arm in experiment.arms if arm not in ARMS]
    if strange or not experiment.arms:
        reader.fail("arms", f"are {list(experiment.arms)}", f"some of {', '.join(ARMS)}")
    for n in experiment.photos:
        if n != "all" and (not isinstance(n, int) or n < 1):
            reader.fail("photos", f"has {n!r}", "numbers from 1, or all")
    if not experiment.seeds or any(not isinstance(seed, int) or seed < 0
                                   for seed in experiment.seeds):
        reader.fail("seeds", f"are {list(experiment.seeds)}", "whole numbers from 0")
    for key in ("seeds", "photos", "classes", "arms"):
        values = getattr(experiment, key)
        if len(set(values)) < len(values):
            reader.fail(key, f"are {list(values)}", "each of them once")
    if "S>R" in experiment.arms and experiment.train.steps < 2:
        reader.fail("train.steps", f"is {experiment.train.steps}", "2 or more for S>R")
    if experiment.real.stand_in_groups < 1:
        reader.fail("real.stand_in_groups", f"is {experiment.real.stand_in_groups}", "1 or more")
    if experiment.folds < 2:
        reader.fail("folds", f"is {experiment.folds}", "2 or more")
    if not experiment.finetune_rate > 0:
        reader.fail("finetune_rate", f"is {experiment.finetune_rate}", "above 0")
    for key in ("finetune", "real_share"):
        if not 0 < getattr(experiment, key) < 1:
            reader.fail(key, f"is {getattr(experiment, key)}", "a share between 0 and 1")
    margin = experiment.box_margin
    if margin is not None and (len(margin) != 2 or min(margin) <= 0):
        reader.fail("box_margin", f"is {list(margin)}", "two factors, of width and height")
    names = [file_name(one.name) for one in experiment.without]
    if len(set(names)) < len(names):
        reader.fail("without", "has a name twice", "names of their own")
    if experiment.without and "S" not in experiment.arms:
        reader.fail("without", "needs the arm S to compare with", "S among the arms")
