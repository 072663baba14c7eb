#!/usr/bin/env python3
"""Compares the package's stream with `orrery bench` and prints one JSON object.

In turn, both warm, on the same samples: `orrery bench` writes them to a folder in memory, the stream
hands them to a loop that decodes every picture and its boxes. Then how far the process grows while
it streams `--long` more.

Usage: stream.py PROGRAM SCENE [--rounds N] [--images N] [--long N]
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

import orrery

WARM = 32  # samples before the clock starts: lanes open one after the other
SMALL = {"camera.width": 240, "camera.height": 320}


def written(program, scene, images):
    sets = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    environment = {**os.environ, "TMPDIR": "/dev/shm"}
    done = subprocess.run([program, "bench", scene, "-n", str(images), *sets], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    return json.loads(done.stdout)["images_per_s"]


def streamed(scene, images):
    samples = orrery.dataset(scene, count=images, overrides=SMALL)
    start = 0.0
    for sample in samples:
        if sample.index == WARM:
            start = time.monotonic()
        assert sample.image.size and sample.boxes.shape[1] == 4
    seconds = time.monotonic() - start
    samples.close()
    return (images - 1 - WARM) / seconds


def growth(scene, images):
    """MiB by which the greatest size of this process grows after the first tenth."""
    peak = before = 0
    for sample in orrery.dataset(scene, count=images, overrides=SMALL):
        assert sample.image.size
        if sample.index == images // 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (peak - before) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("scene")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=512)
    parser.add_argument("--long", type=int, default=0)
    options = parser.parse_args()
    ratios = []
    for turn in range(options.rounds):
        files = written(options.program, options.scene, options.images)
        stream = streamed(options.scene, options.images)
        ratios.append(stream / files)
        print(f"round {turn}: written {files:.1f}, streamed {stream:.1f} images/s",
              file=sys.stderr, flush=True)
    told = {"streamed_over_written": statistics.median(ratios), "ratios": ratios,
            "images": options.images}
    if options.long:
        told |= {"long": options.long, "growth_mib": growth(options.scene, options.long)}
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
