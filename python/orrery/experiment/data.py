"""The images of an experiment: rendered, converted and packed into its folder."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from .. import Error
from ..coco import CocoSamples, annotation_file, write_json
from ..program import program
from ..train.packed import pack
from .folds import grouped_folds


def find_program(given=None):
    """The program orrery: as given, else the package's."""
    if given is None:
        return program()
    if not Path(given).is_file():
        raise Error(f"{given}: is no program, wanted orrery")
    return str(Path(given).resolve())


def call(command):
    """Runs a program. What it prints comes back; what it complains of is an Error."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Error(f"{' '.join(map(str, command))} ended with {done.returncode}: "
                    f"{(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def file_name(text):
    """The text as a part of a file's name; two may become one."""
    return "".join(c if c.isalnum() or c in "+-_" else "_" for c in text.replace(">", "-then-"))


def sha256(*parts):
    """Of files, and of what else JSON can hold."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            digest.update(part.read_bytes())
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Packed:
    """Images ready to train on."""

    folder: Path
    images: int
    hash: str  # of the images and labels as they are packed
    dataset_hash: str  # of those that were packed
    recipe_hash: str
    note: str


def render(program, rendered, folder, say):
    """Renders into `folder`, or goes on where it stopped; the program finds what is there of other
    images, and says so. Returns the dataset's description."""
    description = folder / "dataset.json"
    if not description.exists():
        say(f"renders {rendered.count} images of {rendered.scene.name} into {folder}")
    sets = [word for one in rendered.set for word in ("--set", one)]
    call([program, "generate", str(rendered.scene), "-n", str(rendered.count), "--seed",
          str(rendered.seed), *sets, "-o", str(folder), "--pack", "files", "--quiet"])
    return json.loads(description.read_text(encoding="utf-8"))


def synthetic(program, experiment, rendered, name, folder, say):
    """The rendered images called `name`, packed."""
    place = folder / "images" / name
    description = render(program, rendered, place, say)
    samples = CocoSamples(place, classes=experiment.classes, rename=rendered.rename,
                          ignore_hard=experiment.ignore_hard)
    longest = experiment.train.detail
    content = sha256(description["dataset_hash"], rendered.rename, experiment.classes, longest,
                     experiment.ignore_hard)
    packed = folder / "packed" / f"{name}-{content[:12]}"
    if not (packed / "index.npz").exists():
        say(f"packs {len(samples)} images into {packed}")
        pack(samples, packed, longest)
    note = f"{samples.dropped} labels without an area left out" if samples.dropped else ""
    return Packed(packed, len(samples), content, description["dataset_hash"],
                  description["recipe_hash"], note)


def without_feature(experiment, one):
    """What `orrery generate` is to make for synthetic images without a feature."""
    base = experiment.synthetic
    return replace(base, scene=one.scene or base.scene, set=base.set + one.set)


@dataclass(frozen=True)
class Photos:
    """The real test and training images."""

    samples: CocoSamples
    groups: list  # capture group of each
    folds: list  # in which fold each is tested
    packed: Packed
    stand_in: bool


def photos(program, experiment, folder, say):
    """The photos, as COCO, in folds of capture groups; or rendered images in their place."""
    real = experiment.real
    stand_in = real.data is None or not real.data.exists()
    if stand_in:
        if real.stand_in is None:
            raise Error(f"{real.data}: is not there, and real.stand_in does not say what is to be "
                        "rendered instead")
        say("NO REAL PHOTOS: other rendered images stand in for them. This tests the machinery "
            "and says nothing of real photos.")
        place = folder / "images" / "stand_in"
        render(program, real.stand_in, place, say)
        samples = CocoSamples(place, classes=experiment.classes, rename=real.stand_in.rename)
        groups = [f"rendered {i % real.stand_in_groups}" for i in range(len(samples))]
    else:
        samples = CocoSamples(_as_coco(program, real.data, folder), classes=experiment.classes,
                              rename=real.rename)
        groups = capture_groups(samples)
    longest = experiment.train.detail
    images = sha256(*(samples.path(i) for i in range(len(samples))))
    content = sha256(samples.file, images, experiment.classes, real.rename, longest)
    packed = folder / "packed" / f"photos-{content[:12]}"
    if not (packed / "index.npz").exists():
        pack(samples, packed, longest)
    note = f"{samples.dropped} labels without an area left out" if samples.dropped else ""
    return Photos(samples, groups, grouped_folds(groups, experiment.folds),
                  Packed(packed, len(samples), content, sha256(samples.file, images), "", note),
                  stand_in)


def _as_coco(program, data, folder):
    """The photos' COCO file, after `orrery convert` where they are in another format."""
    if data.suffix == ".json":
        return data
    try:
        return annotation_file(data)
    except Error:
        pass  # no dataset of ours: convert finds out what it is
    out = folder / "images" / "photos"
    draft = folder / "images" / "photos.draft"
    shutil.rmtree(draft, ignore_errors=True)
    call([program, "convert", str(data), "--to", "coco", "-o", str(draft)])
    shutil.rmtree(out, ignore_errors=True)
    draft.replace(out)
    return annotation_file(out / "coco")


def capture_groups(samples):
    """The capture group of each image: what its "group" or "session" says, or its lineage."""
    groups, alone = [], 0
    for entry in samples.images:
        session = [one["name"] for one in entry.get("lineage", []) if one["kind"] == "session"]
        group = entry.get("group", entry.get("session", session[0] if session else None))
        alone += group is None
        groups.append(str(group) if group is not None else f"image {entry['id']}")
    if alone:
        print(f"warning: {alone} of {len(samples)} photos have no capture group; each is taken for "
              "independent of all others, which flatters whoever trains on its neighbours",
              file=sys.stderr)
    return groups
