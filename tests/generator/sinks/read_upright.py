"""FOLDER/out holds the pictures of FOLDER, turned as their EXIF orientation says: Pillow agrees.

Usage: read_upright.py FOLDER
"""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageOps

folder = pathlib.Path(sys.argv[1])
pictures = sorted(folder.glob("*.jpg"))
assert len(pictures) == 16
for picture in pictures:
    before = Image.open(picture)
    orientation = before.getexif()[0x0112]
    assert orientation == int(picture.name[0])
    after = Image.open(folder / "out" / picture.name)
    assert after.getexif().get(0x0112, 1) == 1
    wanted = np.asarray(ImageOps.exif_transpose(before).convert("RGB"), int)
    found = np.asarray(after.convert("RGB"), int)
    assert found.shape == wanted.shape, (picture, found.shape, wanted.shape)
    assert abs(found - wanted).max() <= 6, (picture, abs(found - wanted).max())
