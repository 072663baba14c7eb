"""What the tests of the package make samples of: small, and quickly made."""

import os
import subprocess
import tempfile
from pathlib import Path

SCENE = """\
objects: [{name: boxes, shapes: [box, cylinder], count: {uniform: [1, 3]}, size: 0.08}]
camera: {width: 96, height: 72, distance: {uniform: [0.3, 0.6]}}
lights: {count: 1}
labels: {min_visible: 0, min_side: 0, min_area: 0}
"""


class Scratch:
    """A folder with the scene file in it, until it is closed."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        self.scene = self.path / "scene.yaml"
        self.scene.write_text(SCENE)

    def generate(self, name: str, *options: str) -> tuple[Path, str]:
        """A dataset as the command line writes it, and the hash that it says."""
        out = self.path / name
        said = subprocess.run([os.environ["ORRERY_PROGRAM"], "generate", self.scene, "-o", out,
                               "--quiet", *options], check=True, text=True, capture_output=True)
        return out, said.stdout.split()[-1]

    def close(self) -> None:
        self._folder.cleanup()
