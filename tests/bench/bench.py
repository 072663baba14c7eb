#!/usr/bin/env python3
"""Measures the built program and prints one JSON object.

The content is the blob of the peer scripts (20,000 triangles, textured), 640x480, colour, ids, depth
and COCO written to disk, in three configurations, and a heavy model; then whole scenes, of
tabletop20.yaml: 20 fallen things, three lamps, a sky and the sensor. Where Blender (and for the blob
the peer script) is there, Cycles at 16 samples makes the same pictures in the same run, in turn with
ours, so that the ratio holds although the machine's speed drifts. Blender gets the very scenes of a
dataset of ours: see blender_scene.py. What is missing is named in the JSON.

Usage: bench.py PROGRAM SHARED_FOLDER [--rounds N] [--images N] [--only scene|turntable]
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

# Camera and light of the peer script: three radii away, two heights, one sun, an even sky.
CAMERA = ["--size", "640x480", "--apparent-size", "0.65", "--elevations", "15,45", "--azimuths", "36",
          "--jitter", "0", "--offset", "0", "--truncated", "0", "--roll", "0", "--exposure", "0",
          "--lights", "0", "--rigs", "1", "--sky", "overcast", "--sides", "bottom",
          "--background", "color", "--depth", "--id"]
CONFIGURATIONS = {  # model, our options, the peer's
    "plain": ("blob", ["--ground", "none"], []),
    "ground": ("blob", ["--ground", "plane", "--shadow-only", "0"], ["--ground"]),
    "no_aa_no_shadow": ("blob", ["--ground", "none", "--no-aa", "--no-shadows"], []),
    "heavy": ("heavy", ["--ground", "none"], []),
}


def note(text):
    print(text, file=sys.stderr, flush=True)


def ours(program, model, options, images, caches=None):
    """One run of `orrery bench`; `caches` is a fresh folder for a cold start."""
    environment = dict(os.environ)
    if caches:
        environment["XDG_CACHE_HOME"] = str(caches)
        environment["MESA_SHADER_CACHE_DIR"] = str(caches)
    command = [str(program), "bench", str(model), "-n", str(images), *CAMERA, *options]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def blender(script, *options):
    """What the script's line RESULT holds."""
    command = ["blender", "-b", "--factory-startup", "--python", str(script), "--", *map(str, options)]
    # Blender finds its Python's modules by way of the first python3 on PATH: the system's.
    environment = {**os.environ, "PATH": "/usr/bin:" + os.environ["PATH"]}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[len("RESULT "):])
    raise SystemExit("bench: Blender made no picture:\n" + done.stdout[-2000:])


def peer(script, model, options, views):
    """Cycles at 16 samples: steady seconds per labelled image, and the share of it that is object."""
    with tempfile.TemporaryDirectory() as out:
        result = blender(script, "--model", model, "--out", out, "--engine", "CYCLES", "--samples",
                         16, "--limit", views, *options)
        labels = json.loads((Path(out) / "coco.json").read_text())
        pixels = sum(image["width"] * image["height"] for image in labels["images"])
        area = sum(label["area"] for label in labels["annotations"])
        return result["steady_median_s"], area / pixels


def compare_scenes(program, with_blender, rounds, images, views):
    """Whole scenes end to end, in turn with Cycles on scenes of one of our datasets."""
    here = Path(__file__).resolve().parent
    scene = here / "tabletop20.yaml"
    models = here.parents[1] / "assets/models"
    runs, peers = [], []
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "dataset"
        planes = ["--depth", "--id"]
        subprocess.run([str(program), "generate", str(scene), "-n", str(views), "--seed", "1",
                        "--quiet", "-o", str(dataset), *planes], stdout=subprocess.DEVNULL, check=True)
        for turn in range(rounds):
            note(f"round {turn + 1} of {rounds}: scenes")
            done = subprocess.run([str(program), "bench", str(scene), "-n", str(images), *planes],
                                  stdout=subprocess.PIPE, text=True, check=True)
            runs.append(json.loads(done.stdout))
            if with_blender:
                note(f"round {turn + 1} of {rounds}: scenes, Blender")
                out = Path(folder) / f"blender{turn}"
                out.mkdir()
                peers.append(blender(here / "blender_scene.py", "--dataset", dataset, "--models",
                                     models, "--out", out, "--samples", 16))
    result = {"scene": scene.name,
              **sorted(runs, key=lambda run: run["s_per_image"])[len(runs) // 2],
              "s_per_image_rounds": spread([run["s_per_image"] for run in runs])}
    if peers:
        result["blender_cycles_16_s_per_image"] = spread([p["steady_median_s"] for p in peers])
        result["blender_object_share"] = peers[0]["object_share"]
        result["blender_labels_per_image"] = peers[0]["labels_per_image"]
        result["times_faster_than_blender"] = spread(
            [p["steady_median_s"] / run["s_per_image"] for p, run in zip(peers, runs)])
    return result


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def make_blob(shared, folder):
    script = shared / "bench/make_asset.py"
    if not script.exists():
        return None
    for python in ("/usr/bin/python3", sys.executable):  # it needs numpy and PIL
        made = subprocess.run([python, str(script), str(folder)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        if made.returncode == 0:
            return folder / "blob.obj"
    return None


def start_up(program, model, folder):
    plain = CONFIGURATIONS["plain"][1]
    cold = ours(program, model, plain, 2, folder)["first_image_s"]
    warm = [ours(program, model, plain, 2, folder)["first_image_s"] for _ in range(3)]
    return {"first_image_cold_s": cold, "first_image_warm_s": statistics.median(warm)}


def compare(program, models, script, rounds, images):
    """Every configuration in turn with the peer, `rounds` times."""
    runs = {name: [] for name in CONFIGURATIONS}
    peers = {name: [] for name in CONFIGURATIONS}
    for turn in range(rounds):
        timed = {}  # the peer knows nothing of our antialiasing: once a round for equal content
        for name, (model, options, peers_options) in CONFIGURATIONS.items():
            note(f"round {turn + 1} of {rounds}: {name}")
            runs[name].append(ours(program, models[model], options, images))
            if not script:
                continue
            content = (model, *peers_options)
            if content not in timed:
                note(f"round {turn + 1} of {rounds}: {name}, Blender")
                timed[content] = peer(script, models[model], peers_options, 6)
            peers[name].append(timed[content])
    result = {}
    for name, measured in runs.items():
        middle = sorted(measured, key=lambda run: run["s_per_image"])[len(measured) // 2]
        result[name] = {"model": models[CONFIGURATIONS[name][0]].name, **middle,
                        "s_per_image_rounds": spread([m["s_per_image"] for m in measured])}
        if script:
            result[name]["blender_cycles_16_s_per_image"] = spread([p[0] for p in peers[name]])
            result[name]["blender_object_share"] = statistics.median(p[1] for p in peers[name])
            result[name]["times_faster_than_blender"] = spread(
                [p[0] / m["s_per_image"] for p, m in zip(peers[name], measured)])
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=240)
    parser.add_argument("--only", choices=["scene", "turntable"])
    a = parser.parse_args()
    assets = Path(__file__).resolve().parents[2] / "assets/models"
    with tempfile.TemporaryDirectory() as folder:
        blob = make_blob(a.shared, Path(folder))
        model = blob or assets / "mug.glb"
        script = a.shared / "bench/peer_blender_turntable.py"
        script = script if blob and script.exists() and shutil.which("blender") else None
        heavy = a.shared / "data/models/gltf/2CylinderEngine.glb"
        heavy = heavy if heavy.exists() else assets / "plant.glb"
        result = {}
        if a.only != "scene":
            ours(a.program, model, CONFIGURATIONS["plain"][1], 4)  # fills the caches
            result = {
                "blob": "made" if blob else f"its generator is not there: {model.name} instead",
                "blender": "in turn with ours" if script else
                           "not compared: not installed, or no script",
                "start_up": start_up(a.program, model, Path(folder) / "caches"),
                "configurations": compare(a.program, {"blob": model, "heavy": heavy}, script,
                                          a.rounds, a.images),
            }
        if a.only != "turntable":
            result["scene"] = compare_scenes(a.program, shutil.which("blender") is not None,
                                             a.rounds, a.images, 6)
            if not shutil.which("blender"):
                result["scene"]["blender"] = "not compared: not installed"
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
