"""The pages of supervision and development, for the two who read them; what they offer as evidence. R40."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portfolios import supervision_selectors as selectors
from portfolios import transitions as portfolios
from portfolios.models import DevelopmentAction, Evidence, Priority, SupervisionNote, Training
from portfolios.supervision_transitions import plan_from_refusal
from progression.transitions import refused_before
from tests import walk
from tests.council import organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
OWN = "/development/"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def today():
    return timezone.localdate()


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return " ".join(response.content.decode().split())


def team(place, more=""):
    return f"/team/{place.worker.pk}/development/{more}"


def day(name, when):
    return {f"{name}_0": when.day, f"{name}_1": when.month, f"{name}_2": when.year}


def dated(worker, model, count=1, **fields):
    """Past the transitions, for reading alone."""
    made = {
        SupervisionNote: {"held_on": date(2026, 1, 5), "reflection": "The core group."},
        Priority: {"text": "Court work", "agreed_on": date(2026, 1, 5)},
        DevelopmentAction: {"action": "Shadow a court case"},
        Training: {"title": "A course", "taken_on": date(2026, 1, 5)},
    }[model]
    by = worker.post.team.manager
    made |= {
        SupervisionNote: {"written_by": by, "written_at": timezone.now()},
        Priority: {"agreed_by": by},
        DevelopmentAction: {"added_by": by, "added_at": timezone.now()},
        Training: {"added_at": timezone.now()},
    }[model]
    return model.objects.bulk_create(model(worker=worker, **made | fields) for _ in range(count))


@pytest.mark.rule("R40", page="/development/")
def test_worker_and_manager_fill_in_everything_and_read_it(client, place, today):
    """R40: note, priority, plan, training, from the first page to the last."""
    soon = today + timedelta(days=30)
    client.force_login(place.manager)
    note = {"reflection": "We looked at two visits.", "headings_0": ["recording"], **day("held_on", today)}
    client.post(team(place, "notes/add/"), note)
    client.post(team(place, "priorities/add/"), {"text": "Court work", **day("review_on", soon)})
    plan = {"action": "Shadow a court case", "heading": "recording", **day("by_when", soon)}
    client.post(team(place, "plan/add/"), plan)
    client.force_login(place.worker)
    course = {"title": "Motivational interviewing", "learned": "To ask first.", **day("taken_on", today)}
    client.post(f"{OWN}training/add/", course | {"headings_0": ["recording"]})
    client.post(f"{OWN}notes/add/", note | {"reflection": "And what I thought of it afterwards."})
    training, action = Training.objects.get(), DevelopmentAction.objects.get()
    client.post(
        f"{OWN}training/{training.pk}/", {"learned": "To ask first.", "applied": "On each visit since."}
    )
    done = {"outcome": "Two days in court.", **day("done_on", today)}
    client.post(f"{OWN}plan/{action.pk}/finish/", done)
    client.force_login(place.manager)
    assert "Not agreed yet" in read(client, team(place))
    assert "Was this training agreed with you?" in read(client, team(place, f"training/{training.pk}/agree/"))
    client.post(team(place, f"training/{training.pk}/agree/"))
    for reader, start in ((place.worker, OWN), (place.manager, team(place))):
        client.force_login(reader)
        page = read(client, start)
        for words in (
            "We looked at two visits.",
            "And what I thought of it afterwards.",
            "Court work",
            "Motivational interviewing",
            "On each visit since.",
            f"Agreed with {place.manager.name}",
            "Nothing is left to do in the plan.",
        ):
            assert words in page, (reader, words)
        assert "Two days in court." in read(client, f"{start}plan/")
        for part in ("notes", "priorities", "training"):
            read(client, f"{start}{part}/")
    client.post(team(place, f"priorities/{Priority.objects.get().pk}/end/"))
    assert "Nothing is agreed now" in read(client, team(place))
    assert "Ended on" in read(client, team(place, "priorities/"))


@pytest.mark.parametrize(
    ("address", "sent", "said"),
    [
        ("notes/add/", {}, "Say what you talked about"),
        ("notes/add/", {"reflection": "x"}, "Enter the date of supervision"),
        ("priorities/add/", {}, "Say what you have agreed to work on"),
        ("plan/add/", {"action": "x"}, "Enter the day by which it is done"),
        ("plan/add/", {"heading": "recording"}, "Say what will be done"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, place, address, sent, said):
    client.force_login(place.manager)
    page = client.post(team(place, address), sent).content.decode()
    assert page.count(said) == 2 and "There is a problem" in page
    assert not SupervisionNote.objects.exists() and not DevelopmentAction.objects.exists()


def test_a_note_is_not_dated_tomorrow_nor_an_action_due_yesterday(client, place, today):
    client.force_login(place.worker)
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    note = client.post(f"{OWN}notes/add/", {"reflection": "x", **day("held_on", tomorrow)}).text
    assert "or earlier" in note
    plan = client.post(f"{OWN}plan/add/", {"action": "x", **day("by_when", yesterday)}).text
    assert "or later" in plan


def test_the_manager_stands_before_a_closed_door_at_the_workers_own_addresses(client, place):
    """And so do seniors and the worker's colleagues at the manager's."""
    action = dated(place.worker, DevelopmentAction)[0]
    client.force_login(place.manager)
    read(client, OWN, 404)
    read(client, f"{OWN}plan/{action.pk}/finish/", 404)
    for who in (place.worker, place.colleague, place.other_manager, place.service_manager, place.auditor):
        client.force_login(who)
        for more in ("", "notes/", "notes/add/", "plan/add/", f"plan/{action.pk}/finish/"):
            read(client, team(place, more), 404)


def test_anothers_things_are_not_found_under_ones_own_address(client, place):
    """The near miss: the right manager, another member of the same team."""
    mine, theirs = dated(place.worker, Training)[0], dated(place.colleague, Training)[0]
    client.force_login(place.manager)
    read(client, team(place, f"training/{mine.pk}/agree/"))
    read(client, team(place, f"training/{theirs.pk}/agree/"), 404)
    client.force_login(place.worker)
    read(client, f"{OWN}training/{theirs.pk}/", 404)
    read(client, f"{OWN}no-such-part/", 404)


def test_what_is_over_is_said_to_be_over(client, place, today):
    action = dated(place.worker, DevelopmentAction, done_on=today, outcome="Done.")[0]
    priority = dated(place.worker, Priority, ended_on=today)[0]
    training = dated(place.worker, Training, agreed_by=place.manager, agreed_on=today)[0]
    client.force_login(place.manager)
    for more in (
        f"plan/{action.pk}/finish/",
        f"priorities/{priority.pk}/end/",
        f"training/{training.pk}/agree/",
    ):
        read(client, team(place, more), 409)
        assert client.post(team(place, more)).status_code == 409


def test_an_action_past_its_day_is_overdue(client, place, today):
    dated(place.worker, DevelopmentAction, by_when=today)
    client.force_login(place.worker)
    assert "Overdue" not in read(client, OWN)
    dated(place.worker, DevelopmentAction, by_when=today - timedelta(days=1))
    assert read(client, OWN).count("Overdue") == 1


@pytest.mark.parametrize("start", ["own", "team"])
def test_a_page_costs_the_same_queries_with_2_and_60_of_everything(client, place, start):
    client.force_login(place.worker if start == "own" else place.manager)
    address = OWN if start == "own" else team(place)
    counted = []
    for count in (2, 58):
        for model in (SupervisionNote, Priority, DevelopmentAction, Training):
            dated(place.worker, model, count)
        headings = selectors.headings_for(place.worker, today=timezone.localdate())
        for note in SupervisionNote.objects.all():
            note.competencies.add(*headings[:2])
        counted.append([])
        for more in ("", "notes/", "plan/", "priorities/", "training/"):
            with CaptureQueriesContext(connection) as queries:
                read(client, address + more)
            counted[-1].append(len(queries))
    assert counted[0] == counted[1] and max(counted[0]) <= 11, counted


class TestEvidence:
    """R40: all of it offered as evidence later."""

    @pytest.fixture
    def portfolio(self, place, client):
        portfolio = application_at(State.DRAFT, worker=place.worker).portfolio
        client.force_login(place.worker)
        return portfolio

    @pytest.fixture
    def made(self, place, today):
        """A note, a finished action and training, each about Recording."""
        heading = selectors.headings_for(place.worker, today=today)[0]
        note, training = dated(place.worker, SupervisionNote)[0], dated(place.worker, Training)[0]
        note.competencies.add(heading)
        training.competencies.add(heading)
        action = dated(
            place.worker, DevelopmentAction, competency=heading, done_on=today, outcome="I sat in."
        )[0]
        return {"note": note, "action": action, "training": training}

    @pytest.mark.rule("R40", page="/portfolio/<code>/")
    def test_the_heading_offers_it_until_it_is_used(self, client, place, portfolio, made):
        dated(place.worker, DevelopmentAction, competency=made["action"].competency, action="Not finished")
        page = read(client, "/portfolio/recording/")
        for kind, thing in made.items():
            assert f"?from={kind}-{thing.pk}" in page
        assert "Not finished" not in page
        assert "From your development" not in read(client, "/portfolio/child-protection/")
        self.use(client, f"note-{made['note'].pk}")
        page = read(client, "/portfolio/recording/")
        assert "?from=note-" not in page and "?from=action-" in page

    def use(self, client, reference, **fields):
        form = client.get(f"/evidence/new/?from={reference}").context["form"]
        posted = {name: form[name].value() for name in ("key", "revision", "kind", "source")}
        posted |= {name: form[name].value() or "" for name in ("title", "what_i_did", "outcome")}
        posted |= {"what_i_learned": form["what_i_learned"].value() or "", "draft": "draft"}
        posted |= {
            "headings_0": form["headings_0"].value(),
            **day("practised_on", form.initial["practised_on"]),
        }
        return client.post("/evidence/new/", posted | fields)

    @pytest.mark.parametrize(
        ("kind", "becomes", "says"),
        [
            ("note", "practice example", {"what_i_did": "The core group."}),
            ("action", "practice example", {"what_i_did": "Shadow a court case", "outcome": "I sat in."}),
            ("training", "practice example", {"title": "A course"}),
        ],
    )
    def test_it_fills_in_the_form_and_the_piece_is_remembered(
        self, client, place, portfolio, made, kind, becomes, says
    ):
        reference = f"{kind}-{made[kind].pk}"
        self.use(client, reference)
        piece = Evidence.objects.get()
        assert piece.kind == becomes
        assert {name: getattr(piece, name) for name in says} == says
        assert [claim.competency.code for claim in piece.claims.all()] == ["recording"]
        made[kind].refresh_from_db()
        assert made[kind].evidence == piece
        assert client.get(f"/evidence/new/?from={reference}").url == f"/evidence/{piece.pk}/"
        portfolios.remove_evidence(piece, worker=place.worker, now=timezone.now())
        assert client.get(f"/evidence/new/?from={reference}").status_code == 200

    def test_what_is_kept_while_typing_is_remembered_too(self, client, place, portfolio, made):
        form = client.get(f"/evidence/new/?from=note-{made['note'].pk}").context["form"]
        posted = {name: form[name].value() for name in ("key", "revision", "kind", "source", "title")}
        assert client.post("/evidence/new/autosave/", posted).status_code == 200
        made["note"].refresh_from_db()
        assert made["note"].evidence == Evidence.objects.get()

    @pytest.mark.parametrize("reference", ["note-{note}", "training-{training}", "action-{action}"])
    def test_a_colleagues_is_nobody_elses_evidence(self, client, place, portfolio, made, reference):
        reference = reference.format(**{kind: thing.pk for kind, thing in made.items()})
        client.force_login(place.colleague)
        form = client.get(f"/evidence/new/?from={reference}").context["form"]
        assert not form["title"].value() and not form["source"].value()
        posted = {name: form[name].value() for name in ("key", "revision", "kind")}
        client.post("/evidence/new/", posted | {"title": "Taken", "draft": "", "source": reference})
        assert all(model.objects.get().evidence is None for model in (SupervisionNote, Training))

    @pytest.mark.parametrize(
        "reference", ["", "note", "note-", "note-x", "note-²", "note-" + "9" * 30, "x-1"]
    )
    def test_nonsense_starts_an_empty_form(self, client, place, portfolio, made, reference):
        form = client.get("/evidence/new/", {"from": reference}).context["form"]
        assert not form["title"].value()

    def test_a_heading_that_takes_no_training_record_gets_what_it_takes(self, client):
        """R27: in this scheme each heading says what kind it takes."""
        place = organisation("redbridge-2013")
        application = application_at(State.DRAFT, worker=place.worker)
        training = dated(place.worker, Training)[0]
        heading = next(
            one.competency
            for one in selectors.policies.asked(application.portfolio).evidenced
            if "training record" not in selectors.policies.kinds_for(application.portfolio, one.competency)
        )
        training.competencies.add(heading)
        client.force_login(place.worker)
        form = client.get(f"/evidence/new/?from=training-{training.pk}").context["form"]
        taken = selectors.policies.kinds_for(application.portfolio, heading)
        assert form["kind"].value() == taken[0]

    def test_the_heading_page_costs_at_most_8_queries(self, client, place, portfolio, made):
        read(client, "/portfolio/recording/")
        with CaptureQueriesContext(connection) as queries:
            read(client, "/portfolio/recording/")
        assert len(queries) <= 8, [query["sql"][:90] for query in queries]


class TestChecklist:
    """R18: what a refusal asks for is where the next application begins."""

    @pytest.fixture
    def refused(self, place):
        refused = application_at(State.DECLINED, worker=place.worker)
        headings = selectors.headings_for(place.worker, today=timezone.localdate())
        asked = [
            (headings[0], "Write the analysis before the visit", date(2026, 6, 1)),
            (None, "Show six months of records made on time", None),
        ]
        plan_from_refusal(
            place.worker, reference=refused.reference, actions=asked, actor=place.manager, now=timezone.now()
        )
        return refused

    @pytest.fixture
    def next_one(self, refused, place):
        return application_at(State.DRAFT, worker=place.worker)

    def asked_of(self, application):
        """How many actions the application starts from."""
        found = selectors.checklist_of(application.portfolio)
        return len(found.actions) if found else 0

    @pytest.mark.rule("R18", page="/portfolio/")
    @pytest.mark.rule("R40")
    def test_the_worker_sees_it_wherever_they_work_on_the_next_one(self, client, place, next_one):
        client.force_login(place.worker)
        for address in ("/", "/portfolio/", reverse("progression:submit", args=[next_one.reference])):
            page = read(client, address)
            assert "sked for at your last application" in page, address
        for address in ("/portfolio/", reverse("progression:submit", args=[next_one.reference])):
            assert "Show six months of records made on time" in read(client, address)
        assert "Write the analysis before the visit" in read(client, "/portfolio/recording/")
        assert "last application" not in read(client, "/portfolio/child-protection/")
        action = DevelopmentAction.objects.order_by("pk").first()
        assert "0 of 3 done" in read(client, "/")
        client.post(
            f"{OWN}plan/{action.pk}/finish/", {"outcome": "Done.", **day("done_on", date(2026, 5, 1))}
        )
        assert "1 of 3 done" in read(client, "/")

    @pytest.mark.rule("R18", page="/applications/<reference>/submit/")
    def test_it_warns_and_never_blocks(self, place, next_one):
        """Handed in with nothing of it done."""
        assert walk.submitted(next_one).state == State.SUBMITTED

    @pytest.mark.rule("R18", page="/applications/<reference>/assessment/<code>/")
    def test_the_manager_sees_it_beside_the_findings(self, client, place, next_one):
        walk.submitted(next_one)
        client.force_login(place.manager)
        address = reverse("reviews:assessment", args=[next_one.reference])
        assert "Show six months of records made on time" in read(client, address)
        client.post(address)
        assert "Write the analysis before the visit" in read(client, f"{address}recording/")
        assert "last application" not in read(client, f"{address}child-protection/")

    def test_a_refusal_leads_to_the_plan_and_the_outcome(self, client, place, refused):
        client.force_login(place.worker)
        page = read(client, "/")
        assert "/development/#plan" in page
        assert reverse("reviews:outcome", args=[refused.reference]) in page

    def test_one_refused_and_then_withdrawn_is_still_followed(self, place, next_one):
        walk.withdrawn(next_one)
        assert self.asked_of(application_at(State.DRAFT, worker=place.worker)) == 3

    def test_nothing_is_asked_where_nothing_was_refused(self, place, refused):
        assert self.asked_of(application_at(State.DRAFT, worker=place.colleague)) == 0

    def test_nor_after_a_review_was_upheld(self, place):
        """The near miss: refused, and then not."""
        dismissed = application_at(State.DISMISSED, worker=place.worker)
        upheld = application_at(State.UPHELD, worker=place.colleague)
        assert refused_before(place.worker, dismissed.step) == dismissed.reference
        assert refused_before(place.colleague, upheld.step) == ""
