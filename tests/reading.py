"""What a person reads of a page, and what its form would send again."""

import html
import re


def text(response):
    """The page's words on one line."""
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def carried(response):
    """The hidden fields that a page to check sends with its button."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.content.decode())
    return {name: html.unescape(value) for name, value in hidden}
