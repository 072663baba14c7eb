"""exif_pictures.py make FOLDER: JPEG and PNG files with EXIF, GPS, XMP and comments.
exif_pictures.py check FOLDER: each clean_NAME decodes to the pixels of NAME, and says nothing.
"""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

folder = pathlib.Path(sys.argv[2])


def make():
    grid = np.arange(48 * 33 * 3, dtype=np.uint32).reshape(33, 48, 3)
    picture = Image.fromarray((grid * 2654435761 >> 13).astype(np.uint8)).resize((96, 66))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "Maker of cameras"
        picture.save(folder / f"o{orientation}.jpg", exif=exif, comment="by somebody")
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 31.0, 12.0), "E", (13.0, 24.0, 18.0)
        picture.save(folder / f"o{orientation}_gps.jpg", exif=exif, progressive=orientation % 2 == 0,
                     icc_profile=b"not really a profile" * 9)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>52</exif:GPSLatitude></x:xmpmeta>'
    picture.save(folder / "xmp_gps.jpg", xmp=xmp)
    picture.save(folder / "plain.jpg")
    two = (folder / "o6_gps.jpg").read_bytes()
    (folder / "preview_after_end_gps.jpg").write_bytes(two + two)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "somebody")
    picture.save(folder / "gps.png", exif=exif, pnginfo=text)
    picture.save(folder / "plain.png")


def check():
    names = [p for p in sorted(folder.iterdir()) if not p.name.startswith("clean_")]
    assert len(names) >= 20
    for name in names:
        before, after = Image.open(name), Image.open(folder / f"clean_{name.name}")
        assert np.array_equal(np.asarray(before), np.asarray(after)), name
        exif = dict(after.getexif())
        orientation = before.getexif().get(0x0112, 1)
        wanted = {0x0112: orientation} if orientation != 1 and name.suffix == ".jpg" else {}
        assert exif == wanted, (name, exif)
        assert not after.getexif().get_ifd(0x8825), name
        assert before.info.get("icc_profile") == after.info.get("icc_profile"), name
        assert "comment" not in after.info and "Author" not in after.info, name
        assert "xmp" not in after.info, name
        if name.suffix == ".jpg":
            upright = [np.asarray(ImageOps.exif_transpose(i)) for i in (before, after)]
            assert np.array_equal(*upright), name
        data = (folder / f"clean_{name.name}").read_bytes()
        assert b"Maker" not in data and b"somebody" not in data, name


{"make": make, "check": check}[sys.argv[1]]()
