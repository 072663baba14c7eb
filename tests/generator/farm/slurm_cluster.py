"""A Slurm cluster of this one machine, for as long as a test takes.

Real daemons: munged, slurmctld and a slurmd for each node, on loopback alone, with all that they
write in one folder. Each node has process and host names of its own, so that it can be ended whole,
as a power cut would. The kernel ends every daemon with the process that started it, however that
ends.
"""
import os
import pathlib
import random
import shutil
import socket
import subprocess
import time

NODES = ("n1", "n2", "n3")
PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "sinfo",
            "scancel", "unshare", "setpriv")
FREEZER = pathlib.Path("/sys/fs/cgroup/freezer")
LONGEST_PATH = 70  # what Unix sockets leave

# A requeued task is held for as long as credentials last.
CONF = """
ClusterName=throwaway
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SlurmctldDebug=verbose
SlurmdDebug=verbose
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobcomp.txt
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ProctrackType=proctrack/{tracking}
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_min_interval=0,sched_interval=2,bf_interval=2,batch_sched_delay=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
ReturnToService=2
SlurmdTimeout=6
MessageTimeout=5
KillWait=5
MinJobAge=36000
PartitionName=batch Nodes=ALL Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime=0
PartitionName=urgent Nodes=ALL PriorityTier=10 PreemptMode=OFF
"""
NODE = "NodeName={node} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=4096\n"


def wait_for(what, condition, seconds=150):
    """What the condition returns as soon as it holds."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def free_ports(count):
    """The first of so many, below those that the kernel gives away."""
    for _ in range(100):
        first = random.randrange(20000, 32000 - count)
        sockets = [socket.socket() for _ in range(count)]
        try:
            for i, each in enumerate(sockets):
                each.bind(("127.0.0.1", first + i))
            return first
        except OSError:
            pass
        finally:
            for each in sockets:
                each.close()
    raise OSError("no free ports found")


class Cluster:
    """`folder` has a short path and is there."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))
        self.environment["PATH"] += ":/usr/sbin:/sbin"
        self.daemons = {}

    def __enter__(self):
        lacking = [program for program in PROGRAMS
                   if not shutil.which(program, path=self.environment["PATH"])]
        if lacking:
            raise FileNotFoundError(f"not installed: {', '.join(lacking)}")
        if len(str(self.folder)) > LONGEST_PATH:
            raise ValueError(f"{self.folder}: too long a path for Unix sockets")
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in list(self.daemons):
            self._end(name)
        try:
            wait_for("the nodes' control groups are gone", self._remove_groups, 5)
        except TimeoutError:
            pass  # empty ones, in the kernel's memory alone

    def _remove_groups(self):
        """Whether none is left; one goes when the last process in it has."""
        groups = [group for node in NODES for group in FREEZER.glob(f"slurm_{node}/**/")]
        for group in sorted(groups, reverse=True):
            try:
                group.rmdir()
            except OSError:
                return False
        return True

    def _start(self):
        # As real sites have it; elsewhere it needs more than a test should ask for.
        tracking = "cgroup" if os.access(FREEZER, os.W_OK) and os.geteuid() == 0 else "linuxproc"
        host = socket.gethostname().partition(".")[0]
        port = free_ports(1 + len(NODES))
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        conf = CONF.format(folder=self.folder, host=host, port=port, user=user, tracking=tracking)
        for i, node in enumerate(NODES, start=1):
            conf += NODE.format(node=node, port=port + i)
            (self.folder / "spool" / node).mkdir(parents=True)
        (self.folder / "state").mkdir()
        (self.folder / "slurm.conf").write_text(conf)
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost {host} {' '.join(NODES)}\n")
        (self.folder / "cgroup.conf").write_text("CgroupAutomount=no\n")
        key = self.folder / "munge.key"
        self.run("mungekey", "--create", "--keyfile", key)
        self._launch("munged", "munged", "--foreground", "--force", "--num-threads=2",
                     f"--key-file={key}", *(f"--{name}-file={self.folder}/munged.{name}"
                                            for name in ("pid", "seed")),
                     f"--socket={self.folder}/munge.socket")
        wait_for("munged listens", (self.folder / "munge.socket").exists)
        self.start_controller()
        for node in NODES:
            self.boot(node)
        wait_for("all nodes are idle", lambda: self.states() == dict.fromkeys(NODES, "idle"))

    def _launch(self, name, *command):
        with open(self.folder / f"{name}.out", "ab") as out:
            self.daemons[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], env=self.environment, stdout=out,
                stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)

    def _end(self, name):
        daemon = self.daemons.pop(name)
        daemon.kill()
        daemon.wait()

    def run(self, *command):
        """What it says; fails if the command does."""
        done = subprocess.run([str(word) for word in command], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    def states(self):
        """Of the nodes: idle, alloc, down…; a star says that a node does not answer."""
        try:
            lines = self.run("sinfo", "-h", "-N", "-p", "batch", "-o", "%N %t").splitlines()
        except RuntimeError:
            return {}  # no controller is there
        return dict(line.split() for line in lines)

    def start_controller(self):
        self._launch("slurmctld", "slurmctld", "-D")

    def kill_controller(self):
        self._end("slurmctld")

    def boot(self, node):
        own = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts"]
        if os.geteuid() != 0:
            own += ["--user", "--map-current-user", "--keep-caps"]
        # slurmd listens where its host's name leads. A shell as the first process takes in orphans.
        line = 'hostname "$0" && mount --bind "$1" /etc/hosts && { slurmd -D -N "$0" & } && wait'
        self._launch(node, *own, "bash", "-c", line, node, self.folder / "hosts")

    def crash(self, node):
        """No process of the node is left when this returns."""
        outer = self.daemons[node].pid
        first = pathlib.Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0]
        self._end(node)

        def gone():
            try:
                stat = pathlib.Path(f"/proc/{first}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                return True
            return stat.rpartition(")")[2].split()[0] == "Z"

        wait_for(f"{node} is off", gone)
