"""What somebody leaves behind goes when its time has come: not a day before, nor while anything keeps it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from competencies.models import Scheme, SchemeContent
from competencies.rules import SchemeRules
from competencies.transitions import publish
from people import erasing
from people.models import AuditEntry, Erasure, User
from people.personal import ERASED, NAMELESS, about_people
from people.privacy_models import Stage
from portfolios.models import Evidence, NameToWatch, Submission
from progression.models import Event, LegalHold
from reviews.models import Assessment
from tests.as_application import _become
from tests.built_once import built_once
from tests.council import NOW, organisation, scheme_files
from tests.portfolios.makers import piece_of, said
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def before(months=0, years=0):
    """The day so many months or years before today, as PostgreSQL counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (%s::date - make_interval(months => %s, years => %s))::date", [TODAY(), months, years]
        )
        return cursor.fetchone()[0]


def gone(worker, left_on):
    """They were made inactive, on that day."""
    User.objects.filter(pk=worker.pk).update(is_active=False)
    User.objects.filter(pk=worker.pk).update(left_on=left_on)
    worker.refresh_from_db()


def _a_case():
    application = application_at(State.IMPLEMENTED)
    piece = piece_of(application.worker, fields=said(title="Marlowe"))
    NameToWatch.objects.create(worker=application.worker, name="Marlowe", added_at=NOW)
    application.unsubmitted = piece
    return application


built, case = built_once(_a_case)


def everything(worker):
    """All that is stored in the tables that are declared to be theirs, as one text."""
    rows = []
    for one in about_people():
        for lookup in one.whose:
            if "=" not in lookup and not lookup.endswith("contains"):
                rows += one.table._base_manager.filter(**{lookup: worker.pk}).values_list()
    return str(rows)


class TestWhenSomebodyHasLeft:
    def test_the_day_is_written_by_postgresql(self, case):
        worker = case.worker
        assert worker.left_on is None
        worker.is_active = False
        worker.save()
        worker.refresh_from_db()
        assert worker.left_on == TODAY()
        worker.is_active = True
        worker.save()
        worker.refresh_from_db()
        assert worker.left_on is None

    def test_the_application_cannot_say_another_day(self, case):
        worker = case.worker
        _become("progression")
        try:
            User.objects.filter(pk=worker.pk).update(is_active=False, left_on=date(2001, 1, 1))
            worker.refresh_from_db()
            assert worker.left_on == TODAY()
            User.objects.filter(pk=worker.pk).update(left_on=date(2001, 1, 1))
            worker.refresh_from_db()
            assert worker.left_on == TODAY()
        finally:
            _become("NONE")

    def test_what_nobody_was_given_to_judge_goes_after_months(self, case):
        gone(case.worker, before(months=6))
        assert erasing.due(today=TODAY()) == [erasing.Due(case.worker.pk, Stage.MONTHS)]
        assert erasing.erase_due(today=TODAY()) == 1
        assert not NameToWatch.objects.filter(worker=case.worker).exists()
        assert Evidence.objects.get(pk=case.unsubmitted.pk).title == ERASED
        kept = Evidence.objects.filter(worker=case.worker, claims__isnull=False)
        assert kept.exists() and not kept.filter(title=ERASED).exists()
        case.worker.refresh_from_db()
        assert case.worker.name != NAMELESS
        assert erasing.due(today=TODAY()) == []

    def test_everything_else_after_years_and_figures_stay(self, case):
        worker = case.worker
        names = (worker.name, worker.email, worker.post.ern, "I saw the child alone", "Seen in supervision")
        assert all(name in everything(worker) for name in names)
        signed = Assessment.objects.get(application=case)
        gone(worker, before(years=6))
        assert erasing.erase_due(today=TODAY()) == 2
        left = everything(worker)
        assert [name for name in names if name in left] == []
        worker.refresh_from_db()
        assert worker.name == NAMELESS
        after = Assessment.objects.get(application=case)
        assert (after.signed_at, after.recommended) == (signed.signed_at, signed.recommended)
        case.refresh_from_db()
        assert case.state == State.IMPLEMENTED and Event.objects.filter(application=case).exists()
        assert set(Erasure.objects.values_list("stage", flat=True)) == set(Stage.values)

    @pytest.mark.parametrize("scheme", ["medway-2010", "redbridge-2013"])
    @pytest.mark.parametrize("state", [State.RETURNED, State.WITHDRAWN, State.DISMISSED, State.UPHELD])
    def test_in_whichever_state_their_case_was_left(self, state, scheme):
        case = application_at(state, scheme=scheme)
        gone(case.worker, before(years=6))
        assert erasing.erase_due(today=TODAY()) == 2
        left = everything(case.worker)
        for words in (
            case.worker.name,
            "I saw the child alone",
            "court report",
            "Seen in supervision",
            "records seen",
            "Room ",
        ):
            assert words not in left, words

    def test_the_audit_says_how_much_of_what_and_not_what_it_said(self, case):
        gone(case.worker, before(months=6))
        erasing.erase_due(today=TODAY())
        entry = AuditEntry.objects.get(kind=AuditEntry.Kind.ERASED)
        assert entry.people == [case.worker.pk] and entry.words == "months after leaving"
        assert "portfolios_nametowatch" in entry.fields and entry.count == Erasure.objects.get().rows

    def test_pages_of_an_erased_case_still_open(self, case, client):
        gone(case.worker, before(years=6))
        erasing.erase_due(today=TODAY())
        place = case.team.service
        for role, paths in {
            "head_of_service": ("", "portfolio/", "findings/", "outcome/"),
            "auditor": ("", "portfolio/"),
        }.items():
            client.force_login(place.officers.get(role=role))
            for path in paths:
                page = client.get(f"/applications/{case.reference}/{path}")
                assert page.status_code == 200, path
                assert NAMELESS in text(page) or path
        client.force_login(place.officers.get(role="payroll"))
        assert client.get(f"/payroll/forms/{case.reference}/").status_code == 200
        taken = client.post(f"/payroll/forms/{case.reference}/1/pay-form/")
        assert taken.status_code == 409 and "erased" in text(taken)


def refused(worker, stage, why):
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        erasing.erase(erasing.Due(worker.pk, stage))
    assert not Erasure.objects.exists()


class TestNearMisses:
    """Whoever asks, PostgreSQL itself looks."""

    @pytest.mark.parametrize(("stage", "how_long"), [("months", {"months": 6}), ("years", {"years": 6})])
    def test_one_day_too_early(self, case, stage, how_long):
        gone(case.worker, before(**how_long) + timedelta(days=1))
        refused(case.worker, stage, "too early")
        assert stage not in {one.stage for one in erasing.due(today=TODAY())}

    def test_still_in_post(self, case):
        refused(case.worker, Stage.MONTHS, "not left")
        assert erasing.due(today=TODAY()) == []

    def test_returned(self, case):
        gone(case.worker, before(years=7))
        User.objects.filter(pk=case.worker.pk).update(is_active=True)
        refused(case.worker, Stage.YEARS, "not left")

    def test_moved_to_another_council_and_still_here(self, case):
        case.worker.post.team = organisation().team
        case.worker.post.save()
        refused(case.worker, Stage.YEARS, "not left")

    def test_held_until_the_hold_ends(self, case):
        place = organisation()
        gone(case.worker, before(years=7))
        hold = LegalHold.objects.create(
            person=case.worker, reason="A claim", placed_at=NOW, placed_by=place.administrator
        )
        refused(case.worker, Stage.YEARS, "legal hold")
        assert erasing.due(today=TODAY()) == []
        hold.ended_at, hold.ended_by = NOW, place.administrator
        hold.save()
        assert erasing.erase_due(today=TODAY()) == 2

    def test_a_colleagues_things_stay(self, case):
        """Right team, same manager, still in post."""
        other = application_at(State.RECOMMENDED, worker=organisation().worker)
        words = everything(other.worker)
        gone(case.worker, before(years=7))
        erasing.erase_due(today=TODAY())
        assert everything(other.worker) == words

    def test_the_scheme_says_how_long(self, case):
        """In its latest version, whichever the case is under; six where it says nothing."""
        assert waits(case.worker) == (timedelta(days=180), timedelta(days=6 * 365))
        file = scheme_files()["medway-2010"].model_dump(mode="json", by_alias=True)
        file["retention"] = {"months_after_leaving": 9, "years_after_leaving": 8}
        publish(SchemeRules.model_validate(file), now=NOW)
        assert waits(case.worker) == (timedelta(days=270), timedelta(days=8 * 365))
        gone(case.worker, before(years=7))
        refused(case.worker, Stage.YEARS, "too early")
        assert erasing.erase_due(today=TODAY()) == 1

    def test_never_at_once_whatever_a_scheme_says(self, case):
        """The application's role may write a scheme that no page would take."""
        file = SchemeContent.objects.get(scheme__code="medway-2010").file
        file |= {"retention": {"months_after_leaving": -90, "years_after_leaving": 0}}
        made = Scheme.objects.get(code="medway-2010")
        made.pk, made.version, made.sha256, made.effective_from = None, 2, "f" * 64, date(2020, 1, 1)
        made.save(force_insert=True)
        SchemeContent.objects.create(scheme=made, file=file)
        assert waits(case.worker) == (timedelta(days=30), timedelta(days=365))
        gone(case.worker, TODAY())
        refused(case.worker, Stage.MONTHS, "too early")
        refused(case.worker, Stage.YEARS, "too early")


def waits(worker):
    """How long after leaving, for each stage: months of 30 days, years of 365."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erased_after(%s, 'months'), erased_after(%s, 'years')", [worker.pk] * 2)
        return cursor.fetchone()


class TestNobodyElseGetsPastTheGuards:
    @pytest.mark.parametrize("setting", ["", "SET LOCAL progression.erasing = 'yes';"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE portfolios_submission SET content = '{}'",
            "DELETE FROM progression_event",
            "UPDATE reviews_assessment SET reasons = ''",
            "DELETE FROM people_auditentry",
            "UPDATE people_erasure SET rows = 1",
        ],
    )
    def test_the_application_cannot(self, case, setting, statement):
        assert Submission.objects.exists()
        _become("progression")
        try:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL progression.acting = '|test'; {setting}{statement}")
        finally:
            _become("NONE")

    def test_the_application_cannot_make_the_function_its_own(self):
        _become("progression")
        try:
            for statement in (
                "ALTER FUNCTION erase_person(bigint, text) OWNER TO progression",
                "CREATE OR REPLACE FUNCTION erasing_now(oid) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            ):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
        finally:
            _become("NONE")

    def test_but_it_may_ask_for_what_is_due(self, case):
        gone(case.worker, before(years=6))
        _become("progression")
        try:
            assert erasing.erase_due(today=TODAY()) == 2
        finally:
            _become("NONE")

    def test_the_owner_gets_no_audit_entry_past_either(self, case):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL progression.erasing = 'yes'; DELETE FROM people_auditentry")


def test_a_dry_run_says_what_would_go_and_changes_nothing(case):
    gone(case.worker, before(years=6))
    told = StringIO()
    call_command("erase", dry_run=True, stdout=told)
    assert told.getvalue().count(f"Person {case.worker.pk}:") == 2 and case.worker.name not in told.getvalue()
    assert not Erasure.objects.exists()
