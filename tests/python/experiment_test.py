import dataclasses
import json
import os
import re
import signal
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from made import Shapes, write_coco
from orrery import Error
from orrery.experiment import data, schedule
from orrery.experiment.__main__ import drain, run_experiment
from orrery.experiment.config import read_experiment
from orrery.experiment.data import Packed, Photos, find_program
from orrery.experiment.folds import grouped_folds, training_photos
from orrery.experiment.plan import plan, steps_in_all
from orrery.experiment.score import key_of

YAML = """
name: shapes
classes: [red, green, blue]
synthetic: {scene: made.yaml, count: 8}
real: {data: photos}
without: [{name: colour, set: [a=1]}]
photos: [3, all]
seeds: [0, 1]
folds: 2
train: {side: 64, steps: 4, batch: 4}
"""


def quiet(*_):
    pass


class Folds(unittest.TestCase):
    def test_no_group_is_in_two_folds(self):
        groups = [f"g{k}" for k in range(7) for _ in range(k + 1)]
        folds = grouped_folds(groups, 3)
        for group in set(groups):
            self.assertEqual(len({f for g, f in zip(groups, folds) if g == group}), 1)
        sizes = [folds.count(f) for f in range(3)]
        self.assertLessEqual(max(sizes) - min(sizes), 2)
        for fold in range(3):
            for count in (3, 9, "all"):
                chosen = training_photos(folds, fold, count, 5)
                self.assertFalse({groups[i] for i in chosen}
                                 & {g for g, f in zip(groups, folds) if f == fold})
            few, more = (set(training_photos(folds, fold, n, 5)) for n in (3, 9))
            self.assertLess(few, more)
        with self.assertRaisesRegex(Error, "folds want"):
            grouped_folds(["a", "b"], 3)
        with self.assertRaisesRegex(Error, "outside fold"):
            training_photos(folds, 0, 99, 0)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "shapes.yaml"
        self.file.write_text(YAML)

    def edited(self, old, new):
        self.assertIn(old, YAML)
        self.file.write_text(YAML.replace(old, new))
        return read_experiment(self.file)


class Files(Case):
    def test_mistakes_are_told(self):
        for old, new, told in (
                ("folds: 2", "folds: 1", "2 or more"), ("seeds: [0, 1]", "seed: [0]", "has seed"),
                ("photos: [3, all]", "photos: [some]", "some"),
                ("side: 64", "side: 64, augment: {scale: [0, 1]}", "above 0"),
                ("steps: 4", "steps: many", "a whole number"), ("scene: made.yaml, ", "", "scene"),
                ("set: [a=1]", "set: [a]", "key=value"),
                ("real: {data: photos}", "real: {}", "data"),
                ("folds: 2", "folds: 2\narms: [R, X]", "X"),
                ("seeds: [0, 1]", "seeds: [0, 0]", "each of them once"),
                ("photos: [3, all]", "photos: [3, 3]", "each of them once"),
                ("classes: [red, green, blue]", "classes: red", "a list"),
                ("side: 64", "side: 100", "shapes.yaml: train: side is 100, wanted a multiple"),
                ("side: 64", "side: 64, optimiser: sgd", "optimiser is 'sgd', wanted one of muon"),
                ("side: 64", "side: 64, augment: {scale: [a, 1]}", "wanted numbers"),
                ("side: 64", "side: 64, augment: {colour: 2}", "wanted 0 to 1")):
            with self.assertRaisesRegex(Error, told):
                self.edited(old, new)

    def test_fine_tuning_goes_at_the_rate_of_its_optimiser_unless_told(self):
        self.assertEqual(read_experiment(self.file).finetune_rate, 1.0)
        with_adamw = self.edited("side: 64", "side: 64, optimiser: adamw")
        self.assertEqual(with_adamw.finetune_rate, 0.1)
        self.assertEqual(self.edited("folds: 2", "folds: 2\nfinetune_rate: 0.3").finetune_rate, 0.3)

    def test_paths_are_relative_to_the_file(self):
        self.assertEqual(read_experiment(self.file).real.data, self.folder / "photos")

    def test_the_experiments_that_come_along_can_be_read(self):
        files = sorted((Path(__file__).parents[2] / "python" / "experiments").glob("*.yaml"))
        self.assertGreaterEqual(len(files), 3)
        for file in files:
            experiment = read_experiment(file)
            self.assertTrue(experiment.synthetic.scene.exists(), experiment.synthetic.scene)


class Renderings(Case):
    def test_that_are_there_are_taken_if_the_program_says_so(self):
        made = []

        def call(command):
            if made:
                raise Error("another dataset is here")
            made.append(command)
            place = Path(command[command.index("-o") + 1])
            place.mkdir()
            (place / "dataset.json").write_text("{}")

        rendered = read_experiment(self.file).synthetic
        with mock.patch.object(data, "call", call):
            self.assertEqual(data.render("orrery", rendered, self.folder / "set", quiet), {})
            with self.assertRaisesRegex(Error, "another dataset"):
                data.render("orrery", rendered, self.folder / "set", quiet)


class Plans(Case):
    def planned(self, **changes):
        experiment = dataclasses.replace(read_experiment(self.file), **changes)
        groups = [f"g{i % 4}" for i in range(12)]
        packed = Packed(Path("p"), 12, "h", "d", "r", "")
        photos = Photos(mock.Mock(), groups, grouped_folds(groups, 2), packed, False)
        made = dataclasses.replace(packed, hash="m")
        return experiment, photos, plan(experiment, photos, made,
                                        {"colour": dataclasses.replace(made, hash="w")})

    def test_equal_steps(self):
        for steps in (4, 7, 1000):
            settings = dataclasses.replace(read_experiment(self.file).train, steps=steps)
            _, _, runs = self.planned(train=settings)
            self.assertEqual({steps_in_all(run, runs) for run in runs if run.arm != "pretrain"},
                             {steps})
            self.assertEqual({run.arm for run in runs},
                             {"R", "S", "S>R", "S+R", "pretrain", "S without colour"})

    def test_nobody_learns_from_what_it_is_tested_on(self):
        _, photos, runs = self.planned()
        for run in runs:
            seen = {photos.groups[i] for one in run.sources for i in one["indices"] or []}
            tested = {g for g, f in zip(photos.groups, photos.folds) if f == run.fold}
            self.assertFalse(seen & tested)
            self.assertEqual(bool(seen), run.fold is not None)

    def test_hashes(self):
        _, _, runs = self.planned()
        self.assertEqual(len({run.hash for run in runs}), len(runs))
        self.assertEqual([run.hash for run in self.planned()[2]], [run.hash for run in runs])
        changed = self.planned(box_margin=(1.1, 1.1))[2]
        same = {run.hash for run in runs} & {run.hash for run in changed}
        self.assertEqual({run.arm for run in runs if run.hash in same}, {"R"})

    def test_other_photos_are_another_test_for_all(self):
        _, photos, runs = self.planned()
        others = dataclasses.replace(photos, packed=dataclasses.replace(photos.packed, hash="x"))
        with mock.patch(f"{__name__}.Photos", return_value=others):
            changed = self.planned()[2]
        self.assertFalse({run.hash for run in runs} & {run.hash for run in changed})


class Whole(Case):
    """An experiment from end to end, with drawn shapes in place of renderings and photos."""

    def setUp(self):
        super().setUp()
        try:
            self.program = find_program()
        except Error as error:
            self.skipTest(str(error))
        write_coco(Shapes(8, seed=3), self.folder / "photos", [f"room {i % 4}" for i in range(8)])

    def render(self, program, rendered, folder, say):
        if not folder.exists():
            write_coco(Shapes(rendered.count, seed=len(rendered.set)), folder)
        return {"dataset_hash": folder.name, "recipe_hash": "recipe"}

    def carried_out(self):
        with mock.patch.object(data, "render", self.render):
            return run_experiment(self.file, self.folder / "out", self.program, jobs=2, say=quiet)

    def test_end_to_end_and_again(self):
        self.file.write_text(YAML.replace("seeds: [0, 1]", "seeds: [0]").replace("[3, all]", "[4]"))
        report, complete = self.carried_out()
        self.assertTrue(complete)
        page = report.read_text()
        results = json.loads((self.folder / "out" / "results.json").read_text())
        keys = ["S", "S without colour"] + [key_of(arm, 4) for arm in ("R", "S>R", "S+R")]
        self.assertEqual(sorted(results["arms"]), sorted(keys))
        for key in keys:
            self.assertIn(key.replace(">", "&gt;"), page)
            self.assertIn("low", results["arms"][key]["stacked"]["intervals"]["ap50"])
        self.assertIn("Worst errors", page)
        self.assertFalse(re.search(r"(src|href)=\"?https?:", page))
        self.assertEqual(len(results["differences"]), 6)
        with mock.patch.object(schedule, "_one", side_effect=AssertionError("again")):
            self.assertTrue(self.carried_out()[1])  # all is done: nothing is trained

    def test_a_failure_is_reported(self):
        self.file.write_text(YAML.replace("seeds: [0, 1]", "seeds: [0]").replace(
            "steps: 4", "steps: 4, rate: 1.0e+30").replace(
                "photos: [3, all]", "photos: [all]\narms: [R, S>R]").replace(
                "without: [{name: colour, set: [a=1]}]", ""))
        report, complete = self.carried_out()
        self.assertFalse(complete)
        page = report.read_text()
        self.assertRegex(page, "trainings failed")
        self.assertIn("try a lower --rate", page)
        self.assertIn("what it starts from failed", page)
        results = json.loads((self.folder / "out" / "results.json").read_text())
        self.assertIn("R, all photos", results["arms"])
        self.assertTrue(results["arms"]["R, all photos"]["lacks"])
        self.assertTrue(any("R_nall_fold1" in name for name in results["failed"]))

    def test_a_signal_ends_its_trainings(self):
        self.file.write_text(YAML.replace("steps: 4", "steps: 1000000").replace(
            "photos: [3, all]", "photos: [all]\narms: [R]").replace(
                "without: [{name: colour, set: [a=1]}]", ""))
        self.addCleanup(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, drain))

        def signalled():
            outputs = ()
            while sum("step 50/" in file.read_text() for file in outputs) < 2:
                time.sleep(0.05)
                outputs = list((self.folder / "out" / "runs").glob("*/output.txt"))
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=signalled, daemon=True).start()
        with self.assertRaises(SystemExit) as told:
            self.carried_out()
        self.assertEqual(told.exception.code, 75)
        commands = [file.read_bytes().split(b"\0") for file in Path("/proc").glob("[0-9]*/cmdline")]
        runs = str(self.folder / "out" / "runs").encode()
        self.assertFalse([one for one in commands if one[-2:-1] and one[-2].startswith(runs)])


if __name__ == "__main__":
    unittest.main()
