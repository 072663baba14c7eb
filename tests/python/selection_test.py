import unittest

import orrery
from orrery import Selection


class Selections(unittest.TestCase):
    def test_shards_are_disjoint_and_together_all_in_blocks(self):
        for count in (0, 1, 7, 40):
            for shards in (1, 2, 3):
                for block in (1, 3, 8):
                    found = []
                    for shard in range(shards):
                        part = Selection(count).sharded(shard, shards, block)
                        indices = [part.index(i) for i in range(len(part))]
                        self.assertEqual(indices, sorted(indices))
                        self.assertTrue(all(i // block % shards == shard for i in indices))
                        found += indices
                    self.assertEqual(sorted(found), list(range(count)))

    def test_a_slice_is_shared_out_as_the_whole_is(self):
        part = Selection(50).between(slice(7, 40))
        shares = [part.sharded(shard, 3, 4) for shard in range(3)]
        found = [share.index(i) for share in shares for i in range(len(share))]
        self.assertEqual(sorted(found), list(range(7, 40)))
        self.assertEqual([shares[1].index(i) for i in range(5)], [11, 12, 13, 14, 23])
        self.assertEqual(len({share.told for share in (part, *shares)}), 4)

    def test_runs_are_the_indices_from_a_position_on_and_no_longer_than_asked(self):
        for part in (Selection(40), Selection(40).sharded(1, 3, 4), Selection(40).between(
                slice(5, 17)), Selection(23).sharded(2, 3, 5).between(slice(1, None)),
                     Selection(50).between(slice(7, 40)).sharded(1, 3, 4)):
            indices = [part.index(i) for i in range(len(part))]
            for start in range(len(part) + 1):
                runs = list(part.runs(start, 3))
                self.assertTrue(all(0 < last - first <= 3 for first, last in runs))
                self.assertEqual([i for first, last in runs for i in range(first, last)],
                                 indices[start:])

    def test_slices_are_those_of_lists(self):
        part = Selection(20).sharded(1, 2, 3)
        indices = [part.index(i) for i in range(len(part))]
        for cut in (slice(2, 5), slice(None, 4), slice(-3, None), slice(4, 2), slice(0, 99)):
            found = part.between(cut)
            self.assertEqual([found.index(i) for i in range(len(found))], indices[cut])
        self.assertEqual(part.index(-1), indices[-1])

    def test_what_is_not_there_is_said(self):
        with self.assertRaisesRegex(IndexError, "there are 4 samples, found index 4"):
            Selection(4).index(4)
        with self.assertRaisesRegex(orrery.Error, "step 2, wanted 1"):
            Selection(4).between(slice(0, 4, 2))
        with self.assertRaisesRegex(orrery.Error, "shard 3 of 3"):
            Selection(4).sharded(3, 3, 1)
        with self.assertRaisesRegex(orrery.Error, "share 0 of 2 is to be shared out again"):
            Selection(4).sharded(0, 2, 1).sharded(0, 2, 1)
