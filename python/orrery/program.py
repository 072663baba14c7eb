"""The command line program that came with the package."""

import os
import shutil
import sys
from pathlib import Path

from orrery.error import Error


def program() -> str:
    """The path of the `orrery` program: beside the package, else $ORRERY_PROGRAM, else of PATH.
    It also parses model files for streams, since hostile ones may crash their process."""
    beside = Path(__file__).parent / "bin" / "orrery"
    found = os.environ.get("ORRERY_PROGRAM") or (str(beside) if beside.exists() else None)
    found = found or shutil.which("orrery")
    if not found:
        raise Error(f"{beside}: is not there, wanted the orrery program", 69)
    return found


def main() -> None:
    """What the script `orrery` of an environment runs."""
    path = str(Path(__file__).parent / "bin" / "orrery")
    os.execv(path, [path, *sys.argv[1:]])
