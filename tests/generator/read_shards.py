"""Reads a packed dataset with Python's tarfile and with webdataset, and compares it with loose files.

Usage: read_shards.py PACKED LOOSE
"""

import pathlib
import sys
import tarfile

import webdataset

packed, loose = (pathlib.Path(a) for a in sys.argv[1:])
shards = sorted((packed / "shards").iterdir())
wanted = {
    p.relative_to(loose).as_posix(): p.read_bytes()
    for folder in ("images", "id", "depth")
    for p in (loose / folder).rglob("*.*")
}

found = {}
for shard in shards:
    with tarfile.open(shard, "r:") as archive:
        for member in archive:
            assert member.isreg() and member.mode == 0o644, member
            assert (member.mtime, member.uid, member.gid, member.uname) == (0, 0, 0, ""), member
            assert member.name not in found, member.name
            found[member.name] = archive.extractfile(member).read()
assert found == wanted
# Sample after sample: a reader that goes through the archives once has all of one together.
numbers = [pathlib.PurePath(name).stem for name in found]
assert numbers == sorted(numbers)

samples = list(webdataset.WebDataset([str(s) for s in shards], shardshuffle=False))
assert len(samples) == len(wanted)
for sample in samples:
    key = sample["__key__"]
    assert sample["png"] == wanted[key + ".png"], key
