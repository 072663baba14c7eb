#!/usr/bin/env python3
"""Measures the built program and prints one JSON object.

The content is the blob of the peer scripts (20,000 triangles, textured), 640x480, colour, ids, depth
and COCO written to disk, in three configurations, and a heavy model. Where Blender and the peer
script are there, Cycles at 16 samples makes the same pictures in the same run, in turn with ours, so
that the ratio holds although the machine's speed drifts. What is missing is named in the JSON.

Usage: bench.py PROGRAM SHARED_FOLDER [--rounds N] [--images N]
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
CONFIGURATIONS = {
    "plain": ["--ground", "none"],
    "ground": ["--ground", "plane", "--shadow-only", "0"],
    "no_aa_no_shadow": ["--ground", "none", "--no-aa", "--no-shadows"],
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


def peer(script, model, ground, views):
    """Steady seconds per labelled image of Cycles at 16 samples."""
    with tempfile.TemporaryDirectory() as out:
        command = ["blender", "-b", "--factory-startup", "--python", str(script), "--", "--model",
                   str(model), "--out", out, "--engine", "CYCLES", "--samples", "16", "--limit",
                   str(views), *(["--ground"] if ground else [])]
        # Blender finds its Python's modules by way of the first python3 on PATH: the system's.
        environment = {**os.environ, "PATH": "/usr/bin:" + os.environ["PATH"]}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line[len("RESULT "):])["steady_median_s"]
    raise SystemExit("bench: Blender made no picture:\n" + done.stdout[-2000:])


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
    cold = ours(program, model, CONFIGURATIONS["plain"], 2, folder)["first_image_s"]
    warm = [ours(program, model, CONFIGURATIONS["plain"], 2, folder)["first_image_s"]
            for _ in range(3)]
    return {"first_image_cold_s": cold, "first_image_warm_s": statistics.median(warm)}


def compare(program, model, script, rounds, images):
    """Every configuration in turn with the peer, `rounds` times."""
    runs = {name: [] for name in CONFIGURATIONS}
    peers = {"plain": [], "ground": []}
    for turn in range(rounds):
        for name, options in CONFIGURATIONS.items():
            note(f"round {turn + 1} of {rounds}: {name}")
            runs[name].append(ours(program, model, options, images))
            if script and name in peers:
                note(f"round {turn + 1} of {rounds}: {name}, Blender")
                peers[name].append(peer(script, model, name == "ground", 6))
    result = {}
    for name, measured in runs.items():
        middle = sorted(measured, key=lambda run: run["s_per_image"])[len(measured) // 2]
        result[name] = {**middle, "s_per_image_rounds": spread([m["s_per_image"] for m in measured])}
        against = peers["ground" if name == "ground" else "plain"]
        if against:
            result[name]["blender_cycles_16_s_per_image"] = spread(against)
            result[name]["times_faster_than_blender"] = spread(
                [p / m["s_per_image"] for p, m in zip(against, measured)])
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=240)
    a = parser.parse_args()
    assets = Path(__file__).resolve().parents[2] / "assets/models"
    with tempfile.TemporaryDirectory() as folder:
        blob = make_blob(a.shared, Path(folder))
        model = blob or assets / "mug.glb"
        script = a.shared / "bench/peer_blender_turntable.py"
        script = script if blob and script.exists() and shutil.which("blender") else None
        heavy = a.shared / "data/models/gltf/2CylinderEngine.glb"
        heavy = heavy if heavy.exists() else assets / "plant.glb"
        ours(a.program, model, CONFIGURATIONS["plain"], 4)  # fills the caches
        result = {
            "model": model.name if blob else f"{model.name}: the blob's generator is not there",
            "blender": "in turn with ours" if script else "not compared: not installed, or no script",
            "start_up": start_up(a.program, model, Path(folder) / "caches"),
            "configurations": compare(a.program, model, script, a.rounds, a.images),
        }
        note(f"heavy model: {heavy.name}")
        result["heavy"] = {"model": heavy.name,
                           **ours(a.program, heavy, CONFIGURATIONS["plain"], a.images // 2)}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
