"""Detections of a trained detector: python -m orrery.train.predict CHECKPOINT DATA -o FILE."""

from __future__ import annotations

import argparse
import sys

import numpy as np
import torch
from PIL import Image, ImageDraw

from .. import Error
from ..coco import CocoSamples, write_json
from .augment import letterbox
from .data import add_data_options, open_data
from .loop import load_detector


def detect(detector, samples, side, batch=16, device="cpu"):
    """For each sample (boxes float32 [n, 4] in its own pixels, scores [n], labels [n])."""
    found = []
    for start in range(0, len(samples), batch):
        images, factors, sizes = [], [], []
        for i in range(start, min(start + batch, len(samples))):
            image = samples[i].image[..., :3]
            canvas, factor = letterbox(image, side)
            images.append(canvas)
            factors.append(np.tile(np.array(factor, np.float32), 2))
            sizes.append(np.tile(np.array(image.shape[1::-1], np.float32), 2))
        stack = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float().to(device)
        for (boxes, scores, labels), factor, size in zip(detector.detect(stack), factors, sizes):
            boxes = np.clip(boxes.cpu().numpy() / factor, 0, size)
            found.append((boxes, scores.cpu().numpy(), labels.cpu().numpy()))
    return found


def coco_results(found, image_ids, category_ids):
    """Detections as COCO lists them. A label whose category id is None is left out."""
    return [{"image_id": int(image), "category_id": category_ids[int(label)],
             "bbox": [round(float(v), 3) for v in (x0, y0, x1 - x0, y1 - y0)],
             "score": round(float(score), 6)}
            for (boxes, scores, labels), image in zip(found, image_ids)
            for (x0, y0, x1, y1), score, label in zip(boxes, scores, labels)
            if category_ids[int(label)] is not None]


def contact_sheet(samples, found, classes, least=0.3, columns=6, tile=240, limit=60):
    """A picture of the first images with what was found above the score `least` (orange) and what
    is labelled (white)."""
    count = min(len(samples), limit)
    sheet = Image.new("RGB", (columns * tile, -(-count // columns) * tile), (24, 24, 24))
    for i in range(count):
        sample = samples[i]
        picture = Image.fromarray(sample.image).convert("RGB")
        factor = tile / max(picture.size)
        picture = picture.resize([max(1, round(v * factor)) for v in picture.size])
        pen = ImageDraw.Draw(picture)
        for box in sample.boxes:
            pen.rectangle([float(v) * factor for v in box], outline="white")
        for box, score, label in zip(*found[i]):
            if score >= least:
                corner = [float(v) * factor for v in box]
                pen.rectangle(corner, outline="orange", width=2)
                pen.text((corner[0] + 3, corner[1] + 2), f"{classes[label]} {score:.2f}", "red")
        sheet.paste(picture, (i % columns * tile, i // columns * tile))
    return sheet


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m orrery.train.predict", description=__doc__)
    parser.add_argument("checkpoint")
    add_data_options(parser)
    parser.add_argument("-o", "--out", default="detections.json", help="COCO results")
    parser.add_argument("--sheet", help="picture of images with what was found in them")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    detector, state = load_detector(options.checkpoint, options.device)
    samples = open_data(options)
    found = detect(detector, samples, state["settings"]["side"], options.batch, options.device)
    classes = state["classes"]
    if isinstance(samples, CocoSamples):
        image_ids = samples.image_ids
        of_name = {name: samples.category_of(name) for name in samples.classes}
    else:
        image_ids = range(1, len(samples) + 1)
        of_name = {name: i + 1 for i, name in enumerate(samples.classes)}
    category_ids = [of_name.get(name) for name in classes]
    results = coco_results(found, image_ids, category_ids)
    total = sum(len(scores) for _, scores, _ in found)
    if total > len(results):
        lost = [name for name, i in zip(classes, category_ids) if i is None]
        print(f"left out {total - len(results)} detections of {lost}, which {options.data} "
              "does not have", file=sys.stderr)
    write_json(options.out, results)
    if options.sheet:
        contact_sheet(samples, found, classes).save(options.sheet, quality=88)
    print(f"{len(results)} detections in {len(samples)} images: {options.out}")


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"error: {error}")
