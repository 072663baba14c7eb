"""Images to train on, drawn from samples: moved, scaled, cut and coloured with exact boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from .. import Error
from ..coco import Sample

GREY = 114  # of what is outside an image
KEEP = 0.4  # share of a box that must be left for it to be asked for; below: ignored
LEAST = 4.0  # pixels that the shorter side of such a box must have


@dataclass(frozen=True)
class Augment:
    """What may happen to an image. Probabilities, and ranges of what is drawn."""

    scale: tuple = (0.7, 1.6)  # times the size that the whole image would have in the canvas
    mosaic: tuple = (1, 1, 1)  # weights of one window, 2x2 and 3x3 windows of images in a canvas
    flip: bool = False  # left and right; wrong for whatever is not like its mirror image
    whole: float = 0.85  # share of windows onto an object that show all of it
    turn: bool = True  # by multiples of 90 degrees
    stretch: float = 0.15  # one side against the other, at most
    colour: float = 0.8
    grey: float = 0.05
    blur: float = 0.2
    noise: float = 0.3
    cutout: float = 0.2

    def __post_init__(self):
        for name, value in vars(self).items():
            numbers = value if isinstance(value, (tuple, list)) else (value,)
            if not all(isinstance(one, (int, float)) for one in numbers):
                raise Error(f"{name} {value!r}: wanted numbers")
        for name in ("whole", "stretch", "colour", "grey", "blur", "noise", "cutout"):
            if not 0 <= getattr(self, name) <= 1:
                raise Error(f"{name} {getattr(self, name)}: wanted 0 to 1")
        if len(self.scale) != 2 or not 0 < self.scale[0] <= self.scale[1]:
            raise Error(f"scale {list(self.scale)}: wanted two factors above 0, the lower first")
        if not self.mosaic or min(self.mosaic) < 0 or sum(self.mosaic) <= 0:
            raise Error(f"mosaic {list(self.mosaic)}: wanted weights of 1x1, 2x2… windows")


def turned(sample, quarters, flip):
    """The sample turned by `quarters` of 90 degrees counter-clockwise, then mirrored."""
    image, boxes = sample.image, sample.boxes
    for _ in range(quarters % 4):
        width = image.shape[1]
        image = np.rot90(image)
        boxes = np.stack([boxes[:, 1], width - boxes[:, 2], boxes[:, 3], width - boxes[:, 0]], 1)
    if flip:
        width = image.shape[1]
        image = image[:, ::-1]
        boxes = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)
    return Sample(np.ascontiguousarray(image), boxes, sample.labels, sample.ignored)


def window(sample, size, scale, origin):
    """What a window of `size` (width, height) pixels sees of the sample.

    A point p of the sample is at p * scale - origin in the window; both are pairs. What is
    outside the image is grey. Boxes are cut at the window's and the image's edge; one of which
    less than KEEP is left is ignored, and one without a rest is gone.
    """
    height, width = sample.image.shape[:2]
    scale, origin = np.asarray(scale, np.float64), np.asarray(origin, np.float64)
    out = np.full((size[1], size[0], 3), GREY, np.uint8)
    # Whole pixels of the window that the image covers, and what of the image they show.
    low = np.clip(np.ceil(-origin), 0, size).astype(int)
    high = np.clip(np.floor(np.array([width, height]) * scale - origin), 0, size).astype(int)
    if (high > low).all():
        source = np.concatenate([(low + origin) / scale, (high + origin) / scale])
        source = np.clip(source, 0, [width, height, width, height])
        part = Image.fromarray(sample.image).resize(tuple(high - low), Image.BILINEAR,
                                                    tuple(source))
        out[low[1]:high[1], low[0]:high[0]] = np.asarray(part)
    moved = sample.boxes * np.tile(scale, 2) - np.tile(origin, 2)
    cut = np.clip(moved, np.tile(low, 2), np.tile(high, 2)).astype(np.float32)
    sides = (cut[:, 2:] - cut[:, :2]).clip(0)
    left = sides.prod(1) / np.maximum((moved[:, 2:] - moved[:, :2]).prod(1), 1e-9)
    there = (sides > 0).all(1)
    unasked = sample.ignored | (left < KEEP) | (sides.min(1, initial=np.inf) < LEAST)
    return Sample(out, cut[there], sample.labels[there], unasked[there])


def drawn_window(sample, size, side, settings, rng):
    """A random window of `size` onto the sample, whose longer side is `side` pixels, times
    settings.scale. Nine in ten are of a labelled object, and most of these show it whole, smaller
    if need be: what cannot be told is no lesson."""
    quarters = int(rng.integers(4)) if settings.turn else 0
    size = np.array(size[::-1] if quarters % 2 else size)
    height, width = sample.image.shape[:2]
    scale = np.exp(rng.uniform(*np.log(settings.scale))) * side / max(width, height)
    scale = scale * np.exp(rng.uniform(-1, 1) * settings.stretch / 2 * np.array([1, -1]))
    asked = np.flatnonzero(~sample.ignored)
    aimed, whole = len(asked) and rng.random() < 0.9, rng.random() < settings.whole
    box = sample.boxes[rng.choice(asked)].astype(float) if aimed else None
    if aimed and whole:
        scale *= min(1.0, (size / (box[2:] - box[:2]) / scale).min())
    spare = np.array([width, height]) * scale - size
    low, high = np.minimum(spare, 0), np.maximum(spare, 0)  # of windows that stay on the image
    if aimed:
        slack = 0.0 if whole else 0.6 * (box[2:] - box[:2]) * scale
        low, high = (np.clip(end, low, high) for end in (box[2:] * scale - slack - size,
                                                         box[:2] * scale + slack))
    origin = low + rng.random(2) * (high - low)
    return turned(window(sample, size, scale, origin), quarters,
                  settings.flip and rng.random() < 0.5)


def draw(first, others, canvas, side, settings, rng):
    """A square of `canvas` pixels to train on, with images in the size that they have when their
    longer side is `side`: a window onto the sample `first`, or a mosaic of that and of windows
    onto samples that `others()` gives one by one. A mosaic shows more objects for the same work."""
    weights = np.array(settings.mosaic, float)
    grid = 1 + int(rng.choice(len(weights), p=weights / weights.sum()))
    cuts = [np.round((np.arange(grid + 1) + np.pad(rng.uniform(-0.1, 0.1, grid - 1), 1))
                     * canvas / grid).astype(int) for _ in range(2)]
    image, parts = np.empty((canvas, canvas, 3), np.uint8), []
    for x0, x1 in zip(cuts[0], cuts[0][1:]):
        for y0, y1 in zip(cuts[1], cuts[1][1:]):
            sample = others() if parts else first
            part = drawn_window(sample, (int(x1 - x0), int(y1 - y0)), side, settings, rng)
            image[y0:y1, x0:x1] = part.image
            part.boxes += np.array([x0, y0, x0, y0], np.float32)
            parts.append(part)
    out = Sample(image, *(np.concatenate([getattr(part, field) for part in parts])
                          for field in ("boxes", "labels", "ignored")))
    out.image = coloured(out.image, settings, rng)
    if rng.random() < settings.cutout:
        cut_out(out, rng)
    return out


def coloured(image, settings, rng):
    """The image under other light and another sensor; positions stay."""
    if rng.random() < settings.colour:
        levels = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
        gain = np.exp(rng.normal(0, 0.25)) * np.exp(rng.normal(0, 0.08, 3))
        table = (levels ** np.exp(rng.normal(0, 0.25))) * gain + rng.normal(0, 0.05)
        contrast = np.exp(rng.normal(0, 0.15))
        table = ((table - 0.45) * contrast + 0.45).clip(0, 1).astype(np.float32) * 255
        image = np.stack([table[:, c].astype(np.uint8)[image[..., c]] for c in range(3)], 2)
    grey = rng.random() < settings.grey
    if grey or rng.random() < settings.colour / 2:
        amount = 0.0 if grey else np.exp(rng.normal(0, 0.35))
        luma = image @ np.array([0.299, 0.587, 0.114], np.float32)
        image = luma[..., None] + np.float32(amount) * (image - luma[..., None])
        image = image.clip(0, 255).astype(np.uint8)
    if rng.random() < settings.blur:
        radius = rng.uniform(0.3, 1.3)
        image = np.array(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))
    if rng.random() < settings.noise:
        grain = rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(2, 14))
        image = (image + grain).clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(image)


def cut_out(canvas, rng):
    """Covers up to three rectangles with one colour each. None of them covers a third of a box, or
    one of its ends: boxes stay true."""
    side = canvas.image.shape[0]
    for _ in range(rng.integers(1, 4)):
        size = rng.uniform(0.05, 0.25, 2) * side
        low = rng.random(2) * (side - size)
        x0, y0, x1, y1 = (int(v) for v in (*low, *(low + size)))
        box = canvas.boxes
        wide = np.minimum(box[:, 2], x1) - np.maximum(box[:, 0], x0)
        high = np.minimum(box[:, 3], y1) - np.maximum(box[:, 1], y0)
        covered = (wide > 0) & (high > 0)
        sides = box[:, 2:] - box[:, :2]
        heavy = wide * high > sides.prod(1) / 3
        ends = (wide >= sides[:, 0]) | (high >= sides[:, 1])
        if not (covered & (heavy | ends)).any():
            canvas.image[y0:y1, x0:x1] = rng.integers(0, 256, 3)


def letterbox(image, side):
    """The image as large as fits at the top left of a grey canvas [side, side, 3], and the factor
    by which it was scaled: its boxes times that are the canvas' boxes."""
    height, width = image.shape[:2]
    factor = side / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    canvas = np.full((side, side, 3), GREY, np.uint8)
    canvas[:size[1], :size[0]] = np.asarray(Image.fromarray(image).resize(size, Image.BILINEAR))
    return canvas, (size[0] / width, size[1] / height)
