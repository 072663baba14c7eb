"""Trains a detector: python -m orrery.train DATA -o FOLDER. Run again to continue."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

import torch

from .. import Error, Stream
from .augment import Augment
from .batches import Batches, Pool
from .data import add_data_options, open_data
from .detectors import DETECTORS
from .loop import FINE, PRECISIONS, RATES, Settings, Training, train
from .stream import StreamPool


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="python -m orrery.train", description=__doc__)
    add_data_options(parser)
    parser.add_argument("-o", "--out", required=True, help="folder of the run")
    defaults = Settings()
    parser.add_argument("--detector", choices=list(DETECTORS), default=defaults.detector)
    parser.add_argument("--side", type=int, default=defaults.side,
                        help="of the square that images are fitted into, pixels [%(default)s]")
    parser.add_argument("--canvas", type=int, default=defaults.canvas,
                        help="train on windows of that many pixels, in the same scale; for small "
                        "objects in large images; 0: as --side [%(default)s]")
    parser.add_argument("--stride", type=int, choices=(4, 8), default=defaults.stride,
                        help="tiny: pixels a cell is wide; 4 for small objects [%(default)s]")
    parser.add_argument("--steps", type=int, default=defaults.steps)
    parser.add_argument("--batch", type=int, default=defaults.batch)
    parser.add_argument("--optimiser", choices=list(RATES), help="[muon for tiny, else adamw]")
    parser.add_argument("--rate", type=float, help="learning rate ["
                        + ", ".join(f"{rate} with {name}" for name, rate in RATES.items())
                        + "; of adamw's with --init a tenth]")
    parser.add_argument("--precision", choices=PRECISIONS, default=defaults.precision)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--minutes", type=float, help="stop after that long; run again to go on")
    parser.add_argument("--init", help="checkpoint or state dict to start from")
    parser.add_argument("--freeze-backbone", action="store_true")
    parser.add_argument("--flip", action="store_true",
                        help="mirror images, too: not for playing cards, letters or gloves")
    parser.add_argument("--no-turn", action="store_true", help="do not turn images by 90 degrees")
    parser.add_argument("--no-mosaic", action="store_true")
    parser.add_argument("--scale", help="LOW:HIGH, times the size in the square [0.7:1.6]")
    parser.add_argument("--memory", type=float, default=4.0, help="GiB for decoded images")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--onnx", help="write the trained net as ONNX, too")
    return parser.parse_args(arguments)


def settings_of(options):
    augment = Augment(flip=options.flip, turn=not options.no_turn)
    if options.no_mosaic:
        augment = replace(augment, mosaic=(1,))
    if options.scale:
        try:
            low, _, high = options.scale.partition(":")
            scale = (float(low), float(high or low))
        except ValueError:
            raise Error(f"--scale {options.scale}: wanted LOW:HIGH") from None
        augment = replace(augment, scale=scale)
    settings = Settings(detector=options.detector, side=options.side, canvas=options.canvas,
                        stride=options.stride, steps=options.steps, batch=options.batch,
                        optimiser=options.optimiser, rate=options.rate,
                        precision=options.precision, seed=options.seed,
                        freeze_backbone=options.freeze_backbone, augment=augment)
    fine = options.init and options.rate is None
    return replace(settings, rate=settings.rate * FINE[settings.optimiser]) if fine else settings


def main(arguments=None):
    options = options_of(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    settings = settings_of(options)
    samples = open_data(options, settings.steps * settings.batch)
    pool = (StreamPool if isinstance(samples, Stream) else Pool)(
        samples, settings.detail, limit=int(options.memory * 2**30))
    batches = Batches([pool], [1], settings)
    training = Training(settings, samples.classes, options.init, options.device,
                        f"{samples.identity}:{len(samples)}")
    if training.fresh:
        print(f"{options.init} knows nothing of {', '.join(training.fresh)}: these start anew")
    count = sum(p.numel() for p in training.detector.parameters())
    print(f"{settings.detector} with {count / 1e6:.2f}M parameters, {len(samples)} images, "
          f"classes {', '.join(samples.classes)}"
          + (f"; {samples.dropped} labels without an area left out"
             if getattr(samples, "dropped", 0) else ""))
    done = train(training, batches, options.out, minutes=options.minutes,
                 say=lambda text: print(text, flush=True))
    if options.onnx:
        from .onnx import export
        worst = export(training.detector, settings.side, options.onnx)
        print(options.onnx + (": not compared, onnxruntime is not installed" if worst is None
                              else f": differs from torch by {worst:.1g}"))
    print(f"{options.out}/last.pt: "
          + ("done" if done else f"step {training.step} of {settings.steps}; run again to go on"))


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"error: {error}")
