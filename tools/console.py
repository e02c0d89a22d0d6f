"""What a person sees: each step with its time, and trouble as one sentence."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time

from tools import DATA_DIR, ROOT

DISK_FULL_WORDS = ("No space left on device", "ENOSPC", "Disk quota exceeded")
NO_NETWORK_WORDS = (
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "Max retries exceeded",
    "No matching distribution found",
    "Name or service not known",
    "Could not resolve",
    "Failed to fetch",
    "Unable to locate package",
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
)


class Trouble(Exception):
    """A set-up or service failure, worded as the one sentence that the person reads."""


@contextlib.contextmanager
def step(name):
    """Print the step's name, then how long it took."""
    began = time.monotonic()
    print(f"  {name:<34}", end="", flush=True)
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:6.1f} s", flush=True)


def explain(words, doing, otherwise):
    """The sentence for a failed command that said `words` while `doing` something."""
    if any(sign in words for sign in DISK_FULL_WORDS):
        return f"The disk is full while {doing}: free some space and start again."
    if any(sign in words for sign in NO_NETWORK_WORDS):
        return f"No network while {doing}: connect this machine to its package registry and start again."
    return otherwise


def run_quietly(command, doing, env=None, cwd=ROOT):
    """Run a command unseen; returns what it said. Raises Trouble, all of it kept in a log, when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode == 0:
        return done.stdout
    log = DATA_DIR / "log" / "set-up.log"
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout)
    last = next((line.strip() for line in reversed(done.stdout.splitlines()) if line.strip()), "no words")
    raise Trouble(explain(done.stdout, doing, f"Stopped while {doing}: {last} (all of it is in {log})."))


def stop_on_any_signal():
    """Let a plain kill and a closed terminal unwind as ctrl-C does, so that what was started is stopped."""

    def interrupt(*_):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def main(command):
    """Run one of the commands; Trouble and a full or closed disk become a sentence and exit code 1."""
    try:
        return command()
    except Trouble as trouble:
        sentence = str(trouble)
    except KeyboardInterrupt:
        sentence = "Stopped."
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sentence = (
                f"The disk that holds {error.filename or DATA_DIR} is full: free some space and start again."
            )
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sentence = (
                f"{error.filename} may not be written or read by {_who()}: give DATA_DIR a folder of yours."
            )
        else:
            raise
    print(f"\n{sentence}", file=sys.stderr)
    return 1


def _who():
    return "root" if os.geteuid() == 0 else "this user"
