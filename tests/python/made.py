"""Small data for tests, drawn in a moment: coloured shapes on noise."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from orrery.coco import Sample

CLASSES = ["red", "green", "blue"]


class Shapes:
    """Filled rectangles, whose class is their colour, on a noisy ground."""

    classes = CLASSES

    def __init__(self, count, size=(96, 72), seed=0, most=3):
        rng = np.random.default_rng(seed)
        self.samples = []
        for _ in range(count):
            width, height = size
            image = rng.integers(90, 140, (height, width, 3)).astype(np.uint8)
            boxes, labels = [], []
            for k in range(int(rng.integers(1, most + 1))):
                w, h = rng.integers(14, 26, 2)
                x = int(k * width / most + rng.integers(0, max(width // most - w, 1)))
                y = int(rng.integers(0, height - h))
                label = int(rng.integers(3))
                image[y:y + h, x:x + w] = np.eye(3)[label] * 200 + 20
                boxes.append((x, y, x + w, y + h))
                labels.append(label)
            self.samples.append(Sample(image, np.array(boxes, np.float32),
                                       np.array(labels, np.int64), np.zeros(len(boxes), bool)))

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        one = self.samples[i]
        return Sample(one.image.copy(), one.boxes.copy(), one.labels.copy(), one.ignored.copy())


def write_coco(samples, folder, groups=None):
    """The samples as a COCO dataset in `folder`. Returns the annotation file."""
    folder = Path(folder)
    (folder / "images").mkdir(parents=True)
    (folder / "annotations").mkdir()
    content = {"images": [], "annotations": [],
               "categories": [{"id": i + 1, "name": n} for i, n in enumerate(samples.classes)]}
    for i in range(len(samples)):
        one = samples[i]
        name = f"images/{i:04}.png"
        Image.fromarray(one.image).save(folder / name)
        entry = {"id": i + 1, "file_name": name, "width": one.image.shape[1],
                 "height": one.image.shape[0]}
        if groups is not None:
            entry["group"] = groups[i]
        content["images"].append(entry)
        for box, label, ignored in zip(one.boxes, one.labels, one.ignored):
            x0, y0, x1, y1 = map(float, box)
            content["annotations"].append({
                "id": len(content["annotations"]) + 1, "image_id": i + 1,
                "category_id": int(label) + 1, "bbox": [x0, y0, x1 - x0, y1 - y0],
                "area": (x1 - x0) * (y1 - y0), "iscrowd": int(ignored)})
    file = folder / "annotations" / "instances.json"
    file.write_text(json.dumps(content))
    return file
