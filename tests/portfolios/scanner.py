"""A scanner that speaks as ClamAV's clamd does, over a real socket, and answers as its manual says."""

import socketserver
import struct
import threading
from contextlib import contextmanager

VIRUS = "Win.Test.EICAR_HDB-1"


class Scanner(socketserver.ThreadingTCPServer):
    """Finds VIRUS in what holds one of its `viruses`; `seen` keeps all that it was sent.

    `answer` is what it says instead of either, if anything; None hangs up without a word. Asked whether it is
    there, it says so unless there is such an answer.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.viruses, self.seen, self.answer = [], [], ""

    @property
    def url(self):
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        command = self._read(6)
        if command == b"zPING\x00":
            return self.request.sendall(b"PONG\x00" if self.server.answer == "" else b"\x00")
        assert command + self._read(4) == b"zINSTREAM\x00"
        content = b""
        while size := struct.unpack(">I", self._read(4))[0]:
            content += self._read(size)
        self.server.seen.append(content)
        found = any(virus in content for virus in self.server.viruses)
        said = self.server.answer
        if said == "":
            said = f"stream: {VIRUS} FOUND" if found else "stream: OK"
        if said is not None:
            self.request.sendall(said.encode() + b"\x00")

    def _read(self, size):
        held = b""
        while len(held) < size:
            more = self.request.recv(size - len(held))
            if not more:
                raise ConnectionError("hung up")
            held += more
        return held


@contextmanager
def scanner_running():
    """A Scanner that listens until the block ends."""
    with Scanner() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(timeout=10)
