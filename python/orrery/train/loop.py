"""Training: steps, checkpoints, logs."""

from __future__ import annotations

import csv
import hashlib
import math
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from .. import Error
from .augment import Augment
from .detectors import build, check_detector, fit_classes, freeze_backbone, load_weights
from .muon import Muon

FORMAT = 2  # of checkpoints
RATES = {"muon": 1e-2, "adamw": 2e-3}  # learning rates by optimiser
# Times that, for a net that goes on learning from other images: chosen on photos of dice, where a
# tenth, 0.3 and 1 with muon came to 0.61, 0.69 and 0.73 AP50; with adamw what is usual.
FINE = {"muon": 1.0, "adamw": 0.1}
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass
class Settings:
    """What a training is, next to its data. Equal settings, data, threads and processors: equal
    weights."""

    detector: str = "tiny"  # of detectors.DETECTORS
    side: int = 256  # pixels of the square that whole images are fitted into
    canvas: int = 0  # of the squares that are trained on: windows of such images; 0: as `side`
    stride: int = 8
    steps: int = 2000
    batch: int = 8
    optimiser: str | None = None  # of RATES; None: muon for tiny, else adamw
    rate: float | None = None  # None: the optimiser's
    decay: float = 0.02  # of weights, per step and learning rate
    precision: str = "auto"  # of tiny's products: bfloat16 where the processor multiplies it
    warmup: int = 30  # steps
    seed: int = 0
    freeze_backbone: bool = False
    augment: Augment = field(default_factory=Augment)

    def __post_init__(self):
        if self.optimiser is None:
            self.optimiser = "muon" if self.detector == "tiny" else "adamw"
        check_detector(self.detector, self.side, self.stride)
        for name, known in (("optimiser", RATES), ("precision", PRECISIONS)):
            self._want(name, getattr(self, name) in known, f"one of {', '.join(known)}")
        tiny = self.detector == "tiny"
        if self.rate is None:
            self.rate = RATES[self.optimiser]
        for name in ("steps", "batch"):
            self._want(name, getattr(self, name) >= 1, "1 or more")
        self._want("seed", self.seed >= 0, "0 or more")
        self._want("rate", isinstance(self.rate, (int, float)) and self.rate > 0, "above 0")
        self._want("canvas", self.canvas == 0 or (tiny and self.canvas >= 64
                                                  and self.canvas % 32 == 0),
                   "0, or with tiny a multiple of 32 from 64 on")
        # Anchors and matched boxes of torchvision's detectors would be rounded to whole pixels.
        self._want("precision", tiny or self.precision != "bfloat16", "float32, bar with tiny")

    def _want(self, name, good, wanted):
        if not good:
            raise Error(f"{name} is {getattr(self, name)!r}, wanted {wanted}")

    @property
    def detail(self):
        """The longer side, in pixels, that an image needs for all that is done with it."""
        return round(self.side * max(1.0, min(self.augment.scale[1], 1.5)))


def rate_at(settings, step):
    """The learning rate: a short warm-up, then down along a cosine to a hundredth."""
    if step < settings.warmup:
        return settings.rate * (step + 1) / settings.warmup
    done = (step - settings.warmup) / max(settings.steps - settings.warmup, 1)
    return settings.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1))))


class Training:
    """A detector on its way. `init`: a checkpoint or state dict to start from. `data` says what
    it learns from, so that it goes on with nothing else."""

    def __init__(self, settings, classes, init=None, device="cpu", data=""):
        torch.manual_seed(settings.seed)
        self.settings, self.classes, self.step, self.seconds = settings, list(classes), 0, 0.0
        self.device = torch.device(device)
        self.data = data
        self.init = "" if init is None else hashlib.sha256(Path(init).read_bytes()).hexdigest()
        self.detector = build(settings.detector, len(self.classes), settings.side,
                              settings.stride)
        self.fresh = []  #: classes of which `init` knows nothing
        if init is not None:
            self.fresh = start_from(self.detector, init, settings.detector, self.classes)
        self.detector.to(self.device, memory_format=torch.channels_last)
        self.precision = settings.precision
        if settings.precision == "auto":
            self.precision = native_precision(self.device, settings.detector)
        self.optimisers = optimisers_of(self.detector, settings)
        self._learning()

    def _learning(self):
        self.detector.train()
        if self.settings.freeze_backbone:
            freeze_backbone(self.detector)

    def advance(self, batch):
        """One step. Returns the losses by name, and their sum as "loss"."""
        images, targets = batch
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
            for group in optimiser.param_groups:
                group["lr"] = rate_at(self.settings, self.step)
        with torch.autocast(self.device.type, torch.bfloat16,
                            enabled=self.precision == "bfloat16"):
            losses = self.detector.loss(images.to(self.device), targets)
        total = sum(losses.values())
        if not torch.isfinite(total):
            raise Error(f"step {self.step}: the loss is {total.item()}; try a lower --rate")
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.detector.parameters(), 10.0)
        if not torch.isfinite(norm):
            raise Error(f"step {self.step}: the gradient is {norm.item()}; try a lower --rate")
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        return {**{name: value.item() for name, value in losses.items()}, "loss": total.item()}

    def save(self, path):
        """Writes a checkpoint: a reader sees the old one or the new one, whole."""
        path = Path(path)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with open(draft, "wb") as out:
            torch.save({"format": FORMAT, "settings": asdict(self.settings),
                        "classes": self.classes, "step": self.step, "seconds": self.seconds,
                        "precision": self.precision, "data": self.data, "init": self.init,
                        "model": self.detector.state_dict(),
                        "optimisers": [one.state_dict() for one in self.optimisers],
                        "rng": torch.get_rng_state(),
                        "device_rng": torch.cuda.get_rng_state_all()}, out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)

    def resume(self, path):
        """Goes on from a checkpoint of this training."""
        state = read_checkpoint(path)
        told = ("classes", "precision", "data", "init")
        mine = {**asdict(self.settings), **{key: getattr(self, key) for key in told}}
        its = {**state["settings"], **{key: state[key] for key in told}}
        other = [key for key in mine if mine[key] != its.get(key)]
        if other:
            raise Error(f"{path}: is of another training: "
                        f"{', '.join(f'{k} {its.get(k)!r} and not {mine[k]!r}' for k in other)}"
                        "; choose another folder")
        self.detector.load_state_dict(state["model"])
        for optimiser, its_state in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(its_state)
        torch.set_rng_state(state["rng"])
        if state["device_rng"] and torch.cuda.device_count() == len(state["device_rng"]):
            torch.cuda.set_rng_state_all(state["device_rng"])
        self.step, self.seconds = state["step"], state["seconds"]
        self._learning()


def native_precision(device, detector):
    """bfloat16 where the device multiplies it in hardware and the detector is tiny, else
    float32."""
    if detector != "tiny":
        return "float32"
    if device.type == "cuda":
        ampere = (8, 0)  # the first that does; torch counts those as well that emulate it
        return "bfloat16" if torch.cuda.get_device_capability(device) >= ampere else "float32"
    try:
        flags = Path("/proc/cpuinfo").read_text().split()
    except OSError:  # not Linux, and torch does not say
        flags = []
    return "bfloat16" if "avx512_bf16" in flags or "amx_bf16" in flags else "float32"


def optimisers_of(detector, settings):
    """AdamW; with muon for what is no layer between others: norms, biases and the last layer."""
    named, head = list(detector.named_parameters()), detector.head_parameters()
    flat = [p for _, p in named if p.ndim < 2]
    last = [p for name, p in named if p.ndim >= 2 and name in head]
    inner = [p for name, p in named if p.ndim >= 2 and name not in head]
    muon = settings.optimiser == "muon"
    adamw = torch.optim.AdamW([{"params": last if muon else last + inner},
                               {"params": flat, "weight_decay": 0.0}], settings.rate,
                              weight_decay=settings.decay)
    if not muon:
        return [adamw]
    return [adamw, Muon(inner, settings.rate, weight_decay=settings.decay)]


def read_checkpoint(path):
    try:
        state = torch.load(path, map_location="cpu")
    except Exception as error:  # torch.load raises whatever its parts raise
        raise Error(f"{path}: is no checkpoint: {error}") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise Error(f"{path}: is no checkpoint of format {FORMAT}")
    return state


def start_from(detector, init, name, classes):
    """Takes weights from a checkpoint, whose classes keep what they know wherever they are in
    `classes`, or from a state dict. Returns the classes that start anew."""
    try:
        state = torch.load(init, map_location="cpu")
    except Exception as error:
        raise Error(f"{init}: holds no weights: {error}") from error
    if not isinstance(state, dict):
        raise Error(f"{init}: holds a {type(state).__name__}, wanted a checkpoint or state dict")
    if "format" not in state:
        return list(classes) if load_weights(detector, state, init) else []
    if state["settings"]["detector"] != name:
        raise Error(f"{init}: is of detector {state['settings']['detector']}, wanted {name}")
    load_weights(detector, fit_classes(detector, state["model"], state["classes"], classes), init)
    return [name for name in classes if name not in state["classes"]]


def load_detector(path, device="cpu"):
    """The trained detector of a checkpoint, ready to detect, and the checkpoint without it."""
    state = read_checkpoint(path)
    settings = state["settings"]
    detector = build(settings["detector"], len(state["classes"]), settings["side"],
                     settings["stride"])
    detector.load_state_dict(state.pop("model"))
    detector.to(torch.device(device), memory_format=torch.channels_last).eval()
    return detector, state


def train(training, batches, folder, *, minutes=None, save_every=60.0, say=print):
    """Trains to the end, or for `minutes`, and leaves folder/last.pt and folder/log.csv. Goes on
    from folder/last.pt. Returns whether the end was reached."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "last.pt"
    if checkpoint.exists():
        training.resume(checkpoint)
        say(f"goes on at step {training.step} of {training.settings.steps}")
    steps = training.settings.steps
    start = saved = time.monotonic()
    before = training.seconds
    with Log(folder, training.step) as log:
        while training.step < steps:
            losses = training.advance(batches[training.step])
            now = time.monotonic()
            training.seconds = before + now - start
            log.add(training.step, rate_at(training.settings, training.step - 1), losses)
            if training.step % 50 == 0 or training.step == steps:
                speed = training.step * training.settings.batch / training.seconds
                say(f"step {training.step}/{steps}  "
                    + "  ".join(f"{k} {v:.3f}" for k, v in losses.items())
                    + f"  {speed:.1f} images/s")
            late = minutes is not None and now - start > 60 * minutes
            if now - saved > save_every or training.step == steps or late:
                log.flush()
                training.save(checkpoint)
                saved = now
            if late:
                break
    return training.step >= steps


class Log:
    """Losses step by step in log.csv, and for TensorBoard where that is installed."""

    def __init__(self, folder, step):
        self.path = Path(folder) / "log.csv"
        self._rows = []
        if self.path.exists():  # steps after the checkpoint are done again
            with open(self.path, newline="") as file:
                self._rows = [row for row in csv.DictReader(file) if int(row["step"]) <= step]
        self._board = None
        try:
            from torch.utils.tensorboard import SummaryWriter
            self._board = SummaryWriter(str(folder), purge_step=step + 1)
        except ImportError:
            pass  # the CSV has it all

    def add(self, step, rate, losses):
        self._rows.append({"step": step, "rate": f"{rate:.8g}",
                           **{k: f"{v:.8g}" for k, v in losses.items()}})
        if self._board:
            for name, value in losses.items():
                self._board.add_scalar(name, value, step)

    def flush(self):
        draft = self.path.with_name(f".log.{os.getpid()}")
        with open(draft, "w", newline="") as file:
            writer = csv.DictWriter(file, list(self._rows[0]) if self._rows else ["step"])
            writer.writeheader()
            writer.writerows(self._rows)
        draft.replace(self.path)
        if self._board:
            self._board.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.flush()
        if self._board:
            self._board.close()
