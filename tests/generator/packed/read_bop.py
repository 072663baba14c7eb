"""Reads a BOP dataset the way its toolkit does, and checks what must hold of it.

Usage: read_bop.py FOLDER [--project]

Counts and boxes are made again from the masks and the depth. With --project the models are also
projected with K[R|t]: masks must have their extents, and depth the distance of their surface.
"""

import json
import pathlib
import sys

import numpy as np
from PIL import Image

folder, project = pathlib.Path(sys.argv[1]), "--project" in sys.argv
models_info = json.loads((folder / "models/models_info.json").read_text())
seen = {"boxes": 0, "truncated": 0, "hidden": 0, "gaps": [], "depths": [], "off": []}


def load(path):
    return np.asarray(Image.open(path)).astype(np.int64)


def read_ply(path):
    """Points and triangles of a binary PLY of floats with lists of three."""
    data = path.read_bytes()
    head, _, body = data.partition(b"end_header\n")
    lines = head.decode().split("\n")
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    counts = {l.split()[1]: int(l.split()[2]) for l in lines if l.startswith("element")}
    names = [l.split()[2] for l in lines if l.startswith("property float")]
    assert names == ["x", "y", "z", "nx", "ny", "nz"]
    rows = np.frombuffer(body, "<f4", counts["vertex"] * 6).reshape(-1, 6)
    face = np.dtype([("n", "u1"), ("v", "<i4", 3)])
    faces = np.frombuffer(body[rows.nbytes :], face)
    assert len(faces) == counts["face"] and (faces["n"] == 3).all()
    assert np.allclose(np.linalg.norm(rows[:, 3:], axis=1), 1, atol=1e-3)
    return rows[:, :3].astype(float), faces["v"]


def read_models():
    models = {}
    for obj_id, info in models_info.items():
        points, faces = models[int(obj_id)] = read_ply(folder / f"models/obj_{int(obj_id):06d}.ply")
        low, high = points.min(0), points.max(0)
        assert np.allclose(low, [info[f"min_{a}"] for a in "xyz"], atol=1e-3)
        assert np.allclose(high - low, [info[f"size_{a}"] for a in "xyz"], atol=1e-3)
        # The longest way between points that are the farthest in some direction.
        rng = np.random.default_rng(0)
        ends = points[np.argmax(points @ rng.normal(size=(3, 2000)), axis=0)]
        longest = max(np.linalg.norm(ends - p, axis=1).max() for p in ends)
        assert longest - 1e-3 <= info["diameter"] <= longest * 1.01 + 1e-3
    return models


def box_of(mask):
    """The toolkit's calc_2d_bbox: the last pixel minus the first one."""
    ys, xs = mask.nonzero()
    if len(xs) == 0:
        return [-1, -1, -1, -1]
    return [xs.min(), ys.min(), xs.max() - xs.min(), ys.max() - ys.min()]


def check_info(info, mask, visible, depth):
    assert set(np.unique(mask)) <= {0, 255} and set(np.unique(visible)) <= {0, 255}
    mask, visible = mask > 0, visible > 0
    assert not (visible & ~mask).any()
    assert info["px_count_visib"] == visible.sum()
    assert info["px_count_valid"] == (depth[mask] > 0).sum()
    assert info["px_count_all"] >= mask.sum()
    assert info["visib_fract"] == info["px_count_visib"] / info["px_count_all"]
    assert info["bbox_visib"] == box_of(visible), (info["bbox_visib"], box_of(visible))
    x, y, w, h = info["bbox_obj"]
    height, width = mask.shape
    inside = x >= 0 and y >= 0 and x + w < width and y + h < height
    if inside:
        assert info["bbox_obj"] == box_of(mask)
        assert info["px_count_all"] == mask.sum()
        seen["boxes"] += 1
    else:
        seen["truncated"] += 1
    seen["hidden"] += visible.sum() < mask.sum()


def check_extent(K, points, info):
    """The box has every pixel whose centre, a whole number here, the projected points span."""
    ends = (points @ K.T)[:, :2] / points[:, 2:]
    low, high = ends.min(0), ends.max(0)
    x, y, w, h = info["bbox_obj"]
    seen["gaps"] += [x - low[0], y - low[1], high[0] - (x + w), high[1] - (y + h)]


def check_depth(K, points, faces, visible, depth, rng):
    """Rays through some visible pixels meet the surface where depth says it is."""
    ys, xs = (visible > 0).nonzero()
    some = rng.choice(len(xs), min(30, len(xs)), replace=False)
    a, b, c = (points[faces[:, i]] for i in range(3))
    for x, y in zip(xs[some], ys[some]):
        ray = np.linalg.inv(K) @ [x, y, 1.0]  # z is 1: distances along it are depths
        e1, e2 = b - a, c - a
        p = np.cross(ray, e2)
        with np.errstate(all="ignore"):
            inverse = 1 / (e1 * p).sum(1)
            u = (-a * p).sum(1) * inverse
            q = np.cross(-a, e1)
            v = (q @ ray) * inverse
            z = (e2 * q).sum(1) * inverse
            hit = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6) & (z > 0)
        # Leaves that are cut out let the ray pass: one of the surfaces is the one that is seen.
        off = np.abs(z[hit] - depth[y, x])
        seen["depths"].append(off.min() if hit.any() else np.inf)


def check_scene(scene, models):
    cameras, gts, infos = (
        json.loads((scene / f"scene_{kind}.json").read_text())
        for kind in ("camera", "gt", "gt_info")
    )
    assert list(cameras) == list(gts) == list(infos) == [str(i) for i in range(len(gts))]
    rng = np.random.default_rng(1)
    for im, gt in gts.items():
        K = np.array(cameras[im]["cam_K"]).reshape(3, 3)
        assert cameras[im]["depth_scale"] == 1.0
        (rgb,) = (scene / "rgb").glob(f"{int(im):06d}.*")
        depth_image = Image.open(scene / f"depth/{int(im):06d}.png")
        assert depth_image.mode.startswith("I")  # 16 bits
        depth = np.asarray(depth_image).astype(np.int64)
        assert Image.open(rgb).size == depth_image.size
        assert len(gt) == len(infos[im])
        for k, (pose, info) in enumerate(zip(gt, infos[im])):
            name = f"{int(im):06d}_{k:06d}.png"
            mask, visible = load(scene / "mask" / name), load(scene / "mask_visib" / name)
            assert mask.shape == visible.shape == depth.shape
            check_info(info, mask, visible, depth)
            R = np.array(pose["cam_R_m2c"]).reshape(3, 3)
            assert np.allclose(R @ R.T, np.eye(3), atol=1e-9) and np.linalg.det(R) > 0
            assert str(pose["obj_id"]) in models_info
            if project:
                points, faces = models[pose["obj_id"]]
                points = points @ R.T + pose["cam_t_m2c"]
                check_extent(K, points, info)
                check_depth(K, points, faces, visible, depth, rng)


scenes = sorted(p.parent for p in folder.glob("*/*/scene_gt.json"))
assert scenes
models = read_models()
for scene in scenes:
    check_scene(scene, models)
assert seen["boxes"] > 10 and seen["hidden"] > 5, seen
if project:
    gaps, depths = np.array(seen["gaps"]), np.array(seen["depths"])
    print(f"gaps {np.percentile(gaps, [0, 50, 95])}, depths off {np.percentile(depths, [50, 95])} mm")
    # A pixel is in the mask if its centre is: edges lie 0 to 1 pixel beyond the outermost centre,
    # half of one on average. Half a pixel's mistake in K makes a side's gaps negative.
    assert gaps.min() > -0.1, gaps.min()
    assert 0.3 < np.median(gaps) < 0.7, np.median(gaps)
    assert np.percentile(depths, 95) < 1, np.percentile(depths, 95)
