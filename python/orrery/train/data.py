"""DATA of the command line: a recipe, a dataset's folder or a COCO file."""

from __future__ import annotations

from pathlib import Path

from .. import Error
from ..coco import CocoSamples


def add_data_options(parser):
    parser.add_argument("data", help="recipe (YAML), dataset folder or COCO file")
    parser.add_argument("--images", help="folder of the COCO file's images [beside it]")
    parser.add_argument("--rename", nargs="*", action="extend", default=[], metavar="FROM=TO",
                        help="classes by other names; FROM= has them ignored")
    parser.add_argument("--classes", help="the classes and their order, with commas [the data's]")
    parser.add_argument("--ignore-hard", action="store_true",
                        help="labels tagged as hard are neither positive nor negative")
    parser.add_argument("--count", type=int,
                        help="of a recipe: how many images it makes before they come again "
                        "[as many as the training asks for]")
    parser.add_argument("--recipe-seed", type=int, help="of a recipe [0]")
    parser.add_argument("--set", nargs="*", action="extend", default=[], metavar="KEY=VALUE",
                        help="of a recipe: other values for keys of the file")


def open_data(options, count=None):
    """The samples that the options mean; of a recipe, `count` unless they say how many."""
    rename = dict(_pair("--rename", pair) for pair in options.rename)
    classes = options.classes.split(",") if options.classes else None
    if Path(options.data).suffix in (".yaml", ".yml"):
        if rename or classes or options.images or options.ignore_hard:
            raise Error(f"{options.data}: a recipe names its own classes and images; --rename, "
                        "--classes, --images and --ignore-hard are for COCO files")
        from .. import dataset
        return dataset(options.data, seed=options.recipe_seed or 0, count=options.count or count,
                       overrides=dict(_pair("--set", pair) for pair in options.set))
    if options.count is not None or options.recipe_seed is not None or options.set:
        raise Error(f"{options.data}: is no recipe; --count, --recipe-seed and --set are for these")
    return CocoSamples(options.data, options.images, classes=classes, rename=rename,
                       ignore_hard=options.ignore_hard)


def _pair(option, text):
    before, equals, after = text.partition("=")
    if not equals:
        raise Error(f"{option} {text}: wanted two words with = between them")
    return before, after
