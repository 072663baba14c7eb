"""Does to the masks and boxes of a scene what ours did, by Albumentations and OpenCV.

Usage: albumentations_boxes.py SCENE.json ANSWER.json
The scene: width, height, plane (raw 16-bit ids), boxes by id, and cases with the operation, its
parameters and our boxes by id. The answer: for each case how far our boxes are from the extents of
the masks that Albumentations moved (from_masks, pixels), and the mean intersection over union of our
boxes and of Albumentations' boxes with those extents (ours, theirs), and how far our boxes of
labels without masks are from Albumentations' where they end inside the picture (boxes_alone).
"""
import json
import os
import sys

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
import albumentations as A  # noqa: E402
import cv2  # noqa: E402
import numpy as np  # noqa: E402


def transform_of(case):
    name, v = case["op"], case["values"]
    if name == "flip_horizontal":
        return A.HorizontalFlip(p=1)
    if name == "flip_vertical":
        return A.VerticalFlip(p=1)
    if name == "rotate":
        return A.Affine(rotate=(-v[0], -v[0]), rotate_method=case.get("method", "largest_box"), p=1)
    if name == "scale":
        return A.Affine(scale=(v[0], v[0]), p=1)
    if name == "shear":
        return A.Affine(shear={"x": (v[0], v[0]), "y": (0, 0)}, p=1)
    if name == "crop":
        x, y, width, height = v
        return A.Crop(x, y, x + width, y + height, p=1)
    if name == "resize":
        return A.Resize(height=v[1], width=v[0], p=1)
    raise SystemExit(f"no such case: {name}")


def extent(plane, number):
    rows, columns = np.nonzero(plane == number)
    if not len(rows):
        return None
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def main(scene_file, answer_file):
    with open(scene_file, encoding="utf-8") as file:
        scene = json.load(file)
    size = scene["width"], scene["height"]
    plane = np.fromfile(scene["plane"], np.uint16).reshape(size[1], size[0]).astype(np.uint8)
    numbers = [int(number) for number in scene["boxes"]]
    answers = []
    for case in scene["cases"]:
        if case["op"] == "perspective":  # Albumentations draws its own corners: OpenCV itself
            start = np.float32([[0, 0], [size[0], 0], size, [0, size[1]]])
            matrix = cv2.getPerspectiveTransform(start - 0.5, np.float32(case["values"]) - 0.5)
            moved = cv2.warpPerspective(plane, matrix, size, flags=cv2.INTER_NEAREST)
            boxes = {}
        else:
            run = A.Compose([transform_of(case)], bbox_params=A.BboxParams(
                format="pascal_voc", label_fields=["numbers"], clip=True))
            done = run(image=np.zeros((size[1], size[0], 3), np.uint8), mask=plane,
                       bboxes=list(scene["boxes"].values()), numbers=numbers)
            moved = done["mask"]
            boxes = {int(number): box for number, box in zip(done["numbers"], done["bboxes"])}
        far, ours, theirs = [], [], []
        alone = [0.0]
        for number, box in case["alone"].items():
            inside = box[0] > 0 and box[1] > 0 and box[2] < moved.shape[1] and box[3] < moved.shape[0]
            if inside and int(number) in boxes:
                alone.append(float(np.abs(np.subtract(box, boxes[int(number)])).max()))
        for number, box in case["ours"].items():
            truth = extent(moved, int(number))
            if truth is None:
                continue
            far.append(float(np.abs(np.subtract(box, truth)).max()))
            ours.append(overlap(box, truth))
            if int(number) in boxes:
                theirs.append(overlap(boxes[int(number)], truth))
        answers.append({"op": case["op"], "values": case["values"], "labels": len(far),
                        "boxes_alone": max(alone), "alone": len(alone) - 1, "from_masks": max(far),
                        "ours": float(np.mean(ours)), "theirs": float(np.mean(theirs)) if theirs else None})
    with open(answer_file, "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
