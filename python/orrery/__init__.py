"""Orrery: labelled training images from 3D models, straight into a training loop.

    ds = orrery.dataset("scenes/library/cards.yaml", seed=1)
    ds[5].image, ds[5].boxes, ds[5].labels
"""

import os

# A lane of a software device is one thread: no pool beside it. Read when the first device opens;
# who sets it outside knows better.
os.environ.setdefault("LP_NUM_THREADS", "0")

from orrery.dataset import Batch, Cursor, Folder, Samples, Stream, dataset, manifest_hash
from orrery.error import Error
from orrery.sample import Sample
from orrery.selection import Selection

__all__ = ["Batch", "Cursor", "Error", "Folder", "Sample", "Samples", "Selection", "Stream",
           "dataset", "manifest_hash"]
