"""Reads YOLO's four formats: by a checker of their rules, and with Ultralytics' own."""

import importlib
import importlib.util
import pathlib

import numpy as np

from sinks_truth import (classes, filled, form, labels_of, left_out, mask_of, members, near,
                         rasterised, root, truth)


def yolo_numbers(image):
    """A label file, read by the format's rule: the last /images/ of the picture's path."""
    picture = "/images/" + image["name"] + ".png"
    assert (root / picture[1:]).is_file()
    text = "/labels/".join(picture.rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt"
    return [[float(n) for n in line.split()] for line in (root / text[1:]).read_text().splitlines()]


def check_yolo_lists():
    import yaml

    data = yaml.safe_load((root / "data.yaml").read_text())
    assert data["nc"] == len(classes)
    assert [data["names"][i] for i in range(len(classes))] == classes
    assert "download" not in data and "path" not in data
    for split in {image["split"] for image in truth["images"]} | {"train", "val"}:
        lines = (root / data[split]).read_text().splitlines()
        assert lines == ["./images/" + i["name"] + ".png" for i in members(split=split)]
    for k in range(3):
        fold = yaml.safe_load((root / f"fold{k}/data.yaml").read_text())
        for side in ("train", "val"):
            at = root / f"fold{k}"
            lines = (at / fold[side]).read_text().splitlines()
            pictures = [(at / line).resolve() for line in lines]
            wanted = [(root / "images" / (i["name"] + ".png")).resolve()
                      for i in members(fold=k, val=side == "val")]
            assert pictures == wanted
    return data


def check_yolo(columns, compare):
    data = check_yolo_lists()
    written = lost = 0
    for image in truth["images"]:
        rows = yolo_numbers(image)
        labels = labels_of(image)
        for row in rows:
            assert columns(len(row)), row
            assert row[0] in range(len(classes))
            assert all(0 <= n <= 1 for n in row[1:]) or form == "yolo_pose"
        assert len({tuple(row) for row in rows}) == len(rows)
        assert len(rows) == len(labels), (image["name"], rows, labels)
        for row, label in zip(rows, labels):
            assert row[0] == label["class"]
            compare(image, row[1:], label, data)
        written += len(rows)
        lost += len(image["labels"]) - len(labels)
    assert written > 50 and left_out.get("crowd regions", 0) == lost > 0
    check_with_ultralytics(data)


def check_yolo_box(image, numbers, label):
    x, y, w, h = np.array(numbers) * np.tile([image["width"], image["height"]], 2)
    near([x - w / 2, y - h / 2, x + w / 2, y + h / 2], label["box"])


def read_yolo():
    check_yolo(lambda n: n == 5, lambda image, n, label, data: check_yolo_box(image, n, label))


def read_yolo_seg():
    def compare(image, numbers, label, data):
        size = [image["width"], image["height"]]
        polygon = (np.reshape(numbers, (-1, 2)) * size).tolist()
        if label["only_box"]:
            x0, y0, x1, y1 = label["box"]
            near(polygon, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        elif label["exact_mask"]:
            polygon = np.round(polygon, 6).tolist()
            assert np.array_equal(rasterised(polygon, *size), filled(mask_of(image, label)))
        else:
            near(polygon, label["outline"])

    check_yolo(lambda n: n >= 7 and n % 2 == 1, compare)
    assert left_out["holes of masks"] > 0


def read_yolo_obb():
    cv2 = importlib.import_module("cv2")

    def compare(image, numbers, label, data):
        size = [image["width"], image["height"]]
        corners = np.reshape(numbers, (-1, 2)) * size
        if label["only_box"]:
            x0, y0, x1, y1 = label["box"]
            near(corners, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            return
        if (corners <= 1e-6).any() or (corners >= np.array(size) - 1e-6).any():
            return  # may have been moved to the border
        ys, xs = np.nonzero(mask_of(image, label))
        pixels = np.concatenate([np.stack([xs + i, ys + j], 1) for i in (0, 1) for j in (0, 1)])
        (_, _), (w, h), _ = cv2.minAreaRect(pixels.astype(np.float32))
        sides = np.linalg.norm(corners - np.roll(corners, 1, 0), axis=1)
        near(sides[0] * sides[1], w * h, 1e-2 * w * h)
        hull = cv2.convexHull(corners.astype(np.float32))
        for pixel in pixels:
            assert cv2.pointPolygonTest(hull, [float(v) for v in pixel], True) > -1e-3

    check_yolo(lambda n: n == 9, compare)


def read_yolo_pose():
    def compare(image, numbers, label, data):
        check_yolo_box(image, numbers[:4], label)
        points = np.reshape(numbers[4:], (-1, 3)) * [image["width"], image["height"], 1]
        wanted = [p if p[2] else [0, 0, 0] for p in label["keypoints"]] or [[0, 0, 0]] * 3
        near(points, wanted)

    check_yolo(lambda n: n == 5 + 9, compare)
    data = check_yolo_lists()
    assert data["kpt_shape"] == [3, 3] and data["flip_idx"] == [1, 0, 2]


def ultralytics_checks():
    """Their own functions, out of the installed package: importing it whole would need torch."""
    import ast
    import os
    import tarfile
    import types
    import zipfile

    import yaml
    from PIL import Image, ImageOps

    spec = importlib.util.find_spec("ultralytics")
    if spec is None:
        print(f"skipped: {form} is not read with ultralytics, which is not installed")
        return None
    at = pathlib.Path(spec.origin).parent

    def load(file, append_filename=False):
        return {**yaml.safe_load(pathlib.Path(file).read_text()), "yaml_file": str(file)}

    names = types.SimpleNamespace
    space = {
        "np": np, "os": os, "Path": pathlib.Path, "Image": Image, "ImageOps": ImageOps,
        "empty_like": np.empty_like, "torch": names(Tensor=()), "zipfile": zipfile,
        "is_tarfile": tarfile.is_tarfile, "YAML": names(load=load), "check_file": lambda f: f,
        "check_class_names": lambda n: n, "DATASETS_DIR": pathlib.Path("/nowhere"),
        "is_ascii": lambda n: True, "check_font": lambda f: None, "emojis": str,
    }
    wanted = {"verify_image_label", "check_image", "exif_size", "check_det_dataset", "IMG_FORMATS",
              "DATASET_KEY_TYPES", "segments2boxes", "xyxy2xywh"}
    for file in ("utils/ops.py", "data/utils.py"):
        for node in ast.parse((at / file).read_text()).body:
            targets = [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)]
            if getattr(node, "name", None) in wanted or wanted & set(targets):
                future = ast.parse("from __future__ import annotations").body
                exec(compile(ast.Module(future + [node], []), file, "exec"), space)
    return names(**space)


def check_with_ultralytics(data):
    theirs = ultralytics_checks()
    if theirs is None:
        return
    for image in truth["images"]:
        picture = str(root / "images" / (image["name"] + ".png"))
        labels = "/labels/".join(picture.rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt"
        count, width = data.get("kpt_shape", [0, 0])
        _, rows, shape, _, _, missing, found, empty, corrupt, text = theirs.verify_image_label(
            (picture, labels, "", "kpt_shape" in data, len(classes), count, width, False))
        assert (missing, corrupt, text) == (0, 0, ""), text
        assert shape == (image["height"], image["width"])
        assert len(rows) == len(labels_of(image)) and empty == int(len(rows) == 0) and found == 1
    for at in (root, root / "fold0"):
        checked = theirs.check_det_dataset(str(at / "data.yaml"), autodownload=False)
        assert pathlib.Path(checked["path"]) == at
        assert checked["train"] == str((at / "train.txt").resolve())
