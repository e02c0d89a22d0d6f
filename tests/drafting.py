"""A page of a draft as a browser without JavaScript has it: its fields, and what it sends."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """One thing to fill in, or one choice among several of a name."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = False
    options: list = field(default_factory=list)


class Page(HTMLParser):
    """The controls of a page's forms, in their order."""

    def __init__(self, answer):
        super().__init__()
        self.controls, self._in = [], None
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name = said.get("name")
        if tag == "option":
            self._in.options.append(said["value"])
            if "selected" in said:
                self._in.value = said["value"]
        elif tag in ("input", "textarea", "select") and name and name != "csrfmiddlewaretoken":
            kind = said.get("type", "text") if tag == "input" else tag
            value = said.get("value", "on" if kind == "checkbox" else "")
            self._in = Control(name, kind, value, "checked" in said)
            self.controls.append(self._in)

    def handle_data(self, data):
        if self._in is not None and self._in.kind == "textarea":
            self._in.value += data

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            if tag == "textarea":
                # A browser leaves out the first new line, which templates write.
                self._in.value = self._in.value.removeprefix("\n")
            self._in = None

    @property
    def answers(self):
        """What the browser sends of the page untouched."""
        found = {}
        for one in self.controls:
            if one.kind == "checkbox":
                if one.chosen:
                    found.setdefault(one.name, []).append(one.value)
            else:
                found[one.name] = one.value
        return found


def sent(client, url, **answers):
    """Send what the page's form holds, with these answers in place of some of it."""
    return client.post(url, Page(client.get(url)).answers | answers)
