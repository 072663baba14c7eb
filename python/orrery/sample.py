"""One labelled image as arrays, whether it comes from a stream or from files."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from orrery import _core
from orrery.error import Error


FAINT = 0.3  #: labels of less weight are ignored, as formats without weights drop them


class Sample:
    """Image `index` of a dataset with its labels. Instances are in the order of the COCO file;
    pixels are counted from the image's top-left corner, the camera frame is x right, y down,
    z forward. Arrays are made when they are asked for, and kept."""

    def __init__(self, index: int, coco: dict[str, Any], manifest: Callable[[], str],
                 read: Callable[[str], bytes], substitute: int = 0):
        self.index = index
        self.coco = coco  #: {"image": …, "annotations": […]} as in COCO
        self.substitute = substitute  #: k: its k-th other draw, those before could not be made
        self._manifest = manifest
        self._read = read

    def read(self, path: str) -> bytes:
        """The bytes of one of its files: "images/00000005.jpg"."""
        return self._read(path)

    @property
    def path(self) -> str:
        """Of the picture, in the dataset."""
        return self.coco["image"]["file_name"]

    @functools.cached_property
    def image(self) -> np.ndarray:
        """uint8 [H, W, 3], RGB; of a cut-out [H, W, 4] with straight alpha."""
        return _core.color(self.read(self.path), self.path, self.path.endswith(".png")
                           and self.manifest.get("scene", {}).get("background", {}).get("kind")
                           == "transparent")

    def decode_into(self, out: np.ndarray) -> None:
        """Writes the image into `out`, uint8 [H, W, 3 or 4] without gaps, without a copy between.
        Throws Error if it is of another kind."""
        if out.dtype != np.uint8 or not out.flags.c_contiguous or not out.flags.writeable:
            raise Error(f"out is {out.dtype} with strides {out.strides}, wanted uint8 in C order "
                        "that can be written to", 64)
        _core.color_into(self.read(self.path), self.path, out)

    @functools.cached_property
    def boxes(self) -> np.ndarray:
        """float32 [n, 4]: x0, y0, x1, y1 of what is visible, half-open."""
        xywh = self._array("bbox", np.float32, 4, (0, 0, 0, 0))
        xywh[:, 2:] += xywh[:, :2]
        return xywh

    @functools.cached_property
    def labels(self) -> np.ndarray:
        """int64 [n]: into the dataset's classes."""
        return self._array("category_id", np.int64) - 1

    @functools.cached_property
    def ignored(self) -> np.ndarray:
        """bool [n]: crowds, what nobody labelled and what is FAINT; neither a hit nor a miss."""
        return self._array("iscrowd", bool, default=False) | (self.weights < FAINT)

    @functools.cached_property
    def weights(self) -> np.ndarray:
        """float32 [n]: shares of the pictures that mixup laid over each other; else 1."""
        return self._array("weight", np.float32, default=1)

    @functools.cached_property
    def hard(self) -> np.ndarray:
        """bool [n]: nobody could be asked to find it (VOC's difficult)."""
        return self._array("hard", bool, default=False)

    @functools.cached_property
    def instance_ids(self) -> np.ndarray:
        """int64 [n]: values of `ids`, where there are any."""
        return self._array("instance_id", np.int64, default=0)

    @functools.cached_property
    def visible_fraction(self) -> np.ndarray:
        """float32 [n]: visible / amodal area; not a number where nobody knows."""
        return self._array("visible_fraction", np.float32, default=np.nan)

    @functools.cached_property
    def masks(self) -> np.ndarray:
        """bool [n, H, W]: visible pixels; of labels that are only boxes, none."""
        width, height = self.size
        masks = [_core.mask(json.dumps(a["segmentation"]), width, height)
                 if a.get("segmentation") else np.zeros((height, width), bool)
                 for a in self.coco["annotations"]]
        return np.stack(masks) if masks else np.zeros((0, height, width), bool)

    @functools.cached_property
    def keypoints(self) -> np.ndarray:
        """float32 [n, k, 3]: x, y and COCO's visibility (0 not labelled, 1 hidden, 2 visible) of
        as many keypoints as the richest class in the image has; the rest is 0."""
        points = [np.asarray(a.get("keypoints", ()), np.float32).reshape(-1, 3)
                  for a in self.coco["annotations"]]
        most = max((len(p) for p in points), default=0)
        out = np.zeros((len(points), most, 3), np.float32)
        for row, p in zip(out, points):
            row[:len(p)] = p
            row[row[:, 2] > 0, :2] += 0.5  # COCO counts from the first pixel's centre
        return out

    @functools.cached_property
    def poses(self) -> np.ndarray:
        """float64 [n, 4, 4]: camera_from_object, metres; not a number where there is none."""
        out = np.full((len(self.coco["annotations"]), 4, 4), np.nan)
        for pose, a in zip(out, self.coco["annotations"]):
            if "cam_R_m2c" in a:
                pose[:] = np.eye(4)
                pose[:3, :3] = np.reshape(a["cam_R_m2c"], (3, 3))
                pose[:3, 3] = a["cam_t_m2c"]
        return out

    @functools.cached_property
    def camera(self) -> np.ndarray | None:
        """float64 [3, 3]: intrinsics in pixels from the image's corner, if they are known."""
        k = self.coco["image"].get("cam_K")
        return None if k is None else np.reshape(np.asarray(k, np.float64), (3, 3))

    @functools.cached_property
    def depth(self) -> np.ndarray | None:
        """float32 [H, W]: metres along the optical axis, 0 where nothing is; None without one."""
        raw = self._plane("depth")
        return None if raw is None else raw.astype(np.float32) / 1000

    @functools.cached_property
    def ids(self) -> np.ndarray | None:
        """uint16 [H, W]: instance_ids, 0 is the background; None without them."""
        return self._plane("id")

    @functools.cached_property
    def normals(self) -> np.ndarray | None:
        """float32 [H, W, 3]: camera frame, of unit length up to rounding, 0 where nothing is;
        None without them."""
        path = f"normal/{self.index:08}.png"
        if path not in self.manifest["files"]:
            return None
        raw = _core.color(self.read(path), path)
        return np.where(raw.any(axis=2, keepdims=True), raw.astype(np.float32) / 127.5 - 1, 0)

    @functools.cached_property
    def manifest(self) -> dict[str, Any]:
        """Its line of manifest.jsonl: camera, lights, objects, lineage, hashes of its files."""
        return json.loads(self._manifest())

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.coco["image"]["width"], self.coco["image"]["height"]

    def _plane(self, folder: str) -> np.ndarray | None:
        path = f"{folder}/{self.index:08}.png"
        if path not in self.manifest["files"]:
            return None
        return _core.gray(self.read(path), path)

    def _array(self, key: str, dtype: Any, columns: int = 0, default: Any = None) -> np.ndarray:
        shape = (-1, columns) if columns else (-1,)
        values = [a.get(key, default) for a in self.coco["annotations"]]
        return np.asarray(values, dtype).reshape(shape)
