"""A scheme's file as a typed object: validated when loaded, read as `scheme.rules` ever after."""

from pydantic import BaseModel


class SchemeRules(BaseModel):
    """Replaced in full by the competencies package's owner."""

    model_config = {"extra": "allow"}
