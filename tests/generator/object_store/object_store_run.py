"""Makes datasets on OpenStack Swift's S3 API as farms do, and as they should not.

usage: object_store_run.py ORRERY ASSETS FOLDER
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import swift_server

ORRERY, ASSETS, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
RECIPE = ["turntable", str(ASSETS / "models/die.glb"), "-n", "60", "--size", "64x48", "--chunk",
          "4", "--lanes", "1", "--quiet"]
CHUNKS = 15
BUCKET = "training-data"
SCRATCH = FOLDER / "scratch"
WRONG_SECRET = "a-secret-that-nobody-may-see"


def environment(endpoint: str, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "RCLONE_"))}
    return kept | {"AWS_ACCESS_KEY_ID": swift_server.ACCESS,
                   "AWS_SECRET_ACCESS_KEY": swift_server.SECRET, "AWS_REGION": "us-east-1",
                   "AWS_ENDPOINT_URL_S3": endpoint,
                   "AWS_CA_BUNDLE": "/etc/ssl/certs/ca-certificates.crt"} | more


class Store:
    """The server as another program sees it."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint

    def rclone(self, *words: str, stdin: bytes | None = None) -> str:
        said = subprocess.run(
            ["rclone", "-q", *words], input=stdin, capture_output=True, check=True,
            env={"PATH": os.environ["PATH"], "RCLONE_CONFIG": "", "RCLONE_S3_PROVIDER": "Other",
                 "RCLONE_S3_ENV_AUTH": "true", "RCLONE_S3_ENDPOINT": self.endpoint,
                 "AWS_ACCESS_KEY_ID": swift_server.ACCESS,
                 "AWS_SECRET_ACCESS_KEY": swift_server.SECRET})
        return said.stdout.decode()

    def sizes(self, prefix: str) -> dict[str, int]:
        lines = self.rclone("lsf", "-R", "--files-only", "--format", "sp", "--separator", "\t",
                            f":s3:{BUCKET}/{prefix}/").splitlines()
        return {path: int(size) for size, path in (line.split("\t", 1) for line in lines)}

    def cut(self, prefix: str, path: str) -> None:
        """As a store does that shows what an upload had sent when it was killed."""
        whole = self.bytes_of(prefix, path)
        self.rclone("rcat", f":s3:{BUCKET}/{prefix}/{path}", stdin=whole[:len(whole) * 2 // 3])

    def bytes_of(self, prefix: str, path: str) -> bytes:
        file = FOLDER / "cut"
        self.rclone("copyto", f":s3:{BUCKET}/{prefix}/{path}", str(file))
        return file.read_bytes()


class Run:
    """orrery, started; everything that it says is kept."""

    everything = ""

    def __init__(self, *words: str, env: dict[str, str]):
        self.started = time.monotonic()
        self.process = subprocess.Popen([ORRERY, *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env)

    def end(self, code: int | None = None) -> str:
        out, err = (text.decode() for text in self.process.communicate(timeout=300))
        self.seconds = time.monotonic() - self.started
        self.out, self.err = out, err
        Run.everything += out + err
        if code is not None:
            assert self.process.returncode == code, (self.process.args, self.process.returncode,
                                                     out, err)
        return out

    def listens(self) -> bool:
        """It has taken SIGTERM into its own hands."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return bool(int(status.split("SigBlk:")[1].split()[0], 16) & 1 << (signal.SIGTERM - 1))

    def wait_until_it_works(self) -> None:
        while not self.listens():
            assert self.process.poll() is None, self.end()
            time.sleep(0.05)
        time.sleep(1.5)

    def uploads(self) -> list[int]:
        """Process ids of children that copy."""
        found = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                try:
                    words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if words[0] == b"rclone" and b"--no-check-dest" in words:
                    found.append(int(child))
        return found


def said(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {text}", flush=True)


def last(text: str) -> str:
    return text.splitlines()[-1]


def url(prefix: str) -> str:
    return f"s3://{BUCKET}/{prefix}"


def scratch() -> list[str]:
    return sorted(p.name for p in SCRATCH.iterdir()) if SCRATCH.exists() else []


def onto(prefix: str, *more: str) -> list[str]:
    return [*RECIPE, "-o", url(prefix), "--scratch", str(SCRATCH), *more]


def finish(prefix: str, env: dict[str, str], code: int = 0) -> str:
    return Run("finish", url(prefix), "--scratch", str(SCRATCH), env=env).end(code)


def refusals(env: dict[str, str]) -> None:
    run = Run(*onto("refused"), env=env | {"AWS_SECRET_ACCESS_KEY": WRONG_SECRET})
    run.end(74)
    assert run.err.count("\n") == 1 and "SignatureDoesNotMatch" in run.err, run.err
    said(f"wrong secret: {run.seconds:.1f} s: {run.err.strip()}")
    run = Run(*onto("refused"), env={k: v for k, v in env.items() if k != "AWS_ACCESS_KEY_ID"
                                     and k != "AWS_SECRET_ACCESS_KEY"})
    run.end(74)
    said(f"no credentials: {run.seconds:.1f} s: {run.err.strip()}")
    run = Run(*RECIPE, "-o", "s3://no-such-bucket/x", "--scratch", str(SCRATCH), env=env)
    run.end(74)
    assert "NoSuchBucket" in run.err, run.err
    said(f"no bucket: {run.seconds:.1f} s: {run.err.strip()}")
    run = Run(*onto("refused"), env=env | {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"})
    run.end(74)
    assert "connection refused" in run.err, run.err
    said(f"no server: {run.seconds:.1f} s: {run.err.strip()}")
    run = Run(*onto("refused"), env=env | {"PATH": "/nonexistent"})
    run.end(69)
    assert run.err.count("\n") == 1 and "rclone" in run.err, run.err
    Run("finish", url("refused"), "--scratch", str(SCRATCH), env=env).end(65)
    assert scratch() == [], scratch()


def farm(env: dict[str, str], store: Store, wanted: str) -> None:
    shards = [Run(*onto("farm", "--shard", shard), env=env) for shard in ("0/4", "1/4", "2/4", "2/4")]
    for shard in shards:
        shard.end(0)
    said("four shards at once, one of them twice")
    assert finish("farm", env, 1).startswith("missing: 3,7,11\n")
    status = Run("status", url("farm"), "--json", "--scratch", str(SCRATCH), env=env).end(0)
    assert json.loads(status)["images_done"] == 48 and json.loads(status)["devices"], status
    killed_while_uploading(env, store)
    Run(*onto("farm", "--shard", "3/4"), env=env).end(0)
    merged = Run("finish", url("farm"), "--scratch", str(SCRATCH), env=env)
    assert last(merged.end(0)) == wanted, (merged.out, wanted)
    said(f"finished in {merged.seconds:.1f} s")
    sizes = store.sizes("farm")
    assert "dataset.json" in sizes and "report.html" in sizes, sizes
    assert not any(path.startswith(".chunks/") for path in sizes), sizes
    for words in (["finish", url("farm"), "--scratch", str(SCRATCH)], onto("farm"),
                  ["status", url("farm"), "--scratch", str(SCRATCH)]):
        again = Run(*words, env=env)
        assert last(again.end(0)) == wanted, again.out
        said(f"again, {words[0]}: {again.seconds:.1f} s")
    other = Run(*onto("farm", "--seed", "5"), env=env)
    other.end(65)
    assert url("farm") + "/dataset.json: another dataset is here" in other.err, other.err
    assert scratch() == [], scratch()


def killed_while_uploading(env: dict[str, str], store: Store) -> None:
    """As a node that loses its power: the run and its upload."""
    run = Run(*onto("farm", "--shard", "3/4"), env=env)
    while not (uploads := run.uploads()):
        assert run.process.poll() is None, run.end()
    os.kill(run.process.pid, signal.SIGKILL)
    for upload in uploads:
        os.kill(upload, signal.SIGKILL)
    run.end(-signal.SIGKILL)
    assert ".chunks/00000003.jsonl" not in store.sizes("farm")
    assert len(scratch()) == 1, scratch()
    said(f"killed -9 while uploading; it leaves {scratch()[0]}")


def fetched_back(env: dict[str, str], store: Store, wanted: str) -> None:
    folder = FOLDER / "fetched"
    store.rclone("copy", f":s3:{BUCKET}/farm/", str(folder))
    assert json.loads((folder / "dataset.json").read_text())["dataset_hash"] == wanted
    for words in (["verify", str(folder)], ["report", str(folder)], ["replay", str(folder), "41"]):
        Run(*words, env=env).end(0)
    said("fetched back: verify, report and replay agree")


def damage(env: dict[str, str], store: Store, wanted: str) -> None:
    Run(*onto("damaged", "--chunks", f"0-{CHUNKS - 1}"), env=env).end(0)
    store.cut("damaged", "images/00000005.jpg")
    store.cut("damaged", ".chunks/00000006.jsonl")
    store.rclone("deletefile", f":s3:{BUCKET}/damaged/images/00000029.jpg")
    found = finish("damaged", env, 1)
    assert found.startswith("missing: 1,6-7\n3 of 15 chunks, 3 of them damaged"), found
    Run(*onto("damaged", "--chunks", "1,6-7"), env=env).end(0)
    assert last(finish("damaged", env)) == wanted
    said("cut and lost objects are named, and --chunks mends them")
    Run(*onto("mended", "--chunks", f"0-{CHUNKS - 2}"), env=env).end(0)
    store.cut("mended", "images/00000005.jpg")
    assert last(Run(*onto("mended"), env=env).end(0)) == wanted
    said("a run of all chunks mends by itself")


def recipe_of_scenes(env: dict[str, str], store: Store) -> None:
    (FOLDER / "scene.yaml").write_text(
        "objects: [{name: boxes, shapes: [box, cylinder], class: box, count: 2}]\n"
        "camera: {width: 96, height: 72}\nlights: {count: 1}\n"
        "labels: {min_visible: 0, min_side: 0, min_area: 0}\n")
    recipe = FOLDER / "recipe.yaml"
    recipe.write_text("recipe: mixed\nclasses: [box]\nscenes: [{file: scene.yaml}]\n"
                      "mix: {rendered: 3, mosaic: 1}\noutputs: {formats: [coco, yolo]}\n")
    words = ["generate", str(recipe), "-n", "12", "--chunk", "4", "--lanes", "1", "--quiet"]
    local = FOLDER / "mixed"
    wanted = last(Run(*words, "-o", str(local), env=env).end(0))
    words += ["-o", url("mixed"), "--scratch", str(SCRATCH)]
    Run(*words, "--shard", "0/2", env=env).end(0)
    Run(*words, "--shard", "1/2", env=env).end(0)
    assert last(finish("mixed", env)) == wanted
    assert last(Run(*words, env=env).end(0)) == wanted
    files = {str(p.relative_to(local)): p.stat().st_size for p in local.rglob("*") if p.is_file()}
    stored = store.sizes("mixed")
    for told in ("report.html", "provenance.json"):  # where it is; who made it, and how fast
        del files[told], stored[told]
    assert stored == files, stored.items() ^ files.items()
    said("a recipe's formats are those of a disk")


def drained(env: dict[str, str], wanted: str) -> None:
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        for uploading in (False, True):
            run = Run(*onto("drained"), env=env)
            if not uploading:
                run.wait_until_it_works()
            while uploading and not run.uploads():
                assert run.process.poll() is None, run.end()
            asked = time.monotonic()
            run.process.send_signal(signal_number)
            run.end(75)
            seconds = time.monotonic() - asked
            assert seconds < 2 and scratch() == [], (seconds, scratch())
            said(f"drained in {seconds:.2f} s, uploading: {uploading}")
    assert last(Run(*onto("drained"), env=env).end(0)) == wanted
    with socket.socket() as silent:  # a store that takes connections and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        run = Run(*onto("silent"), env=env | {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{silent.getsockname()[1]}"})
        run.wait_until_it_works()
        asked = time.monotonic()
        run.process.send_signal(signal.SIGTERM)
        run.end(75)
        seconds = time.monotonic() - asked
        assert seconds < 2 and scratch() == [], (seconds, scratch())
        said(f"drained in {seconds:.2f} s from a store that never answers")


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    swift = swift_server.Swift(FOLDER / "swift")
    try:
        env = environment(swift.endpoint)
        store = Store(swift.endpoint)
        store.rclone("mkdir", f":s3:{BUCKET}")
        local = Run(*RECIPE, "-o", str(FOLDER / "local"), env=env)
        wanted = last(local.end(0))
        said(f"local: {local.seconds:.1f} s, {wanted}")
        whole = Run(*onto("whole"), env=env)
        assert last(whole.end(0)) == wanted, (whole.out, wanted)
        said(f"on the store, by one run: {whole.seconds:.1f} s")
        refusals(env)
        farm(env, store, wanted)
        fetched_back(env, store, wanted)
        damage(env, store, wanted)
        recipe_of_scenes(env, store)
        drained(env, wanted)
        for secret in (swift_server.SECRET, WRONG_SECRET):
            assert secret not in Run.everything
    finally:
        swift.stop()
    shutil.rmtree(FOLDER)


BEGAN = time.monotonic()
main()
