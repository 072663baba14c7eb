"""DATA of the command line: a recipe, a dataset's folder or a COCO file."""

from __future__ import annotations

from pathlib import Path

from .. import Error
from ..coco import CocoSamples


def add_data_options(parser):
    parser.add_argument("data", help="recipe (YAML), dataset folder or COCO file")
    parser.add_argument("--images", help="folder of the COCO file's images [beside it]")
    parser.add_argument("--rename", nargs="*", default=[], metavar="FROM=TO",
                        help="classes by other names; FROM= has them ignored")
    parser.add_argument("--classes", help="the classes and their order, with commas [the data's]")
    parser.add_argument("--ignore-hard", action="store_true",
                        help="labels tagged as hard are neither positive nor negative")


def open_data(options):
    """The samples that the options mean."""
    rename = {}
    for pair in options.rename:
        before, equals, after = pair.partition("=")
        if not equals:
            raise Error(f"--rename {pair}: wanted FROM=TO")
        rename[before] = after
    classes = options.classes.split(",") if options.classes else None
    if Path(options.data).suffix in (".yaml", ".yml"):
        if rename or classes or options.images:
            raise Error(f"{options.data}: a recipe names its own classes and images; "
                        "--rename, --classes and --images are for COCO files")
        from .. import dataset
        return dataset(options.data)
    return CocoSamples(options.data, options.images, classes=classes, rename=rename,
                       ignore_hard=options.ignore_hard)
