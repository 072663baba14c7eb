import json
import os
import pickle
import signal
import subprocess
import sys
import unittest
import warnings
from unittest import mock

import numpy as np
import orrery
from orrery.coco import CocoSamples
from scene import Scratch

ARRAYS = ("image", "boxes", "labels", "ignored", "hard", "instance_ids", "visible_fraction",
          "masks", "keypoints", "poses", "camera", "depth", "ids", "normals")


class Jobs:
    """Lanes that say what they have been asked for and nobody has seen the end of."""

    def __init__(self, lanes):
        self._lanes, self.running = lanes, set()

    def submit(self, first, last):
        job = self._lanes.submit(first, last)
        self.running.add(job)
        return job

    def next(self, job):
        made = self._lanes.next(job)
        if made is None:
            self.running.discard(job)
        return made

    def forget(self, job):
        self._lanes.forget(job)
        self.running.discard(job)


class Datasets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Scratch()
        planes = ("--depth", "--id", "--normal")
        cls.loose, cls.hash = cls.scratch.generate("loose", "-n", "20", "--seed", "4", *planes)
        cls.packed, _ = cls.scratch.generate("packed", "-n", "20", "--seed", "4", "--pack", "tar",
                                             "--chunk", "8", *planes)
        cls.stream = orrery.dataset(cls.scratch.scene, seed=4, count=20,
                                    planes=["depth", "id", "normal"])

    @classmethod
    def tearDownClass(cls):
        cls.stream.close()
        cls.scratch.close()

    def assert_same(self, a, b):
        self.assertEqual(a.coco, b.coco)
        self.assertEqual(a.manifest, b.manifest)
        for name in ARRAYS:
            left, right = getattr(a, name), getattr(b, name)
            self.assertEqual(left.dtype, right.dtype, name)
            np.testing.assert_array_equal(left, right, name)

    def test_a_stream_is_what_generate_writes_loose_or_packed(self):
        self.assertEqual(orrery.manifest_hash(self.stream), self.hash)
        for folder in (self.loose, self.packed):
            files = orrery.dataset(folder)
            self.assertEqual((files.identity, files.classes, len(files), files.dataset_hash),
                             (self.stream.identity, self.stream.classes, 20, self.hash))
            for a, b in zip(files, self.stream, strict=True):
                self.assert_same(a, b)
            self.assert_same(files[13], self.stream[13])

    def test_masks_boxes_ids_depth_and_poses_agree(self):
        seen = 0
        for sample in self.stream:
            for mask, box, number, pose in zip(sample.masks, sample.boxes, sample.instance_ids,
                                               sample.poses, strict=True):
                ys, xs = np.nonzero(mask)
                self.assertEqual((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1), tuple(box))
                np.testing.assert_array_equal(mask, sample.ids == number)
                depths = sample.depth[mask]
                self.assertLess(abs(np.median(depths) - pose[2, 3]), 0.1)
                np.testing.assert_allclose(np.linalg.norm(sample.normals[mask], axis=1), 1,
                                           atol=0.02)
                seen += 1
        self.assertGreater(seen, 20)

    def test_any_order_gives_the_same_samples(self):
        alone = [self.stream[i].coco for i in (17, 3, 11)]
        together = [s.coco for s in self.stream.__getitems__([17, 3, 11])]
        in_order = {s.index: s.coco for s in self.stream}
        self.assertEqual(alone, together)
        self.assertEqual(alone, [in_order[i] for i in (17, 3, 11)])
        self.assertEqual(self.stream[-1].index, 19)
        with self.assertRaises(IndexError):
            self.stream[20]

    def test_shards_and_slices_are_parts(self):
        parts = [self.stream.shard(i, 3, block=4) for i in range(3)]
        self.assertEqual(sorted(s.index for part in parts for s in part), list(range(20)))
        self.assertEqual([s.index for s in self.stream[5:9]], [5, 6, 7, 8])
        self.assertEqual([s.index for s in parts[1][1:3]], [5, 6])

    def test_shards_are_as_long_as_can_be_unless_they_are_of_blocks(self):
        self.assertEqual([len(self.stream.shard(i, 3)) for i in range(3)], [7, 7, 6])
        self.assertEqual([len(self.stream.shard(i, 3, block=8)) for i in range(3)], [8, 8, 4])

    def test_what_mixup_left_faint_is_ignored(self):
        annotations = [{"bbox": [0, 0, 1, 1], "category_id": 1, **more}
                       for more in ({"weight": 0.13}, {"weight": 0.87}, {}, {"iscrowd": 1})]
        sample = orrery.sample.Sample(0, {"annotations": annotations}, str, bytes)
        np.testing.assert_allclose(sample.weights, [0.13, 0.87, 1, 1])
        self.assertEqual(sample.ignored.tolist(), [True, False, False, True])

    def test_a_cursor_goes_on_where_its_state_was_taken(self):
        cursor = self.stream.cursor()
        for _ in range(7):
            next(cursor)
        state = json.loads(json.dumps(cursor.state_dict()))
        rest = [s.index for s in cursor]
        again = orrery.dataset(self.loose).cursor()
        again.load_state_dict(state)
        self.assertEqual([s.index for s in again], rest)
        self.assertEqual(rest, list(range(7, 20)))
        other = orrery.dataset(self.scratch.scene, seed=5)
        with self.assertRaisesRegex(orrery.Error, "the state is of dataset"):
            other.cursor().load_state_dict(state)

    def test_pictures_are_decoded_into_what_can_hold_them(self):
        sample = self.stream[3]
        height, width = sample.image.shape[:2]
        out = np.zeros((height, width, 3), np.uint8)
        sample.decode_into(out)
        np.testing.assert_array_equal(out, sample.image[..., :3])
        wide = np.zeros((height, 2 * width, 3), np.uint8)
        for wrong in (wide[:, ::2], out.astype(np.float32), np.zeros((3, 5, 3), np.uint8)):
            with self.assertRaisesRegex(orrery.Error, "wanted"):
                sample.decode_into(wrong)

    def test_trainings_read_archives_as_they_read_files(self):
        loose, packed = CocoSamples(self.loose), CocoSamples(self.packed)
        self.assertEqual(len(packed), 20)
        self.assertFalse((self.packed / "images").exists())
        self.assertEqual(loose.identity, packed.identity)
        for a, b in zip(loose, packed):
            for field in ("image", "boxes", "labels", "ignored"):
                np.testing.assert_array_equal(getattr(a, field), getattr(b, field))

    def test_batches_are_one_buffer_that_dlpack_shares(self):
        batches = list(self.stream.batches(8))
        self.assertEqual([len(b) for b in batches], [8, 8, 4])
        self.assertEqual(len(list(self.stream.batches(8, drop_last=True))), 2)
        self.assertEqual(batches[0].images.shape, (8, 72, 96, 3))
        self.assertTrue(batches[0].images.flags.c_contiguous)
        self.assertTrue(np.shares_memory(np.from_dlpack(batches[0]), batches[0].images))
        np.testing.assert_array_equal(batches[1].images[3], self.stream[11].image)
        with self.assertRaisesRegex(orrery.Error, "device is 'cuda'"):
            next(self.stream.batches(8, device="cuda"))

    def test_overrides_and_redraws_are_other_recipes(self):
        wide = self.stream.redraw(overrides={"camera.width": 128, "objects.0.count": 1})
        self.assertEqual(wide[0].image.shape, (72, 128, 3))
        self.assertTrue(all(s.manifest["scene"] and len(s.manifest["objects"]) == 1
                            for s in wide[:5]))
        self.assertNotEqual(wide.identity, self.stream.identity)
        other = self.stream.redraw(seed=6)
        self.assertNotEqual(other[0].coco, self.stream[0].coco)
        self.assert_same(other.redraw(seed=4)[2], self.stream[2])

    def test_errors_are_those_of_the_command_line(self):
        for options, text in (({"overrides": {"camera.fvo": 1}}, "fov"), ({"gpu": "9"}, "9")):
            sets = [w for key, value in options.get("overrides", {}).items()
                    for w in ("--set", f"{key}={value}")]
            sets += ["--gpu", options["gpu"]] if "gpu" in options else []
            said = subprocess.run([os.environ["ORRERY_PROGRAM"], "generate", self.scratch.scene,
                                   "-o", self.scratch.path / "never", *sets], text=True,
                                  capture_output=True)
            with self.assertRaises(orrery.Error) as caught:
                orrery.dataset(self.scratch.scene, **options)[0]
            self.assertIn(text, str(caught.exception))
            self.assertIn("orrery: " + str(caught.exception).splitlines()[0], said.stderr)
            self.assertEqual(caught.exception.exit_code, said.returncode)
        with self.assertRaisesRegex(orrery.Error, "planes has 'dept'"):
            orrery.dataset(self.scratch.scene, planes=["dept"])
        with self.assertRaisesRegex(orrery.Error, "no finished dataset is here"):
            orrery.dataset(self.scratch.path)
        with self.assertRaisesRegex(orrery.Error, "wanted none of the options"):
            orrery.dataset(self.loose, seed=3)

    def test_samples_and_datasets_travel_to_other_processes(self):
        part = pickle.loads(pickle.dumps(self.stream[6:9]))
        self.assertEqual([s.index for s in part], [6, 7, 8])
        self.assert_same(part[1], self.stream[7])
        self.assert_same(pickle.loads(pickle.dumps(orrery.dataset(self.loose)))[1], self.stream[1])
        error = pickle.loads(pickle.dumps(orrery.Error("it is dark", 69)))
        self.assertEqual((str(error), error.exit_code), ("it is dark", 69))

    def test_a_forked_process_makes_the_same_samples(self):
        self.stream[0]  # lanes are open here
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, json.dumps([s.coco for s in self.stream[:3]]).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.assertEqual(json.load(pipe), [s.coco for s in self.stream[:3]])
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_loop_that_is_left_or_interrupted_leaves_nothing_behind(self):
        jobs = Jobs(self.stream._lanes.get())
        with mock.patch.object(self.stream._lanes, "get", return_value=jobs):
            for sample in self.stream:
                if sample.index == 2:
                    self.assertGreater(len(jobs.running), 1)
                    break
            self.assertEqual(jobs.running, set())
        self.assertEqual(self.stream[3].index, 3)
        program = ("import orrery, sys\n"
                   f"ds = orrery.dataset({str(self.scratch.scene)!r}, count=10**9)\n"
                   "for sample in ds:\n"
                   "    print(sample.index, flush=True)\n")
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        self.assertEqual(child.stdout.readline(), "0\n")
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", err)
        self.assertNotIn("orrery.Error", err)

    def test_nothing_is_made_further_ahead_than_asked(self):
        script = ("import orrery, resource, sys\n"
                  f"ds = orrery.dataset({str(self.scratch.scene)!r}, count=10**9, ahead=8)\n"
                  "it = iter(ds)\n"
                  "for _ in range(100): next(it)\n"
                  "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
                  "for _ in range(600): next(it)\n"
                  "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n")
        grown = int(subprocess.run([sys.executable, "-c", script], check=True, text=True,
                                   capture_output=True).stdout)
        self.assertLess(grown, 8 << 10)  # KiB

    def test_warnings_of_assets_are_warnings(self):
        folder = self.scratch.path
        (folder / "hidden.mtl").write_text("newmtl glass\nd 0\n")
        (folder / "hidden.obj").write_text("mtllib hidden.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\n"
                                           "usemtl glass\nf 1 2 3\n")
        (folder / "hidden.yaml").write_text("objects: [{name: panes, models: hidden.obj}]\n")
        for scene, told in (("hidden.yaml", [r"hidden.obj: .* is invisible \(opacity 0\)"]),
                            (self.scratch.scene, [])):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                orrery.dataset(folder / scene)
            self.assertEqual(len(caught), len(told))
            for warning, text in zip(caught, told):
                self.assertRegex(str(warning.message), text)
                self.assertEqual(warning.filename, __file__)
