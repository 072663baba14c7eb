"""OpenStack Swift with its S3 API, on this machine alone, for as long as a test runs.

Wants Debian's swift-proxy, swift-account, swift-container, swift-object and memcached; none of them
needs to run as a service. Everything lies in a folder of the caller's: rings, devices, settings.
"""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ACCESS, SECRET = "test:tester", "open-sesame-4711"

COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
workers = 0
log_level = WARNING
disable_fallocate = true
"""

STORAGE = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """
[pipeline:main]
pipeline = catch_errors proxy-logging cache listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""

# As swift-proxy-server and its like do, with swift.conf in our folder and not in /etc.
START = """
import sys
import swift.common.utils as utils
utils.SWIFT_CONF_FILE = sys.argv[3]
from swift.common.wsgi import run_wsgi
kind = sys.argv[2]
sys.exit(run_wsgi(sys.argv[1], kind + "-server"))
"""


def end_with_parent() -> None:
    """Whoever kills a test that takes too long does not know of servers."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Swift:
    """Starts on construction; stop() ends all processes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.ports = {kind: free_port() for kind in ("proxy", "account", "container", "object")}
        self.ports["memcached"] = free_port()
        self.endpoint = f"http://127.0.0.1:{self.ports['proxy']}"
        (folder / "devices" / "d1").mkdir(parents=True)
        (folder / "swift.conf").write_text(
            "[swift-hash]\nswift_hash_path_suffix = ours\nswift_hash_path_prefix = ours\n"
            "[storage-policy:0]\nname = one\ndefault = yes\n")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _run(self, name: str, command: list[str]) -> None:
        with open(self.folder / f"{name}.log", "wb") as log:
            self.processes.append(subprocess.Popen(command, stdout=log, stderr=log,
                                                   stdin=subprocess.DEVNULL, cwd=self.folder,
                                                   preexec_fn=end_with_parent))

    def _start(self) -> None:
        user = pwd.getpwuid(os.getuid()).pw_name
        self._run("memcached", ["memcached", "-l", "127.0.0.1", "-p",
                                str(self.ports["memcached"]), "-u", user, "-m", "64"])
        for kind in ("account", "container", "object"):
            ring = str(self.folder / f"{kind}.builder")
            for words in (["create", "4", "1", "0"],
                          ["add", f"r1z1-127.0.0.1:{self.ports[kind]}/d1", "1"], ["rebalance"]):
                subprocess.run(["swift-ring-builder", ring, *words], check=True,
                               stdout=subprocess.DEVNULL)
        for kind in ("account", "container", "object", "proxy"):
            settings = COMMON + (PROXY if kind == "proxy" else STORAGE)
            file = self.folder / f"{kind}.conf"
            file.write_text(settings.format(port=self.ports[kind], user=user, folder=self.folder,
                                            kind=kind, secret=SECRET,
                                            memcached=self.ports["memcached"]))
            self._run(kind, ["/usr/bin/python3", "-c", START, str(file), kind,
                             str(self.folder / "swift.conf")])
        deadline = time.monotonic() + 180  # on a busy machine
        while not self._answers():
            if time.monotonic() > deadline or any(p.poll() is not None for p in self.processes):
                logs = "\n".join(f"{f.name}: {f.read_text(errors='replace')[-2000:]}"
                                 for f in self.folder.glob("*.log"))
                raise RuntimeError(f"Swift does not answer\n{logs}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.endpoint + "/", timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False
        return True

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait()


if __name__ == "__main__":
    swift = Swift(Path(sys.argv[1]))
    print(swift.endpoint, flush=True)
    signal.pause()
