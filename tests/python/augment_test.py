import unittest

import numpy as np

from orrery.coco import Sample
from orrery.train import augment
from orrery.train.augment import Augment, cut_out, draw, letterbox, turned, window

QUIET = Augment(colour=0, grey=0, blur=0, noise=0, cutout=0)


def extent(mask):
    """The box of what is above half in a mask."""
    y, x = np.nonzero(mask > 127)
    return np.array([x.min(), y.min(), x.max() + 1, y.max() + 1], np.float32)


def rectangle(width, height, box):
    """A sample that is black but for one white box."""
    image = np.zeros((height, width, 3), np.uint8)
    x0, y0, x1, y1 = box
    image[y0:y1, x0:x1] = 255
    return Sample(image, np.array([box], np.float32), np.zeros(1, np.int64), np.zeros(1, bool))


class Boxes(unittest.TestCase):
    """Boxes go one way and pixels another; both must arrive at the same place."""

    def test_turns_are_exact(self):
        for quarters in range(4):
            for flip in (False, True):
                out = turned(rectangle(50, 30, (7, 3, 19, 11)), quarters, flip)
                np.testing.assert_array_equal(extent(out.image[..., 0]), out.boxes[0])
                self.assertTrue(out.image.flags.c_contiguous)

    def test_turn_keeps_handedness_and_flip_does_not(self):
        image = np.zeros((4, 6, 3), np.uint8)
        image[0, 0], image[0, 5] = (255, 0, 0), (0, 255, 0)
        corner = Sample(image, np.zeros((0, 4), np.float32), np.zeros(0, np.int64),
                        np.zeros(0, bool))

        def handedness(sample):
            red = np.argwhere(sample.image[..., 0] == 255)[0]
            green = np.argwhere(sample.image[..., 1] == 255)[0]
            centre = (np.array(sample.image.shape[:2]) - 1) / 2
            a, b = red - centre, green - centre
            return np.sign(a[0] * b[1] - a[1] * b[0])

        before = handedness(corner)
        self.assertTrue(all(handedness(turned(corner, k, False)) == before for k in range(4)))
        self.assertTrue(all(handedness(turned(corner, k, True)) == -before for k in range(4)))

    def test_windows(self):
        rng = np.random.default_rng(1)
        for _ in range(200):
            sample = rectangle(120, 90, (40, 30, 80, 62))
            scale = rng.uniform(0.5, 2.0, 2)
            origin = rng.uniform(-20, 20, 2)
            out = window(sample, (100, 100), scale, origin)
            if len(out.boxes) == 0 or min(out.boxes[0, 2:] - out.boxes[0, :2]) < 3:
                continue
            # outside the image there is grey, which is no part of the object
            seen = extent(np.where(out.image[..., 0] == augment.GREY, 0, out.image[..., 0]))
            self.assertLess(np.abs(seen - out.boxes[0]).max(), 1.01)

    def test_draws(self):
        """Whole canvases, mosaics too: each white box of the picture is a box of the labels."""
        rng = np.random.default_rng(2)
        for _ in range(60):
            sample = rectangle(120, 90, (40, 30, 80, 62))
            out = draw(sample, lambda: rectangle(90, 120, (10, 60, 50, 100)), 128, 150,
                       Augment(colour=0, grey=0, blur=0, noise=0, cutout=0, flip=True), rng)
            inside = np.zeros((128, 128), bool)
            for box in out.boxes:
                x0, y0 = np.floor(box[:2]).astype(int)
                x1, y1 = np.ceil(box[2:]).astype(int)
                inside[y0:y1, x0:x1] = True
                middle = out.image[(y0 + y1) // 2, (x0 + x1) // 2, 0]
                self.assertGreater(middle, 200)
            white = out.image[..., 0] > 200
            self.assertLess((white & ~inside).sum(), 0.02 * white.sum() + 40)

    def test_what_is_hardly_left_is_ignored(self):
        sample = rectangle(100, 100, (0, 0, 40, 40))
        most = window(sample, (100, 100), (1, 1), (10, 0))
        self.assertFalse(most.ignored[0])
        least = window(sample, (100, 100), (1, 1), (30, 0))
        self.assertTrue(least.ignored[0])
        self.assertEqual(least.boxes[0].tolist(), [0, 0, 10, 40])
        self.assertEqual(len(window(sample, (100, 100), (1, 1), (50, 0)).boxes), 0)

    def test_covers_leave_boxes_true(self):
        rng = np.random.default_rng(3)
        for _ in range(300):
            sample = rectangle(128, 128, tuple(int(v) for v in (30, 40, 80, 90)))
            before = sample.boxes.copy()
            cut_out(sample, rng)
            np.testing.assert_array_equal(sample.boxes, before)
            part = sample.image[40:90, 30:80]
            white = (part == 255).all(2)
            self.assertTrue(white.any(0)[[0, -1]].all() and white.any(1)[[0, -1]].all())

    def test_colour_moves_nothing(self):
        rng = np.random.default_rng(4)
        sample = rectangle(64, 64, (20, 20, 44, 40))
        for _ in range(50):
            image = augment.coloured(sample.image, Augment(colour=1, grey=0.5, blur=0.5), rng)
            self.assertEqual(image.dtype, np.uint8)
            self.assertEqual(image.shape, sample.image.shape)
            inside, outside = image[25:35, 25:39].mean(), image[:10].mean()
            self.assertGreater(inside, outside)


class Letterbox(unittest.TestCase):
    def test_inverse(self):
        for width, height in ((100, 60), (60, 100), (33, 77), (640, 480)):
            box = (width // 4, height // 4, width // 2, height // 2)
            sample = rectangle(width, height, box)
            canvas, factor = letterbox(sample.image, 96)
            self.assertEqual(canvas.shape, (96, 96, 3))
            shown = np.where(canvas[..., 0] == augment.GREY, 0, canvas[..., 0])
            back = extent(shown) / np.tile(factor, 2)
            self.assertLess(np.abs(back - box).max(), 1.01 * max(1, 1 / min(factor)))


if __name__ == "__main__":
    unittest.main()
