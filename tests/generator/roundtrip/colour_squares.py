"""colour_squares.py FOLDER: pictures o1 to o8.jpg with EXIF orientations 1 to 8, dark but for a
bright square; squares.txt has a line for each: orientation, the square in the picture as stored and
as OpenCV shows it, found in the decoded pixels, each as x0 y0 x1 y1 from pixel edges; then the
picture's sizes, as stored and as shown.

colour_squares.py headers FOLDER: one picture of 37 x 23 pixels in every kind of file.
"""

import pathlib
import sys

import cv2
import numpy as np
from PIL import Image


def square_of(pixels):
    bright = pixels.max(axis=2) > 128
    ys, xs = np.nonzero(bright)
    return [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]


def squares(folder):
    lines = []
    for orientation in range(1, 9):
        pixels = np.zeros((48, 80, 3), np.uint8)
        pixels[8:24, 16:40] = (255, 160, 40)  # whole JPEG blocks: no ringing outside
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = folder / f"o{orientation}.jpg"
        Image.fromarray(pixels).save(file, quality=95, subsampling=0, exif=exif)
        stored = np.asarray(Image.open(file))
        shown = cv2.imread(str(file))
        numbers = [orientation, *square_of(stored), *square_of(shown)]
        numbers += [stored.shape[1], stored.shape[0], shown.shape[1], shown.shape[0]]
        lines.append(" ".join(str(int(n)) for n in numbers))
    (folder / "squares.txt").write_text("\n".join(lines) + "\n")


def headers(folder):
    grid = (np.arange(37 * 23 * 3, dtype=np.uint32).reshape(23, 37, 3) * 77 % 251).astype(np.uint8)
    picture = Image.fromarray(grid)
    picture.save(folder / "base.jpg")
    picture.save(folder / "progressive.jpg", progressive=True)
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    picture.save(folder / "rgb.png")
    picture.convert("P").save(folder / "palette.png")
    picture.convert("L").save(folder / "grey.png")
    picture.save(folder / "rgb.bmp")
    picture.convert("1").save(folder / "bits.bmp")
    picture.convert("P").save(folder / "palette.gif")
    picture.convert("P").save(folder / "moving.gif", save_all=True,
                              append_images=[picture.rotate(180).convert("P")])
    # Rows from the top: a negative height.
    data = bytearray((folder / "rgb.bmp").read_bytes())
    data[22:26] = (-23).to_bytes(4, "little", signed=True)
    (folder / "top_down.bmp").write_bytes(data)
    # OS/2's short header: 12 bytes with 16-bit sizes.
    row = (37 * 3 + 3) // 4 * 4
    core = b"BM" + (26 + row * 23).to_bytes(4, "little") + bytes(4) + (26).to_bytes(4, "little")
    core += (12).to_bytes(4, "little") + (37).to_bytes(2, "little") + (23).to_bytes(2, "little")
    core += (1).to_bytes(2, "little") + (24).to_bytes(2, "little")
    (folder / "core.bmp").write_bytes(core + bytes(row * 23))
    for file in folder.iterdir():
        assert Image.open(file).size == (37, 23), file


folder = pathlib.Path(sys.argv[-1])
headers(folder) if sys.argv[1] == "headers" else squares(folder)
