"""Writing a scheme as the YAML file that reads back as the very same, its fields in the order of rules.py."""

from datetime import date
from decimal import Decimal
from enum import Enum
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from competencies.rules import SchemeRules
from people.roles import Role


def yaml_of(file):
    """The text of the YAML file of a scheme, from what is kept of it (`SchemeContent.file`)."""
    rules = SchemeRules.model_validate(file)
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Representer
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 100_000  # one line a text: a change is then one line of a comparison
    out = StringIO()
    yaml.dump(_plain(rules.model_dump(mode="python", by_alias=True, exclude_unset=True)), out)
    return out.getvalue()


class _Representer(SafeRepresenter):
    """Amounts of money as the numbers they are; fields in the order given."""

    def represent_mapping(self, tag, mapping, flow_style=None):
        return super().represent_mapping(tag, list(mapping.items()), flow_style)

    def ignore_aliases(self, data):
        return True


_Representer.add_representer(
    Decimal,
    lambda representer, amount: representer.represent_scalar(
        f"tag:yaml.org,2002:{'float' if '.' in str(amount) else 'int'}", str(amount)
    ),
)


def _plain(value):
    """Roles in the words that files use, other choices by their value, all else as it is."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Role):
        return value.value.replace("_", " ")
    if isinstance(value, Enum):
        return value.value
    assert value is None or isinstance(value, str | int | Decimal | date), value
    return value
