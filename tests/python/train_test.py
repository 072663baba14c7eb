import contextlib
import csv
import io
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from made import CLASSES, Shapes, write_coco
from orrery import Error
from orrery.coco import Sample
from orrery.experiment.errors import errors_of, overlaps
from orrery.train.__main__ import main as train_main
from orrery.train.__main__ import options_of, settings_of
from orrery.train.augment import Augment
from orrery.train.batches import Batches, Pool
from orrery.train.detectors import build, freeze_backbone
from orrery.train.loop import Settings, Training, load_detector, train
from orrery.train.muon import orthogonal
from orrery.train.onnx import export
from orrery.train.predict import coco_results, detect
from orrery.train.predict import main as predict_main
from orrery.train.tiny import Tiny, suppress

PLAIN = Augment(scale=(0.9, 1.1), mosaic=(1,), turn=False, stretch=0, colour=0, grey=0, blur=0,
                noise=0, cutout=0)
SMALL = Settings(side=64, steps=6, batch=4, warmup=2, augment=PLAIN)


def quiet(*_):
    pass


def batches_of(samples, settings):
    return Batches([Pool(samples, settings.detail)], [1], settings)


def losses_in(folder):
    with open(Path(folder) / "log.csv", newline="") as file:
        return [(row["step"], row["loss"]) for row in csv.DictReader(file)]


def class_scores(detector, images):
    """What the net says of each class, before any normalisation: [..., classes]."""
    with torch.no_grad():
        if isinstance(detector, Tiny):
            return detector(images)[2].movedim(1, -1)
        features = list(detector.net.backbone(images / 255).values())
        return detector.net.head(features)["cls_logits"][..., 1:]


def ap50(found, samples):
    """Average precision at IoU 0.5, all classes together, as the area under the curve."""
    rows, total = [], 0
    for i, (boxes, scores, labels) in enumerate(found):
        truth, taken = samples[i], set()
        total += len(truth.labels)
        near = overlaps(boxes, truth.boxes)
        for d in np.argsort(-scores):
            good = [t for t in range(len(truth.labels)) if near[d, t] > 0.5
                    and truth.labels[t] == labels[d] and t not in taken]
            taken.update(good[:1])
            rows.append((scores[d], bool(good)))
    rows.sort(key=lambda row: -row[0])
    right = np.cumsum([good for _, good in rows])
    precision = right / np.arange(1, len(rows) + 1)
    return sum(p for p, (_, good) in zip(precision, rows) if good) / total


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))


class Learning(Case):
    def test_overfits_eight_images(self):
        for stride in (4, 8):
            samples = Shapes(8)
            settings = replace(SMALL, side=96, stride=stride, steps=90, batch=8, warmup=5)
            training = Training(settings, CLASSES)
            batches = batches_of(samples, settings)
            losses = [training.advance(batches[i])["loss"] for i in range(settings.steps)]
            self.assertLess(np.mean(losses[-10:]), np.mean(losses[:10]) / 2)
            training.detector.eval()
            self.assertGreater(ap50(detect(training.detector, samples, 96), samples), 0.9)

    def test_orthogonal_is_the_nearest_turn(self):
        rng = np.random.default_rng(3)
        for shape in ((8, 40), (40, 8)):
            left, _, right = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
            matrix = left * np.linspace(0.2, 1, 8) @ right
            for found in (orthogonal(matrix), orthogonal(torch.from_numpy(matrix)).numpy()):
                inner = left.T @ found @ right.T  # about the identity, in the frame of the turn
                self.assertLess(abs(inner - np.diag(np.diag(inner))).max(), 1e-6)
                self.assertTrue(((np.diag(inner) > 0.6) & (np.diag(inner) < 1.3)).all())

    def test_half_as_many_digits_lead_to_the_same_place(self):
        samples, losses = Shapes(8), {}
        for precision in ("float32", "bfloat16"):
            settings = replace(SMALL, steps=40, batch=8, precision=precision)
            training = Training(settings, CLASSES)
            batches = batches_of(samples, settings)
            losses[precision] = [training.advance(batches[i])["loss"] for i in range(40)]
            self.assertEqual(training.detector.out.weight.dtype, torch.float32)
        last = {name: np.mean(values[-10:]) for name, values in losses.items()}
        self.assertNotEqual(losses["float32"], losses["bfloat16"])
        self.assertLess(last["bfloat16"], 0.7 * losses["bfloat16"][0])
        self.assertLess(abs(last["bfloat16"] / last["float32"] - 1), 0.25)

    def test_boxes_come_back_in_the_images_own_pixels(self):
        """A detector that says one box of the canvas, asked about images of all shapes."""
        class Fixed:
            def detect(self, images):
                box = torch.tensor([[8.0, 8.0, 32.0, 24.0]])
                return [(box, torch.tensor([0.9]), torch.tensor([1]))] * len(images)

        sizes = [(128, 64), (64, 128), (30, 60)]
        samples = [Sample(np.zeros((h, w, 3), np.uint8), None, None, None) for w, h in sizes]
        for (w, h), (boxes, _, _) in zip(sizes, detect(Fixed(), samples, 64)):
            factor = max(w, h) / 64
            np.testing.assert_allclose(boxes[0], np.minimum(
                np.array([8, 8, 32, 24]) * factor, [w, h, w, h]), rtol=1e-5)

    def test_ignored_boxes_neither_help_nor_hurt(self):
        torch.manual_seed(0)
        detector = build("tiny", 3, 64).eval()
        images = torch.rand(1, 3, 64, 64) * 255
        box, label = torch.tensor([[8.0, 8.0, 40.0, 40.0]]), torch.tensor([1])
        nothing = (torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0).bool())
        free = detector.loss(images, [nothing])["heat"].item()
        unasked = detector.loss(images, [(box, label, torch.tensor([True]))])
        asked = detector.loss(images, [(box, label, torch.tensor([False]))])
        self.assertLess(unasked["heat"].item(), free)
        self.assertEqual(unasked["box"].item(), 0)
        self.assertGreater(asked["box"].item(), 0)

    def test_suppress(self):
        boxes = torch.tensor([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [30, 0, 40, 10.0]])
        kept = suppress(boxes, torch.tensor([0.5, 0.9, 0.8, 0.1]), torch.tensor([0, 0, 1, 0]), 0.6)
        self.assertEqual(kept.tolist(), [1, 2, 3])

    def test_batches_depend_on_seed_and_step_alone(self):
        samples = Shapes(5)
        settings = replace(SMALL, augment=Augment())
        a, b = batches_of(samples, settings), batches_of(samples, settings)
        b[3], b[0]
        self.assertTrue(torch.equal(a[7][0], b[7][0]))
        other = batches_of(samples, replace(settings, seed=1))
        self.assertFalse(torch.equal(a[7][0], other[7][0]))

    def test_shares(self):
        few, many = Shapes(2, seed=1), Shapes(9, seed=2)
        both = Batches([many, few], [0.5, 0.5], replace(SMALL, batch=6))
        self.assertEqual([k for k, _ in both.slots], [0, 0, 0, 1, 1, 1])
        with self.assertRaisesRegex(Error, "no room"):
            Batches([many, few], [0.99, 0.01], replace(SMALL, batch=6))


class Runs(Case):
    def test_resume_is_exact(self):
        samples = Shapes(6)
        settings = replace(SMALL, steps=8, augment=Augment())
        whole = Training(settings, CLASSES)
        train(whole, batches_of(samples, settings), self.folder / "whole", say=quiet)
        parts = self.folder / "parts"
        for _ in range(20):  # as long as it is stopped after every step
            part = Training(settings, CLASSES)
            if train(part, batches_of(samples, settings), parts, minutes=0, say=quiet):
                break
        self.assertEqual(losses_in(self.folder / "whole"), losses_in(parts))
        for a, b in zip(whole.detector.state_dict().values(), part.detector.state_dict().values()):
            self.assertTrue(torch.equal(a, b))

    def test_another_training_is_not_continued(self):
        samples = Shapes(4)
        train(Training(SMALL, CLASSES), batches_of(samples, SMALL), self.folder, say=quiet)
        other = replace(SMALL, steps=9)
        for training, told in ((Training(other, CLASSES), "steps 6 and not 9"),
                               (Training(SMALL, CLASSES, data="others"), "data '' and not 'othe"),
                               (Training(SMALL, CLASSES, init=self.folder / "last.pt"), "init"),
                               (Training(SMALL, ["a", "b", "c"]), "classes")):
            with self.assertRaisesRegex(Error, told):
                train(training, batches_of(samples, other), self.folder, say=quiet)
        (self.folder / "last.pt").write_bytes(b"torn")
        with self.assertRaisesRegex(Error, "no checkpoint"):
            train(Training(SMALL, CLASSES), batches_of(samples, SMALL), self.folder, say=quiet)

    def test_init(self):
        samples = Shapes(4)
        before = Training(SMALL, CLASSES)
        train(before, batches_of(samples, SMALL), self.folder, say=quiet)
        file = self.folder / "last.pt"
        same = Training(SMALL, CLASSES, init=file)
        self.assertEqual(same.fresh, [])
        for name, value in before.detector.state_dict().items():
            self.assertTrue(torch.equal(value, same.detector.state_dict()[name]))
        for classes in (["a", "b"], ["a", "b", "c"]):  # fewer, and as many others
            other = Training(replace(SMALL, seed=5), classes, init=file)
            self.assertEqual(other.fresh, classes)
            stem = "backbone.0.1.0.weight"
            self.assertTrue(torch.equal(before.detector.state_dict()[stem],
                                        other.detector.state_dict()[stem]))
            # Where an object is does not hang on its name.
            self.assertTrue(torch.equal(before.detector.out.weight[:-3],
                                        other.detector.out.weight[:-len(classes)]))
        with self.assertRaisesRegex(Error, "detector tiny"):
            Training(replace(SMALL, detector="ssdlite"), CLASSES, init=file)

    def test_init_finds_classes_by_their_names(self):
        for name in ("tiny", "ssdlite"):
            settings = replace(SMALL, detector=name)
            before = Training(settings, ["a", "b", "c"])
            file = self.folder / f"{name}.pt"
            before.save(file)
            after = Training(replace(settings, seed=5), ["c", "d", "a"], init=file)
            self.assertEqual(after.fresh, ["d"])
            images = torch.rand(1, 3, 64, 64, generator=torch.manual_seed(2)) * 255
            theirs, mine = (class_scores(training.detector.eval(), images)
                            for training in (before, after))
            self.assertTrue(torch.equal(mine[..., [2, 0]], theirs[..., [0, 2]]))
            self.assertFalse(torch.equal(mine[..., 1], theirs[..., 1]))

    def test_frozen_backbone_stays(self):
        settings = replace(SMALL, freeze_backbone=True)
        training = Training(settings, CLASSES)
        before = {k: v.clone() for k, v in training.detector.state_dict().items()}
        batches = batches_of(Shapes(4), settings)
        for step in range(2):
            training.advance(batches[step])
        for name, value in training.detector.state_dict().items():
            if name.startswith("backbone"):
                self.assertTrue(torch.equal(value, before[name]), name)
        self.assertFalse(torch.equal(training.detector.out.weight, before["out.weight"]))

    def test_torchvision_ssdlite_learns_a_step(self):
        settings = replace(SMALL, detector="ssdlite", side=96, batch=2)
        training = Training(settings, CLASSES)
        batch = batches_of(Shapes(4), settings)[0]
        batch[1][0][2][0] = True  # an ignored box is painted over
        self.assertTrue(np.isfinite(training.advance(batch)["loss"]))
        training.detector.eval()
        self.assertEqual(len(training.detector.detect(batch[0])), 2)
        freeze_backbone(training.detector)

    def test_onnx(self):
        detector = build("tiny", 3, 64).eval()
        worst = export(detector, 64, self.folder / "net.onnx")
        self.assertTrue(worst is None or worst < 1e-4)
        self.assertGreater((self.folder / "net.onnx").stat().st_size, 1e6)

    def test_command_line(self):
        write_coco(Shapes(4), self.folder / "set")
        out = self.folder / "run"
        with contextlib.redirect_stdout(io.StringIO()) as said:
            train_main([str(self.folder / "set"), "-o", str(out), "--side", "64", "--steps", "2",
                        "--batch", "2", "--threads", "1", "--rename", "red=rouge"])
            predict_main([str(out / "last.pt"), str(self.folder / "set"), "--rename", "red=rouge",
                          "-o", str(out / "found.json"), "--sheet", str(out / "sheet.jpg"),
                          "--threads", "1"])
        self.assertIn("rouge, green, blue", said.getvalue())
        self.assertTrue((out / "sheet.jpg").exists() and (out / "found.json").exists())
        detector, state = load_detector(out / "last.pt")
        self.assertEqual((state["step"], state["classes"]), (2, ["rouge", "green", "blue"]))


class Mistakes(unittest.TestCase):
    def test_settings_that_cannot_be_are_told(self):
        for told, values in (("batch is 0", {"batch": 0}), ("seed is -1", {"seed": -1}),
                             ("rate is -1", {"rate": -1}), ("canvas is -32", {"canvas": -32}),
                             ("stride is 5", {"stride": 5}), ("detector is 'yolo'",
                                                              {"detector": "yolo"}),
                             ("float32, bar with tiny", {"detector": "ssdlite",
                                                         "precision": "bfloat16"})):
            with self.assertRaisesRegex(Error, told):
                Settings(**values)

    def test_each_detector_has_an_optimiser_and_each_of_these_a_rate(self):
        self.assertEqual((Settings().optimiser, Settings().rate), ("muon", 1e-2))
        self.assertEqual(Settings(detector="ssdlite").optimiser, "adamw")
        self.assertEqual(Settings(optimiser="adamw").rate, 2e-3)

    def test_options_that_come_twice_add_up(self):
        taken = options_of(["a.yaml", "-o", "run", "--set", "a=1", "b=2", "--set", "c=3",
                            "--rename", "x=y", "--rename", "z="])
        self.assertEqual((taken.set, taken.rename), (["a=1", "b=2", "c=3"], ["x=y", "z="]))

    def test_fine_tuning_takes_a_tenth_of_the_rate_of_adamw_and_all_of_muon(self):
        for options, rate in (((), 1e-2), (("--detector", "ssdlite"), 2e-4),
                              (("--rate", "0.5"), 0.5)):
            taken = settings_of(options_of(["photos", "-o", "run", "--init", "last.pt", *options]))
            self.assertAlmostEqual(taken.rate, rate)


class Errors(unittest.TestCase):
    def test_kinds(self):
        class Two:
            classes = CLASSES
            images = [{"width": 100, "height": 100}]

            def labels_of(self, i):
                return (np.array([[0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 90, 90]], float),
                        np.array([0, 1, 2]), np.array([False, False, True]))

        boxes = np.array([[0, 0, 10, 10], [50, 50, 60, 61], [20, 20, 30, 30], [80, 80, 90, 90]])
        found = [(boxes.astype(float), np.array([0.9, 0.8, 0.7, 0.6]), np.array([0, 2, 1, 1]))]
        kinds = sorted((one.kind, one.text) for one in errors_of(Two(), found))
        self.assertEqual(kinds, [("confusion", "blue 0.80, is green"),
                                 ("false positive", "green 0.70"), ("miss", "green")])

    def test_results_leave_out_unknown_classes(self):
        found = [(np.zeros((2, 4)), np.array([0.5, 0.4]), np.array([0, 1]))]
        out = coco_results(found, [7], [3, None])
        self.assertEqual([(one["image_id"], one["category_id"]) for one in out], [(7, 3)])


if __name__ == "__main__":
    unittest.main()
