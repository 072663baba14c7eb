#!/usr/bin/env python3
"""Augments stored photos with labels, ours in turn with Albumentations and OpenCV, on one core each.

Both decode 640x480 JPEGs, do the operations of the preset "medium", encode JPEGs (quality 92, 4:2:0)
and write the boxes as YOLO and COCO. What counts is the core time of each process, so that the ratio
holds although others have the machine's cores too. Prints one JSON object.

Usage: augment.py AUGMENT_BENCH SHARED_FOLDER [--rounds N] [--images N]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
import albumentations as A  # noqa: E402
import cv2  # noqa: E402
import numpy as np  # noqa: E402

SIZE = (640, 480)
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 92]


def stored_photos(shared, folder, count):
    """Photos of blood cells (many boxes) and of boards (few), as JPEGs of one size, and their boxes."""
    sources = []
    for images, labels in (("bccd/JPEGImages", "bccd/Annotations"), ("boards/train", "boards/train")):
        found = sorted((shared / "data/real" / images).glob("*.jpg"))
        sources.append([(photo, shared / "data/real" / labels / (photo.stem + ".xml")) for photo in found])
    pairs = [pair for both in zip(*sources) for pair in both][:count]
    listed, classes = [], {}
    for number, (photo, labels) in enumerate(pairs):
        image = cv2.imread(str(photo))
        sx, sy = SIZE[0] / image.shape[1], SIZE[1] / image.shape[0]
        cv2.imwrite(str(folder / f"{number:04}.jpg"), cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA),
                    QUALITY)
        boxes = []
        for thing in ElementTree.parse(labels).iter("object"):
            edges = [float(thing.find("bndbox").find(edge).text) for edge in ("xmin", "ymin", "xmax", "ymax")]
            box = [max(0, edges[0] * sx), max(0, edges[1] * sy), min(SIZE[0], edges[2] * sx), min(SIZE[1], edges[3] * sy)]
            if box[0] < box[2] and box[1] < box[3]:
                boxes.append(box + [classes.setdefault(thing.find("name").text, len(classes))])
        listed.append({"name": f"{number:04}", "boxes": boxes})
    (folder / "boxes.json").write_text(json.dumps(listed))
    return listed


def medium():
    """The preset "medium", with Albumentations' operations that come nearest."""
    return A.Compose([
        A.HorizontalFlip(p=0.5),
        A.Affine(rotate=(-8, 8), scale=(0.8, 1.2), translate_percent=(-0.06, 0.06), fill=114, p=0.7),
        A.Perspective(scale=(0.02, 0.05), fill=114, p=0.2),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=0.5),
        A.HueSaturationValue(hue_shift_limit=5, sat_shift_limit=30, val_shift_limit=20, p=0.5),
        A.RandomGamma(gamma_limit=(70, 140), p=0.2),
        A.CLAHE(clip_limit=(1, 3), p=0.1),
        A.RandomShadow(shadow_roi=(0, 0, 1, 1), num_shadows_limit=(1, 1), shadow_intensity_range=(0.3, 0.6), p=0.1),
        A.OneOf([A.GaussianBlur(blur_limit=0, sigma_limit=(0.5, 1.5), p=1), A.MotionBlur(blur_limit=(3, 7), p=1),
                 A.Defocus(radius=(1, 2), p=1)], p=0.25),
        A.OneOf([A.GaussNoise(std_range=(0.01, 0.03), p=1), A.ShotNoise(scale_range=(0.001, 0.005), p=1)], p=0.3),
        A.OneOf([A.ImageCompression(quality_range=(40, 90), p=1),
                 A.Downscale(scale_range=(0.5, 0.9), interpolation_pair={
                     "downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}, p=1)], p=0.25),
        A.CoarseDropout(num_holes_range=(1, 6), hole_height_range=(0.03, 0.12), hole_width_range=(0.03, 0.12),
                        fill=114, p=0.15),
    ], bbox_params=A.BboxParams(format="pascal_voc", label_fields=["classes"], min_visibility=0.1, clip=True))


def their_round(folder, out, listed, transform, seed):
    transform.set_random_seed(seed)
    seconds = dict.fromkeys(("decode", "augment", "encode", "labels"), 0.0)
    images, annotations = [], []
    for number, item in enumerate(listed, 1):
        start = time.process_time()
        image = cv2.imread(str(folder / (item["name"] + ".jpg")), cv2.IMREAD_COLOR_RGB)
        decoded = time.process_time()
        done = transform(image=image, bboxes=[box[:4] for box in item["boxes"]],
                         classes=[box[4] for box in item["boxes"]])
        augmented = time.process_time()
        image = done["image"]
        cv2.imwrite(str(out / (item["name"] + ".jpg")), cv2.cvtColor(image, cv2.COLOR_RGB2BGR), QUALITY)
        encoded = time.process_time()
        height, width = image.shape[:2]
        lines = []
        for (x0, y0, x1, y1), label in zip(done["bboxes"], done["classes"]):
            lines.append(f"{int(label)} {(x0 + x1) / 2 / width:.6f} {(y0 + y1) / 2 / height:.6f} "
                         f"{(x1 - x0) / width:.6f} {(y1 - y0) / height:.6f}\n")
            annotations.append({"id": len(annotations) + 1, "image_id": number, "category_id": int(label) + 1,
                                "bbox": [round(float(v), 2) for v in (x0, y0, x1 - x0, y1 - y0)],
                                "area": round(float((x1 - x0) * (y1 - y0)), 2), "iscrowd": 0})
        (out / (item["name"] + ".txt")).write_text("".join(lines))
        images.append({"id": number, "file_name": item["name"] + ".jpg", "width": width, "height": height})
        for name, value in zip(seconds, (decoded - start, augmented - decoded, encoded - augmented,
                                         time.process_time() - encoded)):
            seconds[name] += value
    start = time.process_time()
    (out / "coco.json").write_text(json.dumps({"images": images, "annotations": annotations}))
    seconds["labels"] += time.process_time() - start
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=100)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder, ours_out, their_out = (Path(scratch) / name for name in ("in", "ours", "theirs"))
        for path in (folder, ours_out, their_out):
            path.mkdir()
        listed = stored_photos(options.shared, folder, options.images)
        ours = subprocess.Popen([options.program, folder, "medium", ours_out], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        transform = medium()
        rounds = []
        for number in range(options.rounds + 1):  # the first warms caches
            ours.stdin.write(f"round {number}\n")
            ours.stdin.flush()
            mine = json.loads(ours.stdout.readline())
            theirs = their_round(folder, their_out, listed, transform, number)
            if number:
                rounds.append((mine, theirs))
            print(f"round {number}: {sum(theirs.values()) / sum(mine.values()):.2f}", file=sys.stderr)
        ours.stdin.close()
        ours.wait()
    per_image = [{name: 1000 * statistics.median(each[side][name] for each in rounds) / len(listed)
                  for name in rounds[0][0]} for side in (0, 1)]
    ratios = [sum(theirs.values()) / sum(mine.values()) for mine, theirs in rounds]
    print(json.dumps({"images": len(listed), "rounds": len(rounds), "core_ms_per_image": {
        "ours": {**per_image[0], "all": sum(per_image[0].values())},
        "albumentations": {**per_image[1], "all": sum(per_image[1].values())}},
        "albumentations_version": A.__version__, "opencv_version": cv2.__version__,
        "ratio": statistics.median(ratios), "ratios": ratios,
        "ratio_of_augmentation": statistics.median(t["augment"] / m["augment"] for m, t in rounds)}, indent=2))


if __name__ == "__main__":
    main()
