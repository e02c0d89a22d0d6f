"""Parts of the form of evidence that are folded away, so that it fits a phone: no script is needed."""

from django.template.loader import render_to_string

from competencies.rules import EvidenceKind
from portfolios.kinds import ASKED


class KindsExplained:
    """What each kind is, folded away: a phone shows all of the choice on one screen."""

    def render(self, form, context, **_):
        told = {"kinds": [(kind.label, ASKED[kind].meaning) for kind in EvidenceKind]}
        return render_to_string("portfolios/evidence_form/kinds.html", told, using="jinja2")


class Folded:
    """The headings of one group, folded away until one of them is ticked or wrong."""

    def __init__(self, name):
        self.name = name

    def render(self, form, context, **_):
        form.rendered_fields.add(self.name)
        field = form[self.name]
        told = {"field": field, "opened": bool(field.value() or field.errors)}
        return render_to_string("portfolios/evidence_form/group.html", told, using="jinja2")
