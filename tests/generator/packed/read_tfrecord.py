"""Reads TFRecords with a CRC of its own and with protocol buffers, and compares with the truth.

Usage: read_tfrecord.py RECORDS TRUTH MOST_BYTES
"""

import hashlib
import io
import json
import pathlib
import struct
import sys

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from PIL import Image, ImageOps

folder, truth = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
most_bytes = int(sys.argv[3])
wanted = json.loads((truth / "truth.json").read_text())


def message_classes():
    """tf.train.Example and the label map, described as their .proto files do."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="t", syntax="proto3")

    def message(parent, name, *fields):
        made = parent.add(name=name)
        for number, label, kind, key, type_name in fields:
            made.field.add(
                name=key, number=number, label=label, type=kind, type_name=type_name or None
            )
        return made

    many, one = field.LABEL_REPEATED, field.LABEL_OPTIONAL
    for name, kind in (
        ("BytesList", field.TYPE_BYTES),
        ("FloatList", field.TYPE_FLOAT),
        ("Int64List", field.TYPE_INT64),
    ):
        message(file.message_type, name, (1, many, kind, "value", ""))
    feature = message(
        file.message_type,
        "Feature",
        (1, one, field.TYPE_MESSAGE, "bytes_list", ".t.BytesList"),
        (2, one, field.TYPE_MESSAGE, "float_list", ".t.FloatList"),
        (3, one, field.TYPE_MESSAGE, "int64_list", ".t.Int64List"),
    )
    feature.oneof_decl.add(name="kind")
    for f in feature.field:
        f.oneof_index = 0
    features = message(
        file.message_type,
        "Features",
        (1, many, field.TYPE_MESSAGE, "feature", ".t.Features.FeatureEntry"),
    )
    entry = message(
        features.nested_type,
        "FeatureEntry",
        (1, one, field.TYPE_STRING, "key", ""),
        (2, one, field.TYPE_MESSAGE, "value", ".t.Feature"),
    )
    entry.options.map_entry = True
    message(
        file.message_type, "Example", (1, one, field.TYPE_MESSAGE, "features", ".t.Features")
    )
    message(
        file.message_type,
        "Item",
        (1, one, field.TYPE_STRING, "name", ""),
        (2, one, field.TYPE_INT32, "id", ""),
    )
    message(file.message_type, "LabelMap", (1, many, field.TYPE_MESSAGE, "item", ".t.Item"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    get = message_factory.GetMessageClass
    return (
        get(pool.FindMessageTypeByName("t.Example")),
        get(pool.FindMessageTypeByName("t.LabelMap")),
    )


Example, LabelMap = message_classes()

TABLE = []
for i in range(256):
    for _ in range(8):
        i = (i >> 1) ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


assert masked_crc(b"123456789") == ((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) % 2**32


def records_of(path):
    data, at = path.read_bytes(), 0
    while at < len(data):
        (length,) = struct.unpack("<Q", data[at : at + 8])
        assert struct.unpack("<I", data[at + 8 : at + 12])[0] == masked_crc(data[at : at + 8])
        content = data[at + 12 : at + 12 + length]
        at += 12 + length
        assert struct.unpack("<I", data[at : at + 4])[0] == masked_crc(content)
        at += 4
        yield content


def values_of(example, key):
    feature = example.features.feature[key]
    return list(getattr(feature, feature.WhichOneof("kind")).value)


def check_picture(example, image):
    get = lambda key: values_of(example, key)[0]
    data = get("image/encoded")
    assert get("image/key/sha256").decode() == hashlib.sha256(data).hexdigest()
    assert get("image/source_id").decode() == image["name"]
    found = Image.open(io.BytesIO(data))
    assert found.format.lower() == get("image/format").decode()
    assert found.size == (get("image/width"), get("image/height"))
    assert found.size == (image["width"], image["height"])
    upright = ImageOps.exif_transpose(Image.open(image["file"])).convert("RGB")
    off = np.abs(np.asarray(upright, int) - np.asarray(found.convert("RGB"), int))
    assert off.mean() < 1, off.mean()
    assert get("image/fold") == image["fold"]
    lineage = [v.decode() for v in values_of(example, "image/lineage")]
    assert lineage == [":".join(part) for part in image["lineage"]]


def check_boxes(example, image):
    get = lambda key: values_of(example, "image/object/" + key)
    w, h = image["width"], image["height"]
    labels = image["labels"]
    corners = ("bbox/xmin", "bbox/ymin", "bbox/xmax", "bbox/ymax")
    found = np.array([get(key) for key in corners]).T.reshape(len(labels), 4)
    boxes = np.array([label["box"] for label in labels]).reshape(len(labels), 4)
    boxes = np.clip(boxes, 0, [w, h, w, h]) / [w, h, w, h]
    assert np.allclose(found, boxes, atol=1e-6)
    assert (found >= 0).all() and (found <= 1).all() and (found[:, :2] < found[:, 2:]).all()
    assert get("class/label") == [label["class_id"] + 1 for label in labels]
    names = [wanted["classes"][label["class_id"]] for label in labels]
    assert [v.decode() for v in get("class/text")] == names
    for key, of in (("is_crowd", "crowd"), ("group_of", "crowd"), ("difficult", "hard")):
        assert get(key) == [int(label[of]) for label in labels]
    assert np.allclose(get("weight"), [label["weight"] for label in labels])
    assert np.allclose(get("area"), [label["area"] for label in labels])
    has_masks = bool(labels) and all(label["mask"] for label in labels)
    assert ("image/object/mask" in example.features.feature) == has_masks
    for label, png in zip(labels, get("mask") if has_masks else []):
        raw = np.fromfile(truth / label["mask"], np.uint8).reshape(h, w)
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), raw)
    return has_masks


def check_split(path, images):
    index = json.loads((path / "index.json").read_text())
    files = [path / shard["url"] for shard in index["shardlist"]]
    assert sorted(path.glob("*.tfrecord")) == files and len(files) > 1
    examples, masks = [], 0
    for file, shard in zip(files, index["shardlist"]):
        records = list(records_of(file))
        assert len(records) == shard["nsamples"] <= 9
        assert file.stat().st_size == shard["filesize"]
        assert shard["filesize"] <= most_bytes or len(records) == 1
        assert hashlib.sha256(file.read_bytes()).hexdigest() == shard["sha256"]
        examples += [Example.FromString(record) for record in records]
    assert len(examples) == len(images)
    for example, image in zip(examples, images):
        check_picture(example, image)
        masks += check_boxes(example, image)
    return masks


label_map = text_format.Parse((folder / "label_map.pbtxt").read_text(), LabelMap())
assert [(i.id, i.name) for i in label_map.item] == list(enumerate(wanted["classes"], 1))
splits = sorted({image["split"] for image in wanted["images"]})
masks = sum(
    check_split(folder / split, [i for i in wanted["images"] if i["split"] == split])
    for split in splits
)
assert masks > 0, "no image had masks"
