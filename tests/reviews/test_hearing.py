"""The hearing: on a day that leaves time for the written decision, and before it, with both sides. R20."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from payroll.models import Letter, LetterKind
from people.permissions import NotAllowed
from people.policies import Blocked
from progression.deadlines import add_working_days
from progression.messages import MESSAGES
from progression.models import CouncilClosure, Notice
from progression.selectors import bank_holidays
from reviews import appeal_transitions, hearing_transitions
from reviews.models import Hearing
from tests import standing_in, walk
from tests.built_once import built_once
from tests.council import NOW, hearer_of, organisation
from tests.reading import carried, text
from tests.walk import WHY_NOT, State, application_at

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("R20", scheme="medway-2010", page="/applications/<reference>/review/hearing/"),
]
PAGE = "/applications/<reference>/review/hearing/"
# Asked for on Tuesday 10 March 2026: ten working days later is Tuesday 24 March.
LAST_DAY = date(2026, 3, 24)


def build():
    place = organisation()
    return SimpleNamespace(
        place=place, application=application_at(State.UNDER_APPEAL, place), elsewhere=organisation()
    )


built, cases = built_once(build)


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)


def arrange(cases, starts_at, *, actor=None, now=NOW, reason="", place="Room 3"):
    return hearing_transitions.arrange_hearing(
        cases.application,
        actor=actor or cases.place.director,
        starts_at=starts_at,
        place=place,
        attendees=[{"name": "Ann Lee", "part": "HR adviser"}],
        reason=reason,
        now=now,
    )


def dismiss(cases, now):
    return appeal_transitions.dismiss(cases.application, actor=cases.place.director, **WHY_NOT, now=now)


@pytest.mark.rule("R21", scheme="medway-2010", page=PAGE)
def test_the_last_day_to_decide_is_the_last_possible_day(cases):
    assert cases.application.deadlines.get(closed_on=None).due_on == LAST_DAY
    assert arrange(cases, at(LAST_DAY)).sequence == 0


@pytest.mark.rule("R21", scheme="medway-2010", page=PAGE)
def test_the_day_after_is_refused_with_the_last_possible_day(cases):
    with pytest.raises(Blocked, match="the hearing can be on 24 March 2026 at the latest"):
        arrange(cases, at(LAST_DAY + timedelta(days=1)))
    assert not Hearing.objects.exists()


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 3, 14), "is a Saturday"),
        (date(2026, 3, 15), "is a Sunday"),
        (date(2026, 3, 9), "cannot be in the past"),
    ],
)
def test_not_on_a_day_on_which_nobody_works_nor_in_the_past(cases, day, says):
    with pytest.raises(Blocked, match=says):
        arrange(cases, at(day))


def test_not_on_a_day_on_which_the_council_is_closed(cases):
    closed = date(2026, 3, 12)
    CouncilClosure.objects.create(service=cases.place.service, day=closed, title="Moving house")
    CouncilClosure.objects.create(service=cases.elsewhere.service, day=date(2026, 3, 13), title="Theirs")
    with pytest.raises(Blocked, match="12 March 2026 is a bank holiday or a day"):
        arrange(cases, at(closed))
    assert arrange(cases, at(date(2026, 3, 13))).sequence == 0


@pytest.mark.rule("R21", scheme="medway-2010", page=PAGE)
def test_once_the_last_day_has_passed_it_can_still_be_heard(cases):
    """Nothing is decided by silence: late and heard, not never heard."""
    late = at(LAST_DAY + timedelta(days=3))
    assert arrange(cases, late + timedelta(hours=1), now=late).sequence == 0


def test_only_whoever_hears_it_arranges_it(cases):
    place = cases.place
    for user in (place.head, place.manager, cases.application.worker, cases.elsewhere.director):
        with pytest.raises(NotAllowed):
            arrange(cases, at(LAST_DAY), actor=user)


def test_moving_it_needs_a_reason_and_keeps_the_first(cases):
    arrange(cases, at(date(2026, 3, 17)))
    with pytest.raises(Blocked, match="Say why the hearing is moved"):
        arrange(cases, at(date(2026, 3, 18)))
    moved = arrange(cases, at(date(2026, 3, 18)), reason="The hearer is ill.")
    assert (moved.sequence, moved.move_reason) == (1, "The hearer is ill.")
    assert Hearing.objects.count() == 2
    assert cases.application.events.filter(verb="moved the hearing").get().reason == "The hearer is ill."
    letter = Letter.objects.get(kind=LetterKind.HEARING_INVITATION, to=cases.application.worker, number=3)
    assert "Tuesday 17 March 2026 at 10:00am, is moved." in letter.content["blocks"][0][1]


def test_both_sides_are_invited_by_letter_and_by_e_mail_with_an_entry_for_the_calendar(cases):
    arrange(cases, at(date(2026, 3, 17), 14), place="Room 3, the town hall")
    sides = {cases.application.worker, cases.application.assessor}
    letters = Letter.objects.filter(kind=LetterKind.HEARING_INVITATION)
    assert {letter.to for letter in letters} == sides
    said = letters.get(to=cases.application.worker).content
    assert ["Date", "Tuesday 17 March 2026"] in said["blocks"][1][1]
    notices = Notice.objects.filter(kind="hearing_invitation")
    assert {notice.recipient for notice in notices} == sides
    for notice in notices:
        message = MESSAGES[notice.kind]
        name, calendar, kind = message.attachment(notice)
        assert b"DTSTART:20260317T140000Z" in calendar and b"SEQUENCE:0" in calendar
        assert f"mailto:{notice.recipient.email}".encode() in calendar.replace(b"\r\n ", b"")
        assert cases.application.worker.name.encode() not in calendar
        assert name.endswith(".ics") and "method=REQUEST" in kind
        assert message.topic is None, "it concerns their rights"


def test_where_the_assessor_has_gone_the_teams_manager_explains(cases):
    assessor, team = cases.application.assessor, cases.application.team
    assessor.is_active = False
    assessor.save()
    team.manager = cases.place.other_manager
    team.save()
    arrange(cases, at(date(2026, 3, 17)))
    invited = Letter.objects.filter(kind=LetterKind.HEARING_INVITATION)
    assert {letter.to for letter in invited} == {cases.application.worker, cases.place.other_manager}


def test_moved_twice_to_the_same_it_is_moved_once(cases):
    """A button pressed twice invites nobody twice; whoever takes it over may invite anew to the same."""
    arrange(cases, at(date(2026, 3, 17)))
    arrange(cases, at(date(2026, 3, 18)), reason="The room is taken.")
    with pytest.raises(Blocked, match="has arranged the hearing so already"):
        arrange(cases, at(date(2026, 3, 18)), reason="The room is taken.")
    assert arrange(cases, at(date(2026, 3, 18)), reason="The room is taken.", place="Room 4").sequence == 2
    other = cases.elsewhere.director
    standing_in.handed_over(cases.application, by=cases.place.director, to=other)
    assert (
        arrange(cases, at(date(2026, 3, 18)), reason="I hear it.", place="Room 4", actor=other).sequence == 3
    )


def test_a_page_left_open_does_not_move_it_back(client):
    application = application_at(State.UNDER_APPEAL, now=timezone.now())
    walk.heard(application, now=timezone.now())
    client.force_login(hearer_of(application))
    page = f"/applications/{application.reference}/review/hearing/"
    day = add_working_days(timezone.localdate(), 2, bank_holidays())
    asked = {"day_0": day.day, "day_1": day.month, "day_2": day.year, "at": "10am", "attendees": "Ann Lee"}
    asked |= {"reason": "I am ill.", "check": "check"}
    old = carried(client.post(page, asked | {"place": "Room 5"})) | {"sign": "sign"}
    new = carried(client.post(page, asked | {"place": "Room 6"})) | {"sign": "sign"}
    assert client.post(page, new).status_code == 302
    for again in (old, new):
        assert "This changed while you had the page open" in text(client.post(page, again))
    assert [hearing.place for hearing in application.appeal.hearings.order_by("sequence")][1:] == ["Room 6"]


def test_a_review_is_heard_before_it_is_decided(cases):
    with pytest.raises(Blocked, match="Arrange the hearing first"):
        dismiss(cases, NOW)
    hearing = arrange(cases, at(date(2026, 3, 17)))
    with pytest.raises(Blocked, match="once the hearing has been held: it is on 17 March 2026 at 10:00am"):
        dismiss(cases, hearing.starts_at - timedelta(minutes=1))
    assert dismiss(cases, hearing.starts_at).state == State.DISMISSED


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_a_scheme_without_hearings_has_none_and_decides_on_paper():
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, place)
    with pytest.raises(Blocked, match="no hearing: the appeal is decided on paper"):
        hearing_transitions.arrange_hearing(
            application, actor=place.head, starts_at=at(LAST_DAY), place="x", attendees=[], now=NOW
        )
    assert walk.dismissed(application).state == State.DISMISSED


@pytest.mark.rule("R32", scheme="redbridge-2013", page="/applications/<reference>/review/decide/")
@pytest.mark.parametrize(
    ("tests_met", "says"),
    [
        ([], "Say of each test"),
        ([True], "Say of each test"),
        ([True, None], "Say of each test"),
        ([True, False], "only if every test is met"),
        ([False, True], "only if every test is met"),
    ],
)
def test_an_appeal_is_upheld_only_on_both_tests(tests_met, says):
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, place)
    with pytest.raises(Blocked, match=says):
        appeal_transitions.uphold(
            application, actor=place.head, reasons="x", tests_met=tests_met, now=NOW, today=NOW.date()
        )


@pytest.mark.rule("R32", scheme="redbridge-2013", page="/applications/<reference>/review/decide/")
def test_both_met_it_is_upheld_and_cannot_be_dismissed():
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, place)
    with pytest.raises(Blocked, match="Every test is met"):
        appeal_transitions.dismiss(application, actor=place.head, **WHY_NOT, tests_met=[True, True], now=NOW)
    upheld = walk.upheld(application)
    assert (upheld.state, upheld.appeal.tests_met) == (State.UPHELD, [True, True])


@pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<reference>/outcome/")
def test_the_decision_before_it_stays_as_it_was(cases):
    before = list(cases.application.authorisations.values())
    arrange(cases, at(date(2026, 3, 17)))
    dismiss(cases, at(date(2026, 3, 18)))
    assert list(cases.application.authorisations.values()) == before
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        cases.application.authorisations.update(reasons="other")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews_hearing SET place = 'elsewhere'",
        "DELETE FROM reviews_hearing",
        "TRUNCATE reviews_hearing CASCADE",
        "INSERT INTO reviews_hearing (appeal_id, starts_at, place, attendees, sequence, move_reason,"
        " arranged_at, arranged_by_id) SELECT appeal_id, starts_at, place, attendees, 7, 'x', arranged_at,"
        " arranged_by_id FROM reviews_hearing",
    ],
)
def test_a_hearing_stays_as_it_was_arranged(cases, change):
    arrange(cases, at(date(2026, 3, 17)))
    dismiss(cases, at(date(2026, 3, 18)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only|is decided"), transaction.atomic():
            cursor.execute(change)
