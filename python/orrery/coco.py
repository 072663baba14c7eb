"""COCO files as samples to train on."""

from __future__ import annotations

import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from . import Error, _core
from .sample import FAINT


@dataclass
class Sample:
    """An image and what is where in it."""

    image: np.ndarray  # uint8 [H, W, 3], RGB, contiguous, upright
    boxes: np.ndarray  # float32 [n, 4]: x0, y0, x1, y1; half-open pixels from the top-left corner
    labels: np.ndarray  # int64 [n], index into the classes; -1: of none of them, and ignored
    ignored: np.ndarray  # bool [n]: crowds, what is FAINT: neither positive nor negative


class CocoSamples:
    """The images of a COCO file, in the order of their ids.

    `source` is an annotation file, or a dataset's folder with annotations/*.json. File names are
    relative to `images`; without it, to the annotation file's folder, that folder's parent or
    either one's `images`; of a dataset in archives they are in these. `rename` maps names of the
    file to those to use; "" makes a class ignored: there, but neither positive nor negative.
    `classes` fixes which there are and their order; without it they are the file's, renamed.
    `image_ids` selects images.
    """

    def __init__(self, source, images=None, *, classes=None, rename=None, image_ids=None,
                 ignore_hard=False):
        self.file = annotation_file(Path(source))
        try:
            text = self.file.read_bytes()
            content = json.loads(text)
        except (OSError, ValueError) as error:
            raise Error(f"{self.file}: cannot be read as COCO: {error}") from error
        if not isinstance(content, dict):
            raise Error(f"{self.file}: is a list, wanted a COCO object with images, annotations "
                        "and categories")
        for key in ("images", "annotations", "categories"):
            if not isinstance(content.get(key), list):
                raise Error(f"{self.file}: has no list \"{key}\", wanted a COCO file")
        self._folder = Path(images) if images else None
        self._archives = archives_beside(self.file) if images is None else None
        self.classes, self._label_of = self._names(content["categories"], classes, rename or {})
        entries = sorted(content["images"], key=lambda entry: entry["id"])
        if len({entry["id"] for entry in entries}) < len(entries):
            raise Error(f"{self.file}: has two images of one id, wanted ids of their own")
        elsewhere = set()  # ids of images that are not asked for
        if image_ids is not None:
            wanted = set(image_ids)
            unknown = wanted - {entry["id"] for entry in entries}
            if unknown:
                raise Error(f"{self.file}: has no images {sorted(unknown)[:5]}")
            elsewhere = {entry["id"] for entry in entries} - wanted
            entries = [entry for entry in entries if entry["id"] in wanted]
        self.images = entries
        self.image_ids = [entry["id"] for entry in entries]
        self._read_annotations(content["annotations"], elsewhere, ignore_hard)
        taken = repr((self.classes, self._label_of, self.image_ids, ignore_hard))
        #: of the labels and of what is taken of them
        self.identity = hashlib.sha256(text + taken.encode()).hexdigest()

    def _names(self, categories, classes, rename):
        """The classes, and for each category id its index, or None if it is to be ignored."""
        strange = set(rename) - {c["name"] for c in categories}
        if strange:
            raise Error(f"{self.file}: rename: has no class {sorted(strange)}, "
                        f"it has {sorted(c['name'] for c in categories)}")
        names = {c["id"]: rename.get(c["name"], c["name"]) for c in categories}
        if classes is None:
            classes = list(dict.fromkeys(name for name in names.values() if name))
        classes = list(classes)
        strange = {name for name in names.values() if name} - set(classes)
        if strange:
            raise Error(f"{self.file}: has the classes {sorted(strange)}, which are not among "
                        f"{classes}; rename them, or to \"\" to have them ignored")
        return classes, {i: classes.index(name) if name else None for i, name in names.items()}

    def _read_annotations(self, annotations, elsewhere, ignore_hard):
        rows = {i: [] for i in self.image_ids}
        self.dropped = 0  # labels without an area: nothing can be learned from them
        for one in annotations:
            if one["image_id"] in elsewhere:
                continue
            if one["image_id"] not in rows:
                raise Error(f"{self.file}: annotation {one['id']}: image_id {one['image_id']} is "
                            "none of the images")
            if one["category_id"] not in self._label_of:
                raise Error(f"{self.file}: annotation {one['id']}: category_id "
                            f"{one['category_id']} is none of the categories")
            label = self._label_of[one["category_id"]]
            x, y, w, h = one["bbox"]
            if not (w > 0 and h > 0):
                self.dropped += 1
                continue
            ignored = (label is None or bool(one.get("iscrowd", 0)) or one.get("weight", 1) < FAINT
                       or (ignore_hard and bool(one.get("hard", False))))
            rows[one["image_id"]].append((x, y, x + w, y + h, -1 if label is None else label,
                                          ignored))
        self._rows = rows

    def category_of(self, name):
        """The category id in the file of a class; None if the file does not have it. Throws Error
        if it is several of the file's."""
        label = self.classes.index(name)
        found = [i for i, one in self._label_of.items() if one == label]
        if len(found) > 1:
            raise Error(f"{self.file}: {name} is {len(found)} of its categories, {found}, wanted "
                        "one; rename them in the file")
        return found[0] if found else None

    def __len__(self):
        return len(self.images)

    def path(self, i):
        """Where the image's file is."""
        name = self.images[i]["file_name"]
        if self._folder is None:
            parent = self.file.resolve().parent
            choices = [parent, parent.parent, parent / "images", parent.parent / "images"]
            for folder in choices:
                if (folder / name).is_file():
                    self._folder = folder
                    break
            else:
                raise Error(f"{self.file}: {name} is in none of {[str(c) for c in choices]}; "
                            "say where the images are, as files")
        return self._folder / name

    def labels_of(self, i):
        """Boxes [n, 4], labels [n] and ignored [n] of image `i`, without decoding it."""
        rows = self._rows[self.image_ids[i]]
        table = np.array([r[:4] for r in rows], np.float32).reshape(-1, 4)
        return (table, np.array([r[4] for r in rows], np.int64),
                np.array([r[5] for r in rows], bool))

    def _file(self, i):
        """What PIL can open."""
        if self._archives is None:
            return self.path(i)
        entry = self.images[i]
        return io.BytesIO(self._archives.read(entry["id"] - 1, entry["file_name"]))

    def __getitem__(self, i):
        entry = self.images[i]
        where = f"{self.file}: {entry['file_name']}"
        try:
            with Image.open(self._file(i)) as picture:
                image = upright_rgb(picture)
        except (OSError, ValueError) as error:
            raise Error(f"{where}: cannot be read: {error}") from error
        said = (entry.get("height", image.shape[0]), entry.get("width", image.shape[1]))
        if image.shape[:2] != said:
            raise Error(f"{where}: has {image.shape[1]}x{image.shape[0]} pixels, the labels are "
                        f"for {said[1]}x{said[0]}; rotate or rescale one of them")
        return Sample(image, *self.labels_of(i))


def upright_rgb(picture):
    """A PIL picture as uint8 [H, W, 3], a JPEG turned as its EXIF says: few readers turn PNGs."""
    if picture.mode.startswith("I"):  # 16 bits, of which convert() takes the lower eight
        grey = np.clip(np.asarray(picture, np.int64) >> 8, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.format in ("JPEG", "MPO"):
        picture = ImageOps.exif_transpose(picture)
    return np.array(picture.convert("RGB"))


def annotation_file(source):
    """The COCO file that a path means: itself, or the only one in a dataset's folder."""
    if source.is_file():
        return source
    if not source.is_dir():
        raise Error(f"{source}: is not there, wanted a COCO file or a dataset's folder")
    found = sorted(p for p in (source / "annotations").glob("*.json")
                   if not p.name.startswith("panoptic"))
    if len(found) != 1:
        raise Error(f"{source}: has {len(found)} files annotations/*.json, wanted one; "
                    "name the file itself")
    return found[0]


def archives_beside(file):
    """The archives of the dataset that wrote the annotation file; None if it has none."""
    folder = file.resolve().parent.parent
    description = folder / "dataset.json"
    if not description.is_file():
        return None
    try:
        packed = json.loads(description.read_bytes()).get("pack") == "tar"
    except (ValueError, AttributeError) as error:
        raise Error(f"{description}: cannot be read: {error}") from error
    return _core.DatasetFolder(folder) if packed else None


def write_json(path, content):
    """Writes JSON so that a reader sees the old file or the new one, whole."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
    draft.replace(path)


def write_truth(path, samples, groups=None, folds=None):
    """Writes the labels of CocoSamples as COCO with ids 1… and the samples' own classes.

    `groups` and `folds` say for each sample which images are not independent of each other, and
    who tests on it; `orrery evaluate` heeds both.
    """
    images, annotations = [], []
    for i, entry in enumerate(samples.images):
        image = {"id": entry["id"], "file_name": str(samples.path(i)), "width": entry["width"],
                 "height": entry["height"]}
        if groups is not None:
            image["group"] = groups[i]
        if folds is not None:
            image["fold"] = folds[i]
        images.append(image)
        for box, label, ignored in zip(*samples.labels_of(i)):
            x0, y0, x1, y1 = (float(v) for v in box)
            # What is of no class is no false positive of any: a crowd of each.
            for category in [label] if label >= 0 else range(len(samples.classes)):
                annotations.append({"id": len(annotations) + 1, "image_id": entry["id"],
                                    "category_id": int(category) + 1,
                                    "bbox": [x0, y0, x1 - x0, y1 - y0],
                                    "area": (x1 - x0) * (y1 - y0), "iscrowd": int(ignored)})
    categories = [{"id": i + 1, "name": name} for i, name in enumerate(samples.classes)]
    write_json(path, {"images": images, "annotations": annotations, "categories": categories})
