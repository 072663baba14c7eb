import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from made import Shapes, write_coco
from orrery import Error
from orrery.coco import CocoSamples, write_truth
from orrery.train.packed import PackedSamples, pack, widened
from PIL import Image


class Coco(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.shapes = Shapes(5)
        self.shapes.samples[2].ignored[0] = True
        self.file = write_coco(self.shapes, self.folder / "set")

    def edited(self, change):
        content = json.loads(self.file.read_text())
        change(content)
        self.file.write_text(json.dumps(content))

    def test_round_trip(self):
        for source in (self.file, self.folder / "set"):
            samples = CocoSamples(source)
            self.assertEqual(samples.classes, self.shapes.classes)
            for i in range(5):
                for field in ("image", "boxes", "labels", "ignored"):
                    np.testing.assert_array_equal(getattr(samples[i], field),
                                                  getattr(self.shapes[i], field))

    def test_truth_round_trip(self):
        samples = CocoSamples(self.file)
        write_truth(self.folder / "truth.json", samples, ["a"] * 5, [0, 1, 0, 1, 0])
        again = CocoSamples(self.folder / "truth.json", "/")
        for i in range(5):
            np.testing.assert_array_equal(again[i].boxes, samples[i].boxes)
            np.testing.assert_array_equal(again[i].ignored, samples[i].ignored)
        self.assertEqual([one["fold"] for one in again.images], [0, 1, 0, 1, 0])

    def test_names(self):
        samples = CocoSamples(self.file, rename={"red": "rouge", "blue": ""},
                              classes=["green", "rouge"])
        for i in range(5):
            want = self.shapes[i]
            np.testing.assert_array_equal(samples[i].ignored, want.ignored | (want.labels == 2))
            asked = ~samples[i].ignored
            np.testing.assert_array_equal(samples[i].labels[asked],
                                          np.array([1, 0, -1])[want.labels[asked]])
        self.assertEqual(samples.category_of("rouge"), 1)
        merged = CocoSamples(self.file, rename={"red": "warm", "green": "warm"})
        self.assertEqual(merged.category_of("blue"), 3)
        with self.assertRaisesRegex(Error, r"warm is 2 of its categories, \[1, 2\]"):
            merged.category_of("warm")
        with self.assertRaisesRegex(Error, "blue"):
            CocoSamples(self.file, classes=["red", "green"])
        with self.assertRaisesRegex(Error, "pink"):
            CocoSamples(self.file, rename={"pink": "red"})

    def test_what_is_of_no_class_counts_against_none(self):
        samples = CocoSamples(self.file, rename={"blue": ""})
        write_truth(self.folder / "truth.json", samples)
        told = json.loads((self.folder / "truth.json").read_text())["annotations"]
        blue = sum(int((sample.labels == 2).sum()) for sample in self.shapes.samples)
        crowds = [(one["image_id"], tuple(one["bbox"])) for one in told if one["iscrowd"]]
        self.assertGreater(blue, 0)
        twice = {place for place in crowds if crowds.count(place) == 2}  # of red and of green
        self.assertEqual(len(twice), blue)

    def test_selection(self):
        samples = CocoSamples(self.file, image_ids=[4, 2])
        self.assertEqual(samples.image_ids, [2, 4])
        with self.assertRaisesRegex(Error, "9"):
            CocoSamples(self.file, image_ids=[9])

    def test_pictures_are_upright_as_their_exif_says(self):
        path, upright = CocoSamples(self.file).path(0), self.shapes[0].image
        exif = Image.Exif()
        stored = {3: upright[::-1, ::-1], 6: np.rot90(upright)}  # 6: to be turned clockwise
        for exif[0x0112], pixels in stored.items():
            Image.fromarray(np.ascontiguousarray(pixels)).save(path, "JPEG", exif=exif, quality=95,
                                                               subsampling=0)
            apart = np.abs(CocoSamples(self.file)[0].image.astype(int) - upright)
            self.assertLess(apart.mean(), 4)
        self.assertGreater(np.abs(upright[::-1, ::-1].astype(int) - upright).mean(), 8)

    def test_pictures_of_16_bits_are_as_bright_as_of_8(self):
        path, image = CocoSamples(self.file).path(0), self.shapes[0].image
        deep = image[:, :, 1].astype(np.uint16) * 257
        Image.fromarray(deep.astype(np.int32), "I").save(path, "PNG")
        np.testing.assert_array_equal(CocoSamples(self.file)[0].image,
                                      np.repeat(image[:, :, 1:2], 3, axis=2))

    def test_what_mixup_left_faint_is_ignored(self):
        self.edited(lambda content: [content["annotations"][k].update(weight=weight)
                                     for k, weight in ((0, 0.29), (1, 0.31))])
        want = np.concatenate([one.ignored for one in self.shapes.samples])
        want[0] = True
        samples = CocoSamples(self.file)
        np.testing.assert_array_equal(np.concatenate([one.ignored for one in samples]), want)

    def test_labels_without_area_are_counted(self):
        self.edited(lambda content: content["annotations"][0].update(bbox=[1, 1, 0, 5]))
        self.assertEqual(CocoSamples(self.file).dropped, 1)

    def test_what_is_wrong_is_said(self):
        before = self.file.read_text()
        for change, told in (
                (lambda content: content["annotations"][0].update(image_id=77), "image_id 77"),
                (lambda content: content["images"][0].update(id=2), "two images of one id")):
            self.edited(change)
            with self.assertRaisesRegex(Error, told):
                CocoSamples(self.file)
            self.file.write_text(before)
        self.edited(lambda content: content["images"][0].update(width=1))
        with self.assertRaisesRegex(Error, "pixels"):
            CocoSamples(self.file)[0]
        self.edited(lambda content: content["images"][1].update(file_name="no.png"))
        with self.assertRaisesRegex(Error, "no.png"):
            CocoSamples(self.file)[1]
        self.file.write_text("[]")
        with self.assertRaisesRegex(Error, "list"):
            CocoSamples(self.file)

    def test_packed(self):
        pack(self.shapes, self.folder / "packed", longest=48)
        samples = PackedSamples(self.folder / "packed", [3, 1], widen=(1.2, 1.3))
        self.assertEqual(len(samples), 2)
        self.assertEqual(samples[0].image.shape, (36, 48, 3))
        want = widened(self.shapes[3].boxes / 2, (1.2, 1.3), (48, 36))
        np.testing.assert_allclose(samples[0].boxes, want, atol=1e-4)
        with open(self.folder / "packed" / "pixels.u8", "ab") as file:
            file.write(b"x")
        with self.assertRaisesRegex(Error, "bytes"):
            PackedSamples(self.folder / "packed")


if __name__ == "__main__":
    unittest.main()
