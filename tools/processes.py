"""Child processes that never outlive the one that started them, and that stop in the order asked."""

import contextlib
import ctypes
import os
import signal
import subprocess
import threading
import time

PR_SET_PDEATHSIG = 1


def start(command, *, dying=signal.SIGTERM, user=None, **options):
    """Start a command in a session of its own, so that ctrl-C reaches us and not it.

    `dying` is the signal the kernel sends it should we be killed; `user` is a passwd entry to run it as.
    """
    if user:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def tie_to_parent():
        libc.prctl(PR_SET_PDEATHSIG, dying)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return subprocess.Popen(
        [str(word) for word in command], start_new_session=True, preexec_fn=tie_to_parent, **options
    )


def stop(process, *, asking=signal.SIGTERM, patience=20):
    """Ask a process to stop (None: it has been); after `patience` seconds kill it and all it started."""
    if process.poll() is None:
        if asking:
            process.send_signal(asking)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def say(words, end="\n"):
    """Print, or not if the terminal has been closed: that must not keep anything from being stopped."""
    with contextlib.suppress(OSError):
        print(words, end=end, flush=True)


MOST_STARTS, IN_SECONDS = 5, 60
"""A command that ends by itself is started again, but not for ever."""


class _Command:
    """A named command that may be started more than once."""

    def __init__(self, name, command, env):
        self.name = name
        self._command, self._env = command, env
        self._started_at = []

    def start(self, copy):
        self.process = start(
            self._command, env=self._env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.reader = threading.Thread(target=copy, args=(self.name, self.process.stdout), daemon=True)
        self.reader.start()
        self._started_at.append(time.monotonic())

    def may_start_again(self):
        recent = [at for at in self._started_at if time.monotonic() - at < IN_SECONDS]
        return len(recent) < MOST_STARTS


class Supervisor:
    """Runs the named commands until a signal comes, copying what they say behind their names.

    One that ends by itself, or is killed, is started again at once; one that keeps ending ends all.

    Our own rather than honcho's: these die with us even if we are killed, and an ended PostgreSQL ends them.
    Until `speak` is called it keeps their words to itself: while they start, they complain of each other.
    """

    def __init__(self):
        self._running = []
        self.stopping = False
        self._held_back = []

    def listen(self):
        """Take ctrl-C, a closed terminal and a plain kill as the wish to stop."""

        def wish(*_):
            # A plain flag: an Event has a lock, which the code interrupted by the signal may hold.
            self.stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, wish)

    def add(self, name, command, env):
        running = _Command(name, command, env)
        running.start(self._copy)
        self._running.append(running)

    def _copy(self, name, lines):
        for line in lines:
            line = f"{name:<7}| {line}"
            if self._held_back is None:
                say(line, end="")
            else:
                self._held_back.append(line)

    def speak(self, *, of_the_start=False):
        """Show what the commands say from now on; and, if it matters, what they said so far."""
        held_back, self._held_back = self._held_back or [], None
        if of_the_start:
            say("".join(held_back), end="")

    def ended(self):
        """The name of a command that has ended by itself, or None."""
        return next((running.name for running in self._running if running.process.poll() is not None), None)

    def process(self, name):
        """The process that the command of this name runs in now."""
        return next(running.process for running in self._running if running.name == name)

    def _start_again(self):
        """Start again whatever has ended by itself. Returns the name of one that ends too often, or None."""
        for running in self._running:
            if running.process.poll() is None:
                continue
            stop(running.process)  # and what it left behind
            if not running.may_start_again():
                return running.name
            say(f"{running.name} ended by itself: it is started again")
            running.start(self._copy)
        return None

    def wait(self, others=()):
        """Wait until a signal comes (None), or one of `others` or too often a command ends (its name)."""
        on_terminal = os.isatty(1)
        while not self.stopping:
            time.sleep(0.2)
            if on_terminal and not os.isatty(1):
                # It was closed. The kernel told make alone, which waits for us.
                return None
            if name := self._start_again():
                return name
            for name, process in others:
                if process.poll() is not None:
                    return name
        return None

    def stop(self):
        """Ask all to stop, the last started first; each may finish what it is doing, within limits."""
        for running in reversed(self._running):
            if running.process.poll() is None:
                running.process.terminate()
        for running in reversed(self._running):
            began = time.monotonic()
            stop(running.process, asking=None)
            running.reader.join(timeout=2)
            say(f"  {running.name} stopped after {time.monotonic() - began:.1f} s")
        self._running.clear()
