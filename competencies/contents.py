"""What is kept of a scheme's file, how two are told apart, and whether one holds together."""

import hashlib
import json

from pydantic import ValidationError

from competencies.policies import problems_in
from competencies.rules import SchemeRules
from competencies.scheme_file import sentence


def content_of(rules):
    """The file of `rules` as JSON keeps it. What the file leaves out is left out."""
    return rules.model_dump(mode="json", by_alias=True, exclude_unset=True)


def fingerprint(content):
    """The SHA-256 of a file's content, or of a part of one, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def checked(file):
    """(the SchemeRules that `file` says or None, what is wrong as [(where, sentence)]).

    None where a field itself is wrong; with rules, what is wrong is between fields and keeps a scheme from
    being published, not a draft from being saved.
    """
    try:
        rules = SchemeRules.model_validate(file)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        return None, [(_where(error["loc"]), sentence(error)) for error in errors]
    return rules, list(problems_in(rules))


def _where(loc):
    return tuple(step for step in loc if step != "[key]")
