"""Every fault that farms know strikes a run; started again it ends with the same dataset.

usage: fault_run.py PROGRAM SHIM MODEL KILLS
"""

import errno
import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM, SHIM, MODEL, KILLS = *sys.argv[1:4], int(sys.argv[4])
IMAGES = 24
# Makers, times and hosts may differ; so may the page that shows when it was made.
OF_THE_RUN = {'provenance.json', 'report.html'}


def command(folder, *options):
    return [PROGRAM, 'turntable', MODEL, '-n', str(IMAGES), '--size', '64x48', '--seed', '3',
            '--chunk', '2', '--lanes', '2', '--quiet', '-o', str(folder), *options]


def environment(fault, folder):
    """The importer only runs for models that no cache knows."""
    cache = {'XDG_CACHE_HOME': f'{folder}-cache'} if fault == 'importer' else {}
    return {**os.environ, **cache, **({'LD_PRELOAD': SHIM, 'FAULT': fault} if fault else {})}


def run(folder, fault=None, *options, timeout=120):
    """Exit code (negative: signal), standard output and what was said on standard error."""
    done = subprocess.run(command(folder, *options), env=environment(fault, folder), text=True,
                          capture_output=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


def contents(folder):
    """Hashes of all files of a finished dataset, by path."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob('*')) if path.is_file() and path.name not in OF_THE_RUN}


def require(holds, *what):
    if not holds:
        sys.exit('fault_run: ' + ' '.join(str(w) for w in what))


class Trial:
    """A folder in which faults strike, and the dataset that must come of it."""

    def __init__(self, scratch):
        self.scratch, self.number = scratch, 0
        code, out, err = run(scratch / 'whole')
        require(code == 0, 'the run without faults ends with', code, err)
        self.hash, self.files = out.split()[-1], contents(scratch / 'whole')

    def folder(self):
        self.number += 1
        return self.scratch / f'trial{self.number}'

    def require_same(self, folder, after):
        code, out, err = run(folder)
        require(code == 0, 'after', after, 'the run ends with', code, err)
        require(out.split()[-1] == self.hash, 'after', after, 'the hash is', out)
        require(contents(folder) == self.files, 'after', after, 'files differ')
        require(not (folder / '.chunks').exists(), 'after', after, '.chunks is left')
        shutil.rmtree(folder)

    def strike(self, fault, codes, words, *options):
        """The run ends with one of the codes and one line that holds one of the words; then the same
        command ends it well."""
        folder = self.folder()
        code, _, err = run(folder, fault, *options)
        require(code in codes, fault, 'ends with', code, 'wanted', codes, err)
        if code > 0:
            lines = [line for line in err.splitlines() if line.startswith('orrery: ')]
            require(len(lines) == 1, fault, 'says', err)
            require(any(word in lines[0] for word in words), fault, 'says', lines[0])
        self.require_same(folder, fault)
        return code


def disk_faults(trial, rng):
    for number, word in ((errno.ENOSPC, 'No space left'), (errno.EDQUOT, 'quota'),
                         (errno.EROFS, 'Read-only'), (errno.EIO, 'Input/output')):
        for kind in ('disk', 'sync', 'rename'):
            fault = f'{kind}:{number}:{rng.randint(1, 30)}'
            trial.strike(fault, {74}, [word])
    print('disk: full, over quota, read-only, broken: one line each, and 74')


def power_faults(trial, rng, cuts):
    folder, lives = trial.folder(), 0
    while lives < cuts:
        code, _, err = run(folder, f'power:{rng.randint(1, 30)}')
        require(code in (0, -signal.SIGKILL), 'a power cut ends with', code, err)
        lives += code != 0
        if code == 0:
            trial.require_same(folder, f'{lives} power cuts')
            folder = trial.folder()
    trial.require_same(folder, 'power cuts')
    print(f'power: {lives} cuts, each losing all that was not made durable')


def device_faults(trial):
    # A device that was lost once comes back, and the run goes on by itself.
    folder = trial.folder()
    for at in (4, 20, 30):
        code, out, err = run(folder, f'lost:{at}')
        require(code == 0, 'a device lost once ends with', code, err)
        require(out.split()[-1] == trial.hash, 'a device lost once gives', out)
        require('failure' in err and 'the device is lost' in err, 'a lost device is told as', err)
        shutil.rmtree(folder)
    trial.strike('gone:25', {69}, ['the device is lost'])
    trial.strike('gone:1', {69}, ['the device is lost'])
    for at in (1, 5, 9):
        trial.strike(f'hang:{at}', {69}, ['no answer'], '--patience', '3')
    print('device: lost once, for good and hanging')


def other_faults(trial):
    trial.strike('clock', {0}, [])
    trial.strike('importer', {65}, ['signal', 'crash', 'SIGSEGV'])
    print('clock: jumps; importer: crashes')


def mount_fault(trial, rng):
    """What the dataset lies on goes away in mid-run, and comes back."""
    for _ in range(3):
        folder = trial.folder()
        folder.mkdir()
        child = subprocess.Popen(command(folder), text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        while not list(folder.glob('.chunks/*.jsonl')) and child.poll() is None:
            time.sleep(0.002)
        away = folder.with_name(folder.name + '-away')
        folder.rename(away)
        _, err = child.communicate(timeout=120)
        require(child.returncode in (0, 74), 'a vanished mount ends with', child.returncode, err)
        if child.returncode == 74:
            lines = [line for line in err.splitlines() if line.startswith('orrery: ')]
            require(len(lines) == 1, 'a vanished mount is told as', err)
        if folder.exists():
            shutil.rmtree(folder)  # begun anew where the mount had been
        away.rename(folder)
        trial.require_same(folder, 'a vanished mount')
    print('mount: gone in mid-run and back')


def kills(trial, rng, count):
    """kill -9 at any moment of a run's life, sometimes with two runs at a time."""
    started = time.monotonic()
    require(run(trial.folder())[0] == 0, 'a run fails')
    life = time.monotonic() - started
    killed, datasets, folder = 0, 0, trial.folder()
    while killed < count:
        children = [subprocess.Popen(command(folder), stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
                    for _ in range(2 if rng.random() < 0.2 else 1)]
        time.sleep(rng.uniform(0, life))
        for child in children:
            child.kill()
            killed += child.wait() == -signal.SIGKILL
        # From the middle of a life more is reached than from its start, over and over.
        if (folder / 'dataset.json').exists() or rng.random() < 0.15:
            trial.require_same(folder, f'{killed} kills')
            datasets, folder = datasets + 1, trial.folder()
    if folder.exists():
        trial.require_same(folder, f'{killed} kills')
        datasets += 1
    print(f'kills: {killed}, {datasets} datasets, all as the one that nothing struck')


def main():
    rng = random.Random(1)
    with tempfile.TemporaryDirectory(prefix='orrery-faults-') as scratch:
        trial = Trial(pathlib.Path(scratch))
        disk_faults(trial, rng)
        power_faults(trial, rng, max(6, KILLS // 5))
        device_faults(trial)
        other_faults(trial)
        mount_fault(trial, rng)
        kills(trial, rng, KILLS)


main()
