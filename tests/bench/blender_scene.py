"""Renders scenes of a dataset made by `orrery generate` once more, with Blender's Cycles.

Of every line of the dataset's manifest it takes the poses of all things, the table, the lamps, the
sky's strength and the camera, sets them up in Blender and makes what a labelled sample needs: the
picture, depth and object indices, and boxes and areas from the indices. Model files are loaded once,
before the clock starts. Surface and sky are stand-ins of equal cost: a textured plane and a
panorama. Prints one line "RESULT {json}" with the steady seconds per image, that is the median
without the first, which carries the set-up.

Usage: blender -b --factory-startup --python blender_scene.py -- --dataset DIR --models FOLDER
           --out DIR [--samples 16] [--limit N]
"""
import argparse
import json
import math
import statistics
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix

if not hasattr(np, "bool"):  # the glTF importer of Blender 3.4 is older than numpy 1.24
    np.bool = bool

# From OpenCV's camera (x right, y down, z forward) to Blender's (y up, z backward).
FLIP = Matrix(((1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0), (0, 0, 0, 1)))


def matrix(pose):
    r, s, t = pose["rotation"], pose["scale"], pose["translation"]
    return Matrix([[s * r[3 * i], s * r[3 * i + 1], s * r[3 * i + 2], t[i]] for i in range(3)]
                  + [[0, 0, 0, 1]])


def loaded(folder, names):
    """The meshes of every model file, each with its place in the model's frame."""
    models = {}
    for name in names:
        bpy.ops.object.select_all(action="DESELECT")
        bpy.ops.import_scene.gltf(filepath=str(folder / f"{name}.glb"))
        parts = [o for o in bpy.context.selected_objects if o.type == "MESH"]
        models[name] = [(o.data, o.matrix_world.copy()) for o in parts]
        for o in list(bpy.context.selected_objects):
            bpy.data.objects.remove(o)
    return models


def textured(name, roughness):
    """A material with an image on it, as our table has."""
    image = bpy.data.images.new(name, 512, 512)
    rng = np.random.default_rng(1)
    texels = np.ones((512, 512, 4), np.float32)
    texels[..., :3] = 0.3 + 0.3 * rng.random((512, 512, 1), np.float32)
    image.pixels.foreach_set(texels.ravel())
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    texture = nodes.new("ShaderNodeTexImage")
    texture.image = image
    shader = nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = roughness
    links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return material


def sky_world():
    """A panorama, bright above and dim below; returns the node that holds its strength."""
    image = bpy.data.images.new("sky", 512, 256, float_buffer=True)
    height = np.linspace(-1, 1, 256, dtype=np.float32)[:, None, None]
    texels = np.ones((256, 512, 4), np.float32)
    texels[..., :3] = np.where(height > 0, 0.5 + 0.7 * height, 0.25)
    image.pixels.foreach_set(texels.ravel())
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    texture = world.node_tree.nodes.new("ShaderNodeTexEnvironment")
    texture.image = image
    background = world.node_tree.nodes["Background"]
    world.node_tree.links.new(texture.outputs["Color"], background.inputs["Color"])
    return background


def set_up_render(arguments, size):
    scene = bpy.context.scene
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = *size, 100
    render.use_persistent_data = True
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = arguments.samples
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.01
    cycles.use_denoising = False
    cycles.diffuse_bounces, cycles.glossy_bounces = 3, 0
    cycles.max_bounces, cycles.transmission_bounces = 3, 0
    scene.view_settings.view_transform = "Standard"
    layer = bpy.context.view_layer
    layer.use_pass_z = True
    layer.use_pass_object_index = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    composite = tree.nodes.new("CompositorNodeComposite")
    tree.links.new(layers.outputs["Image"], composite.inputs["Image"])
    for output, name, depth in (("Depth", "depth", "32"), ("IndexOB", "index", "16")):
        file = tree.nodes.new("CompositorNodeOutputFile")
        file.base_path = str(arguments.out)
        file.format.file_format = "OPEN_EXR"
        file.format.color_depth = depth
        file.file_slots[0].path = name + "_"
        tree.links.new(layers.outputs[output], file.inputs[0])


class Stage:
    """What changes from image to image."""

    def __init__(self, arguments, models):
        self.models = models
        self.scene = bpy.context.scene
        camera = bpy.data.cameras.new("camera")
        camera.clip_start, camera.clip_end = 0.01, 100
        self.camera = bpy.data.objects.new("camera", camera)
        self.scene.collection.objects.link(self.camera)
        self.scene.camera = self.camera
        self.sky = sky_world()
        bpy.ops.mesh.primitive_plane_add(size=1)
        self.table = bpy.context.object
        self.table.scale = (1.6, 1.2, 1)
        self.table.data.materials.append(textured("table", 0.5))
        self.placed = []
        self.triangles = 0

    def add(self, data, world, index=0):
        thing = bpy.data.objects.new("thing", data)
        thing.matrix_world = world
        thing.pass_index = index
        self.scene.collection.objects.link(thing)
        self.placed.append(thing)

    def light(self, light):
        color = light["color"]
        strength = max(color)
        sun = light["kind"] == "sun"
        data = bpy.data.lights.new("light", "SUN" if sun else "POINT")
        data.color = [c / strength for c in color]
        # Both are irradiance: of a sun as it is, of a lamp what arrives a metre away.
        data.energy = strength if sun else 4 * math.pi * math.pi * strength
        if sun:
            data.angle = 2 * light["radius"]
        else:
            data.shadow_soft_size = light["radius"]
        z = Matrix.Identity(3).col[2].copy()
        for i in range(3):
            z[i] = -light["direction"][i]
        world = z.to_track_quat("Z", "Y").to_matrix().to_4x4()
        if not sun:
            world.translation = light["position"]
        self.add(data, world)

    def set(self, line):
        for thing in self.placed:
            bpy.data.objects.remove(thing)
        self.placed = []
        view = line["camera"]
        world_from_camera = matrix(view["camera_from_world"]).inverted()
        self.camera.matrix_world = world_from_camera @ FLIP
        camera = self.camera.data
        camera.sensor_width = 36
        camera.lens = view["fx"] * 36 / view["width"]
        camera.shift_x = (view["width"] / 2 - view["cx"]) / view["width"]
        camera.shift_y = (view["cy"] - view["height"] / 2) / view["width"]
        for thing in line["objects"]:
            world = world_from_camera @ matrix(thing["camera_from_object"])
            for data, place in self.models[thing["model"]]:
                self.add(data, world @ place, thing["id"])
        for light in line["scene"]["lights"]:
            self.light(light)
        self.sky.inputs["Strength"].default_value = line["scene"]["sky"]["intensity"]
        self.scene.view_settings.exposure = math.log2(line["scene"]["exposure"])


def labels_of(path, image, size):
    """Boxes and areas of all indices in an EXR file."""
    loaded_image = bpy.data.images.load(str(path))
    loaded_image.colorspace_settings.name = "Non-Color"
    values = np.empty(size[0] * size[1] * 4, np.float32)
    loaded_image.pixels.foreach_get(values)
    bpy.data.images.remove(loaded_image)
    ids = np.rint(values.reshape(size[1], size[0], 4)[::-1, :, 0]).astype(np.int32)
    labels = []
    for index in np.unique(ids):
        if index == 0:
            continue
        mask = ids == index
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        labels.append({"image_id": image, "instance_id": int(index), "area": int(mask.sum()),
                       "bbox": [int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1),
                                int(rows[-1] - rows[0] + 1)]})
    return labels


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--limit", type=int, default=0)
    a = parser.parse_args(sys.argv[sys.argv.index("--") + 1:])
    lines = [json.loads(line) for line in (a.dataset / "manifest.jsonl").read_text().splitlines()]
    lines = lines[:a.limit or None]
    size = (lines[0]["camera"]["width"], lines[0]["camera"]["height"])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    models = loaded(a.models, sorted({o["model"] for line in lines for o in line["objects"]}))
    stage = Stage(a, models)
    set_up_render(a, size)
    seconds, labels = [], []
    for i, line in enumerate(lines):
        start = time.perf_counter()
        stage.set(line)
        bpy.context.scene.frame_current = i
        bpy.context.scene.render.filepath = str(a.out / f"color_{i:04d}.png")
        bpy.ops.render.render(write_still=True)
        labels += labels_of(a.out / f"index_{i:04d}.exr", i, size)
        seconds.append(time.perf_counter() - start)
    (a.out / "labels.json").write_text(json.dumps(labels))
    pixels = len(lines) * size[0] * size[1]
    print("RESULT " + json.dumps({
        "images": len(lines), "samples": a.samples, "steady_median_s": statistics.median(seconds[1:] or seconds),
        "first_s": seconds[0], "labels_per_image": len(labels) / len(lines),
        "object_share": sum(label["area"] for label in labels) / pixels}))


main()
