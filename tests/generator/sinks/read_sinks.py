"""Reads FOLDER/FORMAT with the format's own readers and compares with FOLDER/truth.json.

Usage: read_sinks.py FORMAT FOLDER. Readers that are not installed are skipped with a message.
"""

import importlib
import json
import pathlib
import urllib.parse
from xml.etree import ElementTree

import numpy as np

from read_yolo import read_yolo, read_yolo_obb, read_yolo_pose, read_yolo_seg  # noqa: F401
from sinks_truth import (classes, filled, form, labels_of, left_out, mask_of, members, module, near,
                         rasterised, root, truth)


def check_coco_file(file, wanted):
    from pycocotools.coco import COCO

    coco = COCO(str(file))
    assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == classes
    assert coco.getCatIds() == list(range(1, len(classes) + 1))
    assert sorted(coco.anns) == list(range(1, len(coco.anns) + 1))
    assert len(coco.imgs) == len(wanted), (len(coco.imgs), len(wanted))
    for (image_id, found), image in zip(sorted(coco.imgs.items()), wanted):
        assert found["file_name"] == image["name"] + ".png"
        assert (root / "images" / found["file_name"]).is_file()
        assert found.get("train_only", False) == image["train_only"]
        annotations = coco.loadAnns(sorted(coco.getAnnIds(imgIds=[image_id])))
        assert len(annotations) == len(image["labels"])
        for a, label in zip(annotations, image["labels"]):
            x, y, w, h = a["bbox"]
            near([x, y, x + w, y + h], label["box"], 1e-9)
            assert a["category_id"] == label["class"] + 1
            assert a["iscrowd"] == int(label["crowd"])
            assert a.get("hard", False) == label["hard"]
            assert a.get("loose", False) == label["loose"]
            assert a.get("weight", 1) == label["weight"]
            near(a["area"], label["area"], 1e-9)
            if label.get("exact_mask"):
                assert np.array_equal(coco.annToMask(a).astype(bool), mask_of(image, label))
            elif label["outline"]:
                near(np.reshape(a["segmentation"][0], (-1, 2)), label["outline"], 1e-9)
            else:
                assert a["segmentation"] == []
            if label["keypoints"]:
                wanted_points = [[p[0] - 0.5, p[1] - 0.5, p[2]] if p[2] else [0, 0, 0]
                                 for p in label["keypoints"]]
                near(np.reshape(a["keypoints"], (-1, 3)), wanted_points, 1e-9)
                assert a["num_keypoints"] == sum(p[2] > 0 for p in label["keypoints"])


def read_coco():
    splits = sorted({image["split"] for image in truth["images"]})
    found = sorted(p.name for p in (root / "annotations").iterdir())
    assert found == [f"instances_{s}.json" for s in splits], found
    for split in splits:
        check_coco_file(root / f"annotations/instances_{split}.json", list(members(split=split)))
    folds = 1 + max(image.get("fold", -1) for image in truth["images"])
    assert folds == 3
    for k in range(folds):
        for side in ("train", "val"):
            check_coco_file(root / f"folds/fold{k}/instances_{side}.json",
                            list(members(fold=k, val=side == "val")))
    assert left_out == {}, left_out


def datumaro_items(name, path):
    dm = module("datumaro")
    if dm is None:
        return None, None
    dataset = dm.Dataset.import_from(str(path), name)
    names = [c.name for c in dataset.categories()[dm.AnnotationType.label]]
    return dataset, names


def read_voc():
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(pathlib.Path(__file__).with_name("voc.xsd")))
    from PIL import Image

    for image in truth["images"]:
        tree = etree.parse(root / "Annotations" / (image["name"] + ".xml"))
        schema.assertValid(tree)
        assert (root / "JPEGImages" / (image["name"] + ".png")).is_file()
        objects = tree.findall("object")
        labels = labels_of(image)
        assert len(objects) == len(labels)
        for o, label in zip(objects, labels):
            assert o.findtext("name") == classes[label["class"]]
            box = [int(o.findtext("bndbox/" + k)) for k in ("xmin", "ymin", "xmax", "ymax")]
            x0, y0, x1, y1 = np.floor(np.array(label["box"]) + 0.5)
            assert box == [x0 + 1, y0 + 1, x1, y1], (box, label["box"])
            assert o.findtext("difficult") == str(int(label["hard"]))
            assert o.findtext("truncated") == str(int(label.get("truncation", 0) > 0))
        masked = [a for a in image["labels"] if "mask" in a]
        assert tree.findtext("segmented") == str(int(bool(masked)))
        if not masked:
            continue
        png = Image.open(root / "SegmentationObject" / (image["name"] + ".png"))
        kinds = Image.open(root / "SegmentationClass" / (image["name"] + ".png"))
        assert png.mode == "P" and png.getpalette()[:9] == [0, 0, 0, 128, 0, 0, 0, 128, 0]
        wanted = np.zeros((image["height"], image["width"]), np.uint8)
        of_class = wanted.copy()
        place = 0
        for label in image["labels"]:
            place += not label["crowd"]
            if "mask" in label:
                free = mask_of(image, label) & (wanted == 0)
                wanted[free] = 255 if label["crowd"] else place
                of_class[free] = 255 if label["crowd"] else label["class"] + 1
        assert np.array_equal(np.array(png), wanted)
        assert np.array_equal(np.array(kinds), of_class)
    for split in {image["split"] for image in truth["images"]}:
        names = (root / f"ImageSets/Main/{split}.txt").read_text().splitlines()
        assert names == [i["name"] for i in members(split=split)]
    for k in range(3):
        names = (root / f"ImageSets/Main/fold{k}_val.txt").read_text().splitlines()
        assert names == [i["name"] for i in members(fold=k, val=True)]


def read_kitti():
    names = (root / "names.txt").read_text().splitlines()
    assert names == [f"{i:06} {image['name']}" for i, image in enumerate(truth["images"])]
    plain = [n.replace(" ", "_").replace('"', "_") for n in classes]
    for i, image in enumerate(truth["images"]):
        assert (root / f"training/image_2/{i:06}.png").is_file()
        lines = (root / f"training/label_2/{i:06}.txt").read_text().splitlines()
        assert len(lines) == len(image["labels"])
        for line, label in zip(lines, image["labels"]):
            columns = line.split(" ")  # a second blank would give an empty column
            assert len(columns) == 15 and all(columns)
            assert columns[0] == ("DontCare" if label["crowd"] else plain[label["class"]])
            near([float(c) for c in columns[4:8]], label["box"])
            assert [float(c) for c in columns[8:]] == [-1, -1, -1, -1000, -1000, -1000, -10]
            if label["crowd"]:
                continue
            near(float(columns[1]), label.get("truncation", -1), 1e-6)
            o = label.get("occlusion")
            assert columns[2] == ("3" if o is None else "0" if o == 0 else "1" if o < 0.5 else "2")
    for split in {image["split"] for image in truth["images"]}:
        numbers = (root / f"ImageSets/{split}.txt").read_text().split()
        assert [truth["images"][int(n)]["name"] for n in numbers] == [
            i["name"] for i in members(split=split)]


def read_cvat():
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(pathlib.Path(__file__).with_name("cvat.xsd")))
    files = [root / f"{s}.xml" for s in sorted({image["split"] for image in truth["images"]})]
    assert sorted(root.glob("*.xml")) == files
    for file in files:
        schema.assertValid(etree.parse(file))
    dataset, names = datumaro_items("cvat", root)
    if dataset is None:
        return
    assert names == classes
    items = {(item.id, item.subset): item for item in dataset}
    assert len(items) == len(truth["images"])
    for image in truth["images"]:
        found = items[(image["name"], image["split"])].annotations
        labels = labels_of(image)
        assert len(found) == len(labels)
        # Readers may sort by kind, so each kind is compared in order.
        for kind in ("bbox", "polygon", "mask"):
            mine = [a for a in labels if kind == (
                "bbox" if a["only_box"] else "mask" if a["exact_mask"] else "polygon")]
            theirs = [a for a in found if a.type.name == kind]
            assert len(mine) == len(theirs), (kind, len(mine), len(theirs))
            for a, label in zip(theirs, mine):
                assert a.label == label["class"]
                if kind == "bbox":
                    near([a.x, a.y, a.x + a.w, a.y + a.h], label["box"], 0.0051)
                elif kind == "mask":
                    assert np.array_equal(np.asarray(a.image, bool), mask_of(image, label))
                else:
                    near(np.reshape(a.points, (-1, 2)), label["outline"], 0.0051)
    # Datumaro rounds to two digits; the file itself has six.
    for file in files:
        boxes = [[float(b.get(k)) for k in ("xtl", "ytl", "xbr", "ybr")]
                 for b in ElementTree.parse(file).iter("box")]
        near(boxes, [a["box"] for i in members(split=file.stem)
                     for a in labels_of(i) if a["only_box"]])


def validator(name):
    import jsonschema

    file = pathlib.Path(__file__).with_name(name)
    return jsonschema.Draft202012Validator(json.loads(file.read_text()))


def shape_matches(image, label, kind, polygons):
    size = image["width"], image["height"]
    if label["only_box"]:
        assert kind == "rect"
        x0, y0, x1, y1 = label["box"]
        near(polygons[0], [[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    elif label["exact_mask"]:
        union = np.zeros(size[::-1], bool)
        for polygon in polygons:
            union |= rasterised(np.round(polygon, 6).tolist(), *size)
        assert np.array_equal(union, filled(mask_of(image, label)))
    else:
        near(polygons[0], label["outline"])


def read_label_studio():
    tasks = json.loads((root / "tasks.json").read_text())
    validator("label_studio.schema.json").validate(tasks)
    config = ElementTree.parse(root / "config.xml").getroot()
    controls = {c.get("name"): [v.get("value") for v in c] for c in config if c.get("toName")}
    assert controls["box"] == controls["polygon"] == classes
    assert len(tasks) == len(truth["images"])
    for task, image in zip(tasks, truth["images"]):
        path = urllib.parse.unquote(task["data"]["image"].split("?d=")[1])
        assert (root / path).is_file()
        results = task["predictions"][0]["result"]
        scale = np.array([image["width"], image["height"]]) / 100
        shapes = {}
        for r in results:
            assert (r["original_width"], r["original_height"]) == (image["width"], image["height"])
            value = r["value"]
            assert value[r["type"]][0] in controls[r["from_name"]]
            if r["type"] == "keypointlabels":
                assert r["parentID"] in shapes
                continue
            if r["type"] == "rectanglelabels":
                x, y = value["x"], value["y"]
                right, below = x + value["width"], y + value["height"]
                points = [[x, y], [right, y], [right, below], [x, below]]
            else:
                points = value["points"]
            name = r["id"].split("p")[0]
            shapes.setdefault(name, [r["type"], value[r["type"]][0], []])[2].append(
                np.array(points) * scale)
        labels = labels_of(image)
        assert len(shapes) == len(labels)
        for (kind, name, polygons), label in zip(shapes.values(), labels):
            assert name == classes[label["class"]]
            shape_matches(image, label, "rect" if kind == "rectanglelabels" else kind, polygons)
        wanted = sum(p[2] > 0 for a in labels for p in a["keypoints"])
        assert sum(r["type"] == "keypointlabels" for r in results) == wanted


def read_prodigy():
    lines = (root / "tasks.jsonl").read_text().splitlines()
    assert len(lines) == len(truth["images"])
    check = validator("prodigy.schema.json")
    hashes = set()
    for line, image in zip(lines, truth["images"]):
        task = json.loads(line)
        check.validate(task)
        hashes.add((task["_input_hash"], task["_task_hash"]))
        assert (root / task["image"]).is_file()
        assert (task["width"], task["height"]) == (image["width"], image["height"])
        spans = task["spans"]
        for span in spans:
            points = np.array(span["points"])
            low, high = points.min(0), points.max(0)
            near([span["x"], span["y"], span["width"], span["height"]],
                 [*low, *(high - low)], 1e-9)
            near(span["center"], (low + high) / 2, 1e-9)
        for label in labels_of(image):
            take = 1
            if label.get("exact_mask"):
                cv2 = importlib.import_module("cv2")
                take = cv2.connectedComponents(
                    mask_of(image, label).astype(np.uint8), connectivity=4)[0] - 1
            mine, spans = spans[:take], spans[take:]
            assert all(s["label"] == classes[label["class"]] for s in mine)
            shape_matches(image, label, mine[0]["type"], [s["points"] for s in mine])
        assert not spans
    assert len(hashes) == len(lines)


globals()["read_" + form]()
