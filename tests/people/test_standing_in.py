"""When somebody is away, and conflicts of interest: who may say what, with whom, and on which days."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from people import policies, selectors, transitions
from people.models import Conflict, Delegation, Tie, User
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from tests.built_once import built_once
from tests.council import organisation, person
from tests.standing_in import away, back, tied, untied

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Europe/London"))
MONDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 20)


def build():
    place, beside, outside = organisation(), organisation(), organisation()
    outside.service.council = "Elsewhere Council"
    outside.service.save()
    return SimpleNamespace(place=place, beside=beside, outside=outside)


built, cases = built_once(build)


@pytest.fixture
def place(cases):
    return cases.place


def delegate(delegator, to, **changes):
    wanted = {"first_day": MONDAY, "last_day": FRIDAY, "actor": delegator, "now": NOW}
    return transitions.delegate(delegator, to=to, **wanted | changes)


class TestWhoStandsInForWhom:
    def test_same_rank_or_senior_in_the_council(self, cases, place):
        for to in (place.other_manager, cases.beside.manager, place.service_manager, place.director):
            delegation = delegate(place.manager, to)
            assert (delegation.delegator, delegation.delegate) == (place.manager, to)
            transitions.end_delegation(delegation, actor=place.manager, now=NOW)

    @pytest.mark.parametrize(
        ("who", "to"),
        [
            ("service_manager", "manager"),
            ("head", "service_manager"),
            ("director", "head"),
            ("manager", "colleague"),
            ("manager", "auditor"),
            ("manager", "psw"),
            ("manager", "payroll"),
            ("manager", "administrator"),
        ],
    )
    def test_nobody_of_a_lower_rank_or_outside_the_line(self, place, who, to):
        with pytest.raises(Blocked, match="at least as senior"):
            delegate(getattr(place, who), getattr(place, to))

    def test_nobody_of_another_council(self, cases, place):
        with pytest.raises(Blocked, match="same council"):
            delegate(place.manager, cases.outside.manager)

    def test_nobody_who_has_left(self, place):
        place.other_manager.is_active = False
        place.other_manager.save()
        with pytest.raises(Blocked):
            delegate(place.manager, place.other_manager)

    def test_never_oneself(self, place):
        with pytest.raises(Blocked):
            delegate(place.manager, place.manager)

    @pytest.mark.parametrize("who", ["worker", "auditor", "payroll", "psw", "administrator"])
    def test_only_managers_have_somebody_stand_in(self, place, who):
        with pytest.raises(NotAllowed):
            delegate(getattr(place, who), place.manager)

    def test_nobody_arranges_it_for_another_but_an_administrator(self, place):
        with pytest.raises(NotAllowed):
            delegate(place.manager, place.other_manager, actor=place.head)
        made = delegate(place.manager, place.other_manager, actor=place.administrator)
        assert made.made_by == place.administrator


class TestDays:
    @pytest.mark.parametrize(
        ("first", "last", "sentence"),
        [
            (date(2026, 3, 9), FRIDAY, "today or later"),
            (FRIDAY, MONDAY, "must not be before"),
        ],
    )
    def test_refused(self, place, first, last, sentence):
        with pytest.raises(Blocked, match=sentence):
            delegate(place.manager, place.other_manager, first_day=first, last_day=last)

    def test_one_day_that_is_today(self, place):
        today = NOW.date()
        assert delegate(place.manager, place.other_manager, first_day=today, last_day=today).pk

    def test_two_at_once_for_one_person_are_refused(self, place):
        delegate(place.manager, place.other_manager)
        with pytest.raises(Blocked, match="already stands in"):
            delegate(place.manager, place.service_manager, first_day=FRIDAY, last_day=FRIDAY)
        after = FRIDAY + timedelta(days=1)
        assert delegate(place.manager, place.service_manager, first_day=after, last_day=after).pk

    def test_what_was_ended_leaves_its_days_free(self, place):
        transitions.end_delegation(delegate(place.manager, place.other_manager), actor=place.manager, now=NOW)
        assert delegate(place.manager, place.other_manager).pk

    def test_somebody_who_is_away_themselves_is_refused(self, place):
        delegate(place.other_manager, place.service_manager)
        with pytest.raises(Blocked, match="Choose somebody who is there"):
            delegate(place.manager, place.other_manager)

    def test_somebody_who_stands_in_for_another_is_warned_when_they_go(self, place):
        delegate(place.manager, place.other_manager)
        (warning,) = policies.warnings_on_delegating(
            place.other_manager, place.service_manager, first_day=FRIDAY, last_day=FRIDAY
        )
        assert place.manager.name in warning
        assert not policies.warnings_on_delegating(
            place.other_manager,
            place.service_manager,
            first_day=FRIDAY + timedelta(days=1),
            last_day=FRIDAY + timedelta(days=1),
        )


class TestEnding:
    def test_at_once_by_who_is_away_or_an_administrator(self, place):
        for actor in (place.manager, place.administrator):
            ended = transitions.end_delegation(
                delegate(place.manager, place.other_manager), actor=actor, now=NOW
            )
            assert (ended.ended_at, ended.ended_by) == (NOW, actor)

    @pytest.mark.parametrize("who", ["other_manager", "head", "service_manager", "worker"])
    def test_by_nobody_else(self, place, who):
        delegation = delegate(place.manager, place.other_manager)
        with pytest.raises(NotAllowed):
            transitions.end_delegation(delegation, actor=getattr(place, who), now=NOW)

    def test_not_twice_and_not_when_over(self, place):
        delegation = delegate(place.manager, place.other_manager)
        with pytest.raises(Blocked, match="over"):
            transitions.end_delegation(delegation, actor=place.manager, now=NOW + timedelta(days=30))
        transitions.end_delegation(delegation, actor=place.manager, now=NOW)
        with pytest.raises(Blocked, match="ended already"):
            transitions.end_delegation(delegation, actor=place.manager, now=NOW)


class TestConflicts:
    def declare(self, person, other, *, actor=None, detail="", now=NOW):
        return transitions.declare_conflict(
            person, other=other, tie=Tie.PARTNER, detail=detail, actor=actor or person, now=now
        )

    def test_by_either_side_and_an_administrator(self, place):
        self.declare(place.worker, place.manager)
        self.declare(place.manager, place.worker)
        made = self.declare(place.colleague, place.manager, actor=place.administrator)
        assert (made.person, made.declared_by) == (place.colleague, place.administrator)

    def test_by_nobody_for_others(self, place):
        with pytest.raises(NotAllowed):
            self.declare(place.worker, place.manager, actor=place.head)

    def test_once_while_it_stands(self, place):
        first = self.declare(place.worker, place.manager)
        with pytest.raises(Blocked, match="declared already"):
            self.declare(place.worker, place.manager)
        untied(first)
        assert self.declare(place.worker, place.manager).pk

    def test_not_with_oneself(self, place):
        with pytest.raises(Blocked):
            self.declare(place.worker, place.worker)

    def test_ended_by_whose_it_is_and_never_by_the_other_side(self, place):
        """Somebody barred from judging does not lift the bar."""
        conflict = self.declare(place.worker, place.manager)
        for actor in (place.manager, place.head):
            with pytest.raises(NotAllowed):
                transitions.end_conflict(conflict, actor=actor, now=NOW)
        ended = transitions.end_conflict(conflict, actor=place.administrator, now=NOW)
        assert ended.ended_by == place.administrator
        with pytest.raises(Blocked, match="ended already"):
            transitions.end_conflict(conflict, actor=place.worker, now=NOW)

    def test_the_other_side_reads_that_it_is_declared_and_no_more(self, client, place):
        self.declare(place.worker, place.manager, detail="Married since June.")
        client.force_login(place.manager)
        page = client.get(reverse("people:conflicts")).text
        assert place.worker.name in page
        assert "Married" not in page and "Partner" not in page
        client.force_login(place.worker)
        page = client.get(reverse("people:conflicts")).text
        assert "Married since June." in page and "Partner or spouse" in page


class TestPages:
    def days(self, first, last):
        """The boxes of both dates, in days from today."""
        sent = {}
        for name, offset in (("first_day", first), ("last_day", last)):
            day = timezone.localdate() + timedelta(days=offset)
            sent |= {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}
        return sent

    def test_choose_check_and_end(self, client, place):
        client.force_login(place.manager)
        address = reverse("people:be_away")
        sent = {"delegate": place.other_manager.pk, **self.days(0, 3)}
        check = client.post(address, sent | {"check": ""})
        assert "Check who stands in for you" in check.text and not Delegation.objects.exists()
        assert client.post(address, sent | {"confirm": "confirm"}).status_code == 302
        made = Delegation.objects.get()
        listed = client.get(reverse("people:away")).text
        assert place.other_manager.name in listed and "Now" in listed
        end = reverse("people:end_away", args=[made.pk])
        assert "stop at once" in client.get(end).text
        assert client.post(end).status_code == 302
        made.refresh_from_db()
        assert made.ended_by == place.manager
        assert client.get(end).status_code == 409

    @pytest.mark.parametrize(
        ("first", "last", "sentence"),
        [(-1, 3, "or later"), (3, 2, "must be the first day or later")],
    )
    def test_wrong_days_are_said_beside_their_box(self, client, place, first, last, sentence):
        client.force_login(place.manager)
        page = client.post(
            reverse("people:be_away"),
            {"delegate": place.other_manager.pk, **self.days(first, last), "confirm": ""},
        )
        assert sentence in page.text and not Delegation.objects.exists()

    def test_only_those_who_may_are_on_the_list(self, client, cases, place):
        client.force_login(place.service_manager)
        page = client.get(reverse("people:be_away")).text
        assert place.head.name in page and cases.beside.service_manager.name in page
        for other in (place.manager, place.service_manager, cases.outside.head, place.auditor):
            assert f'value="{other.pk}"' not in page

    def test_anothers_cannot_be_ended(self, client, place):
        made = delegate(place.manager, place.other_manager, now=timezone.now(), **_from_today())
        for user in (place.other_manager, place.head, place.administrator):
            client.force_login(user)
            assert client.post(reverse("people:end_away", args=[made.pk])).status_code == 404

    def test_declare_by_email_and_end(self, client, place):
        client.force_login(place.worker)
        address = reverse("people:declare_conflict")
        sent = {"email": f" {place.manager.email.upper()} ", "tie": "friend", "detail": "Since school."}
        check = client.post(address, sent | {"check": ""})
        assert place.manager.name in check.text and not Conflict.objects.exists()
        assert client.post(address, sent | {"confirm": ""}).status_code == 302
        conflict = Conflict.objects.get()
        assert (conflict.person, conflict.other, conflict.tie) == (place.worker, place.manager, Tie.FRIEND)
        assert client.post(reverse("people:end_conflict", args=[conflict.pk])).status_code == 302
        conflict.refresh_from_db()
        assert conflict.ended_by == place.worker

    def test_nobody_learns_who_works_for_another_council(self, client, cases, place):
        """A stranger's address and one that nobody has get one answer."""
        client.force_login(place.worker)
        for email in (cases.outside.manager.email, "nobody@council.example", place.worker.email):
            page = client.post(
                reverse("people:declare_conflict"), {"email": email, "tie": "friend", "check": ""}
            )
            assert "Enter the email address of somebody else who works for your council" in page.text
            assert cases.outside.manager.name not in page.text

    def test_the_start_page_says_who_stands_in(self, client, place):
        away(place.manager, place.other_manager, last=2)
        for user, words in (
            (place.manager, f"{place.other_manager.name} stands in for you"),
            (place.other_manager, f"You stand in for {place.manager.name}"),
        ):
            client.force_login(user)
            assert words in client.get("/").text
        client.force_login(place.service_manager)
        assert "stand in" not in client.get("/").text


def test_nobody_stands_in_for_a_leaver(client, place):
    """Neither on cases nor in supervision."""
    away(place.manager, place.other_manager, last=2)
    client.force_login(place.other_manager)
    page = f"/team/{place.worker.pk}/development/"
    assert client.get(page).status_code == 200
    place.manager.is_active = False
    place.manager.save()
    assert client.get(page).status_code == 404
    assert client.get(f"/team/{place.worker.pk}/progress/").status_code == 404
    assert not selectors.stands_in(place.other_manager, place.manager, today=timezone.localdate())


def test_moved_to_another_council_nobody_stands_in(client, cases, place):
    """What was arranged counts no more, on either side's pages; whoever is away reads why."""
    away(place.manager, place.other_manager, last=2)
    today = timezone.localdate()
    assert selectors.stands_in(place.other_manager, place.manager, today=today)
    place.other_team.service = cases.beside.service
    place.other_team.save()
    assert selectors.stands_in(place.other_manager, place.manager, today=today)  # another service of it
    place.other_team.service = cases.outside.service
    place.other_team.save()
    assert not selectors.stands_in(place.other_manager, place.manager, today=today)
    assert _stood_in_for(place.other_manager) == []
    client.force_login(place.manager)
    for page in ("/", "/you/away/"):
        told = client.get(page).text
        assert f"{place.other_manager.name} cannot stand in for you" in told
        assert "no longer act for your council" in told
    client.force_login(place.other_manager)
    for page in ("/", "/you/away/"):
        assert place.manager.name not in client.get(page).text


def _from_today():
    today = timezone.localdate()
    return {"first_day": today, "last_day": today}


def test_who_stands_in_for_whom_today(place):
    """Of today alone, and not once ended."""
    held = away(place.manager, place.other_manager)
    away(place.head, place.director, first=1, last=1)
    assert _stood_in_for(place.other_manager) == [place.manager]
    assert _stood_in_for(place.director) == []
    back(held)
    assert _stood_in_for(place.other_manager) == []


def _stood_in_for(user):
    return list(
        User.objects.filter(pk__in=RawSQL(selectors.STOOD_IN_FOR, selectors.stood_in_for(user)))  # noqa: S611
    )


def test_councils(cases, place):
    assert selectors.councils_of(place.worker) == {"Testshire Council"}
    assert selectors.councils_of(place.manager) == {"Testshire Council"}
    assert selectors.councils_of(cases.outside.head) == {"Elsewhere Council"}
    assert selectors.councils_of(person(Role.HEAD_OF_SERVICE)) == set()


class TestInTheDatabase:
    @pytest.mark.parametrize(
        ("table", "sql"),
        [
            ("people_delegation", "UPDATE people_delegation SET last_day = last_day + 1"),
            ("people_delegation", "DELETE FROM people_delegation"),
            ("people_conflict", "UPDATE people_conflict SET tie = 'other'"),
            ("people_conflict", "DELETE FROM people_conflict"),
        ],
    )
    def test_what_was_said_stays(self, place, table, sql):
        away(place.manager, place.other_manager)
        tied(place.worker, place.manager)
        with pytest.raises(Exception, match=table), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"to_oneself": True}, "delegation_to_somebody_else"),
            ({"last_day": date(2026, 3, 1)}, "delegation_ends_after_it_begins"),
            ({"ended_at": NOW}, "delegation_ended_by_somebody"),
        ],
    )
    def test_a_delegation_makes_sense(self, place, changes, constraint):
        to = place.manager if changes.pop("to_oneself", False) else place.other_manager
        fields = {"first_day": MONDAY, "last_day": FRIDAY, "made_at": NOW, "made_by": place.manager}
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Delegation.objects.create(delegator=place.manager, delegate=to, **fields | changes)
