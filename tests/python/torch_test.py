import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import orrery
import orrery.torch
import torch
from orrery.train.batches import Batches
from orrery.train.loop import Settings
from orrery.train.stream import StreamPool
from scene import Scratch
from torch.utils.data import DataLoader


def loop(items, workers=0, **options):
    loader = DataLoader(items, batch_size=4, num_workers=workers,
                        collate_fn=orrery.torch.collate, **options)
    return [(target["image_id"].item(), image, target["boxes"])
            for images, targets in loader for image, target in zip(images, targets)]


def losses(items):
    """One epoch of a small net on the share of each picture that boxes cover."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 5, 4), torch.nn.ReLU(),
                              torch.nn.AdaptiveAvgPool2d(3), torch.nn.Flatten(),
                              torch.nn.Linear(72, 1))
    optimiser = torch.optim.SGD(net.parameters(), 0.1)
    curve = []
    for images, targets in DataLoader(items, batch_size=4, collate_fn=orrery.torch.collate):
        wanted = torch.tensor([[t["area"].sum() / (96 * 72)] for t in targets])
        loss = ((net(torch.stack(images)) - wanted) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        curve.append(loss.item())
    return curve


def seen_by(rank, items, folder):
    """Writes what the spawned worker of one of two ranks gives."""
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/group", rank=rank,
                                         world_size=2)
    seen = [i for i, _, _ in loop(items, 1, multiprocessing_context="spawn")]
    (Path(folder) / str(rank)).write_text(json.dumps(seen))
    torch.distributed.barrier()  # the first to leave takes the group's file along


class Torch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Scratch()
        cls.folder, _ = cls.scratch.generate("set", "-n", "24", "--seed", "9")
        cls.stream = orrery.dataset(cls.scratch.scene, seed=9, count=24)

    @classmethod
    def tearDownClass(cls):
        cls.stream.close()
        cls.scratch.close()

    def assert_same(self, a, b):
        self.assertEqual([i for i, _, _ in a], [i for i, _, _ in b])
        for (_, image, boxes), (_, other, others) in zip(a, b):
            self.assertTrue(torch.equal(image, other))
            self.assertTrue(torch.equal(boxes, others))

    def test_an_epoch_of_the_stream_and_of_files_have_the_same_losses(self):
        streamed = losses(orrery.torch.IterableDataset(self.stream, block=4))
        written = losses(orrery.torch.IterableDataset(orrery.dataset(self.folder), block=4))
        self.assertEqual(streamed, written)
        self.assertEqual(len(set(streamed)), 6)

    def test_batches_of_a_stream_are_those_of_its_files_and_go_on_anywhere(self):
        def batches(samples):
            settings = Settings(side=64, batch=4, seed=3)
            pool = StreamPool(samples, settings.detail, limit=36 * settings.detail**2)  # 6 at hand
            return Batches([pool], [1], settings)

        streamed, written = batches(self.stream), batches(orrery.dataset(self.folder))
        resumed = batches(self.stream)
        for step in range(6):
            images, targets = streamed[step]
            for others in ([written[step]] + ([resumed[step]] if step >= 4 else [])):
                self.assertTrue(torch.equal(images, others[0]))
                for target, theirs in zip(targets, others[1], strict=True):
                    self.assertTrue(all(torch.equal(a, b) for a, b in zip(target, theirs)))

    def test_any_number_of_workers_gives_the_samples_of_one(self):
        one = loop(orrery.torch.IterableDataset(self.stream, block=4))
        self.assertEqual([i for i, _, _ in one], list(range(24)))
        for workers in (1, 4):
            self.assert_same(loop(orrery.torch.IterableDataset(self.stream, block=4), workers), one)
        self.assert_same(loop(orrery.torch.Dataset(self.stream), 2), one)
        spawned = loop(orrery.torch.IterableDataset(self.stream, block=4), 2,
                       multiprocessing_context="spawn")
        self.assert_same(spawned, one)

    def test_workers_that_are_spawned_make_the_samples_of_their_rank_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            items = orrery.torch.IterableDataset(self.stream, block=4)
            torch.multiprocessing.spawn(seen_by, (items, folder), nprocs=2)
            seen = [json.loads((Path(folder) / str(rank)).read_text()) for rank in range(2)]
        self.assertEqual(sorted(seen[0] + seen[1]), list(range(24)))
        self.assertEqual(seen[0], [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19])

    def test_targets_are_as_torchvision_wants_them(self):
        image, target = orrery.torch.instances(self.stream[5])
        self.assertEqual((image.shape, image.dtype), ((3, 72, 96), torch.float32))
        self.assertLessEqual(image.max(), 1)
        n = len(target["boxes"])
        self.assertEqual(target["masks"].shape, (n, 72, 96))
        self.assertGreaterEqual(target["labels"].min(), 1)
        for mask, box in zip(target["masks"], target["boxes"]):
            ys, xs = torch.nonzero(mask, as_tuple=True)
            self.assertEqual([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], box.tolist())

    def test_a_loop_goes_on_where_its_state_was_taken(self):
        items = orrery.torch.IterableDataset(self.stream)
        walk = iter(items)
        for _ in range(5):
            next(walk)
        state = items.state_dict()
        again = orrery.torch.IterableDataset(self.stream)
        again.load_state_dict(state)
        rest = [target["image_id"].item() for _, target in again]
        self.assertEqual(rest, list(range(5, 24)))
        self.assertEqual(len(list(again)), 24)  # the next epoch is whole
        again.load_state_dict(state)
        self.assertEqual(again.state_dict(), state)
        with self.assertRaisesRegex(orrery.Error, "1 workers, wanted none"):
            list(torch.utils.data.DataLoader(again, batch_size=None, num_workers=1))
        with self.assertRaisesRegex(orrery.Error, "of part"):
            orrery.torch.IterableDataset(self.stream[:20]).load_state_dict(state)

    def test_ranks_have_as_many_samples_where_the_rest_is_left_out(self):
        seen = []
        for rank in range(3):
            items = orrery.torch.IterableDataset(self.stream[:20], block=2, drop_last=True)
            with mock.patch.object(items, "_rank", return_value=(rank, 3)):
                self.assertEqual(len(items), 6)
                seen += [target["image_id"].item() for _, target in items]
        self.assertEqual(sorted(seen), list(range(18)))
