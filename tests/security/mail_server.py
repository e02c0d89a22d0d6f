"""A mail server of a test's own, which can be made to stop and wait in the middle of a conversation."""

import email
import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it accepts in `accepted`. `hold_at` is where it waits next, once: see Conversation."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.accepted, self.held, self._hold_at, self._go = [], threading.Event(), "", threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def hold_at(self, point):
        """The next conversation that comes to `point` gets no answer until `let_go`."""
        self.held.clear()
        self._go.clear()
        self._hold_at = point

    def let_go(self):
        self._go.set()

    def passes(self, point):
        """Wait here if asked to. Returns whether the conversation goes on: nobody waits for a dead client."""
        if self._hold_at != point:
            return True
        self._hold_at = ""
        self.held.set()
        self._go.wait(120)
        return False


class Conversation(socketserver.StreamRequestHandler):
    """One client: may be held before the `greeting`, before a message is accepted (`data`), and at `quit`."""

    def handle(self):
        if not self.server.passes("greeting"):
            return
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                message = b"".join(iter(self.rfile.readline, b".\r\n"))
                if not self.server.passes("data"):
                    return
                self.server.accepted.append(email.message_from_bytes(message))
            elif verb == b"QUIT":
                if self.server.passes("quit"):
                    self._say("221 goodbye")
                return
            self._say("250 all right")

    def _say(self, words):
        self.wfile.write(words.encode() + b"\r\n")
