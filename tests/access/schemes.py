"""Rows of the table for schemes: read by all, looked after by the principal social worker of a service."""

from django.core.files.uploadedfile import SimpleUploadedFile

from competencies import transitions
from competencies.models import Scheme
from competencies.scheme_text import yaml_of
from tests.access.cast import AUDITOR, OUTSIDE_AUDITOR, OUTSIDE_PSW, PSW, SIGNED_IN
from tests.access.row import Row

REDBRIDGE = {"code": "redbridge-2013"}
"""One service here has a team on it; the other has none."""
MEDWAY = {"code": "medway-2010"}
"""Both services have a team on it."""
BOTH = PSW | OUTSIDE_PSW
DRAFT = "framework/<slug:code>/draft/"
HEADING = {"heading_code": "timescales"}


def redbridge_is_being_drafted(world, case):
    transitions.begin_draft("redbridge-2013", actor=world.place.psw, now=world.now)


def medway_is_being_drafted(world, case):
    return transitions.begin_draft("medway-2010", actor=world.place.psw, now=world.now)


def redbridge_has_a_changed_draft(world, case):
    draft = transitions.begin_draft("redbridge-2013", actor=world.place.psw, now=world.now)
    file = draft.file | {"title": "Another title"}
    type(draft).objects.filter(pk=draft.pk).update(file=file)


def medway_has_an_award(world, case):
    draft = medway_is_being_drafted(world, case)
    draft.file["pay"]["awards"] = [
        {"effective_from": "2025-04-01", "salaries": draft.file["pay"]["salaries"]}
    ]
    draft.save()


class SentByEach(SimpleUploadedFile):
    """A file that many people send, one after the other."""

    def read(self, *size):
        self.seek(0)
        return super().read(*size)


def _file(case):
    content = Scheme.objects.get(code="redbridge-2013").content.file | {"title": "Another title"}
    return {"file": SentByEach("scheme.yaml", yaml_of(content).encode())}


SALARIES = {f"point-{point}": "40000" for point in range(33, 44)}
FROM = {"effective_from_0": "1", "effective_from_1": "4", "effective_from_2": "2025"}
RENAMED = {"name": "Time limits", "group": "standards-of-work", "criteria-2-0": "Limits are kept"}
WORDING = {"title": "Another title", "service": "Children's Services", "source": ""}
NEW = {"name": "Research", "group": "standards-of-work", "criteria-2": "Reads it"}
ON = {"effective_from_0": "1", "effective_from_1": "4", "effective_from_2": "2099"}
LEVELS = {f"{row}-name": f"Level {row + 1}" for row in range(3)}


def _drafted(url, **more):
    """A row below the draft of the Redbridge scheme, which is being drafted."""
    return Row(DRAFT + url, given=redbridge_is_being_drafted, args=REDBRIDGE | more.pop("args", {}), **more)


def _of_pay(url, **more):
    return Row(DRAFT + url, **{"given": medway_is_being_drafted, "opens": BOTH, **more})


ROWS = (
    Row("framework/your-schemes/", opens=BOTH | AUDITOR | OUTSIDE_AUDITOR),
    Row("framework/<slug:code>/", opens=SIGNED_IN, args=REDBRIDGE),
    Row("framework/<slug:code>/", absent=SIGNED_IN, args={"code": "no-such-scheme"}),
    Row("framework/<slug:code>/version-<int:version>/file.yaml", opens=PSW | AUDITOR, args=REDBRIDGE),
    Row("framework/<slug:code>/version-<int:version>/changes/", absent=SIGNED_IN, args=REDBRIDGE),
    Row("figures/<slug:code>/", opens=BOTH | AUDITOR | OUTSIDE_AUDITOR, args=MEDWAY),
    Row("figures/<slug:code>/", args=REDBRIDGE),
    Row(DRAFT, args=REDBRIDGE),
    _drafted("", opens=PSW | AUDITOR),
    Row(DRAFT + "begin/", post_only=True, acts=PSW, sends={}, empty=302, args=REDBRIDGE),
    _drafted("begin/", post_only=True, acts=PSW, sends={}, then=409, empty=409, keeps=False),
    _drafted("changes/", opens=PSW | AUDITOR),
    _drafted("applications/", opens=PSW | AUDITOR),
    _drafted("file.yaml", opens=PSW | AUDITOR),
    _drafted("compare/", post_only=True, acts=PSW, sends={}, empty=302),
    _drafted("discard/", opens=PSW, sends={}, empty=302),
    _drafted("read-file/", opens=PSW, sends=_file),
    _drafted("publish/", opens=PSW, sends=ON, then=200, keeps=False),
    Row(
        DRAFT + "publish/",
        given=redbridge_has_a_changed_draft,
        opens=PSW,
        sends=ON | {"confirm": "confirm"},
        args=REDBRIDGE,
    ),
    _drafted("headings/", opens=PSW),
    _drafted("headings/add/", opens=PSW, sends=NEW),
    _drafted("headings/<slug:heading_code>/", opens=PSW, sends=RENAMED, args=HEADING),
    _drafted("headings/<slug:heading_code>/", absent=PSW, args={"heading_code": "no-such"}),
    _drafted(
        "headings/<slug:heading_code>/move/",
        post_only=True,
        acts=PSW,
        sends={"up": "up"},
        empty=302,
        args=HEADING,
    ),
    _drafted("headings/<slug:heading_code>/remove/", opens=PSW, sends={}, empty=302, args=HEADING),
    _drafted("edit/<slug:part>/", opens=PSW, sends=WORDING, args={"part": "wording"}),
    _drafted("edit/<slug:part>/", absent=PSW, args={"part": "no-such"}),
    _drafted("edit/<slug:part>/", opens=PSW, sends=LEVELS, args={"part": "levels"}),
    _drafted("edit/<slug:part>/", absent=PSW, args={"part": "increments"}),
    _drafted("pay/", opens=PSW),
    _drafted("pay/<int:number>/", absent=PSW, args={"number": 0}),
    _drafted("pay/<int:number>/remove/", absent=PSW, args={"number": 0}),
    _of_pay("pay/", args=MEDWAY),
    _of_pay("pay/<int:number>/", sends=FROM | SALARIES, args=MEDWAY),
    _of_pay("pay/<int:number>/remove/", given=medway_has_an_award, sends={}, empty=302, args=MEDWAY),
)  # fmt: skip
