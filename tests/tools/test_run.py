"""`make run` says what stands in its way in one sentence, and lets nothing outlive it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from tools import ROOT, processes, run
from tools.console import Trouble


def test_a_port_in_use(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(Trouble, match=r"^Port \d+ is in use: "):
            run.address()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Trouble, match="from 1 to 65535"):
        run.address()


def test_second_run_on_the_same_data(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "DATA_DIR", tmp_path)
    with run.only_one(), pytest.raises(Trouble, match="already running"), run.only_one():
        pass
    with run.only_one():
        pass


def test_the_environment_given_wins(monkeypatch):
    for name, value in {"SITE_URL": "https://here.example", "DEMO": ""}.items():
        monkeypatch.setenv(name, value)
    environ = run.environment("127.0.0.1", 8000)
    assert (environ["SITE_URL"], environ["DEMO"]) == ("https://here.example", "")
    assert environ["ALLOWED_HOSTS"] == "here.example,localhost,127.0.0.1"


def test_the_demonstration_is_the_default(monkeypatch):
    for name in ("SITE_URL", "DEMO", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    environ = run.environment("127.0.0.1", 8111)
    assert (environ["SITE_URL"], environ["DEMO"]) == ("http://localhost:8111", "1")


def test_what_does_not_stop_when_asked_is_killed_with_all_it_started():
    deaf = "trap '' TERM; sleep 300 & echo $!; wait; wait"
    process = processes.start(["bash", "-c", deaf], stdout=subprocess.PIPE, text=True)
    grandchild = int(process.stdout.readline())
    processes.stop(process, patience=0.3)
    assert process.returncode == -signal.SIGKILL
    assert _gone(grandchild)


def test_a_child_dies_with_a_parent_that_was_killed():
    starts_a_child = (
        "from tools import processes; import time\n"
        "print(processes.start(['sleep', '300']).pid, flush=True); time.sleep(300)"
    )
    command = [sys.executable, "-c", starts_a_child]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    assert _gone(child)


def test_what_is_killed_is_started_again(capfd):
    supervisor = processes.Supervisor()
    supervisor.add("long", ["sleep", "300"], dict(os.environ))
    supervisor.speak()
    waiting = threading.Thread(target=supervisor.wait)
    waiting.start()
    first = supervisor.process("long")
    first.kill()
    for _ in range(100):
        if supervisor.process("long") is not first:
            break
        time.sleep(0.05)
    again = supervisor.process("long")
    assert again is not first
    assert again.poll() is None
    supervisor.stopping = True
    waiting.join()
    supervisor.stop()
    assert "long ended by itself: it is started again" in capfd.readouterr().out
    assert _gone(again.pid)


def test_the_supervisor_names_what_keeps_ending_and_stops_the_rest(capfd):
    supervisor = processes.Supervisor()
    supervisor.add("long", ["sleep", "300"], dict(os.environ))
    supervisor.add("short", ["bash", "-c", "echo words; exit 3"], dict(os.environ))
    supervisor.speak()
    assert supervisor.wait() == "short"
    supervisor.stop()
    assert "long stopped after" in capfd.readouterr().out


def _gone(pid):
    """Whether the process ends within two seconds; one that nobody has waited for yet counts as ended."""
    for _ in range(40):
        with contextlib.suppress(FileNotFoundError):
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] != "Z":
                    time.sleep(0.05)
                    continue
        return True
    return False
