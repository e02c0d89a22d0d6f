"""The family data gate in what is no evidence: comments, self-assessment, supervision and development."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portfolios import family_data_transitions as naming
from portfolios import policies
from portfolios import self_assessment_selectors as self_assessment
from portfolios import sharing_transitions as sharing
from portfolios import supervision_transitions as supervision
from portfolios.export_reading import NotTaken
from portfolios.models import (
    Comment,
    DevelopmentAction,
    Priority,
    SelfAssessment,
    Stand,
    SupervisionNote,
    Training,
)
from portfolios.selectors import aim_of
from portfolios.self_assessment_transitions import say_where_you_stand
from tests import walk
from tests.council import organisation, with_rules
from tests.portfolios.exports import another, brought, exported
from tests.portfolios.makers import piece_of
from tests.reading import text
from tests.walk import State

pytestmark = pytest.mark.django_db
PHONE = "01634 555 018"
RANG = f"Ring the duty desk on {PHONE} again."
REASON = "The desk’s own published number"
TAKE_OUT = f"Take out “{PHONE}”, or say why it stays"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


def boxes(response):
    """The names of the boxes that ask why a passage stays."""
    return list(dict.fromkeys(re.findall(r'name="(why_[0-9a-f]{64})"', response.text)))


def why(response, reason=REASON):
    return dict.fromkeys(boxes(response), reason)


def day(name, when):
    return {f"{name}_0": when.day, f"{name}_1": when.month, f"{name}_2": when.year}


class TestComments:
    @pytest.fixture
    def piece(self, place, now):
        piece = piece_of(place.worker, now=now)
        sharing.share(piece, actor=place.worker, now=now)
        return piece

    @pytest.fixture(params=["worker", "manager"])
    def write(self, request, client, place, piece):
        """Sends a comment of one of the two sides."""

        def sent(words, **more):
            one = more.pop("piece", piece)
            own = f"/evidence/{one.pk}/comments/"
            theirs = f"/team/{place.worker.pk}/evidence/{one.pk}/"
            client.force_login(getattr(place, request.param))
            address = own if request.param == "worker" else theirs
            return client.post(address, {"key": str(uuid.uuid4()), "text": words} | more)

        return sent

    def test_a_passage_is_marked_and_nothing_typed_is_lost(self, write):
        page = write(RANG)
        assert f"Ring the duty desk on <mark>{PHONE}</mark> again." in page.text
        assert "Error: " in page.text and TAKE_OUT in text(page)
        assert f"{RANG}</textarea>" in page.text
        assert not Comment.objects.exists()

    def test_taken_out_it_is_added(self, write):
        assert len(boxes(write(RANG))) == 1
        assert write("Ring the duty desk again.").status_code == 302
        assert Comment.objects.get().stays == []

    def test_with_a_reason_it_is_added_and_either_side_reads_why(self, client, place, piece, write):
        assert write(RANG, **why(write(RANG))).status_code == 302
        said = Comment.objects.get()
        [stays] = said.stays
        assert (stays["kind"], stays["where"], stays["reason"]) == ("phone number", "Comment", REASON)
        assert "555" not in str(said.stays)
        told = f"A phone number stays in “Comment”. Their reason: {REASON}"
        client.force_login(place.worker)
        assert told in text(client.get(f"/evidence/{piece.pk}/comments/"))
        client.force_login(place.manager)
        assert told in text(client.get(f"/team/{place.worker.pk}/evidence/{piece.pk}/"))

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("  ", TAKE_OUT),
            ("It is 01634-555-018", "Say why it stays without a name, number"),
            ("x" * 501, "must be 500 characters or fewer"),
        ],
    )
    def test_a_reason_that_cannot_be_kept_is_said(self, write, reason, sentence):
        page = write(RANG, **why(write(RANG), reason))
        assert sentence in text(page) and reason.strip() in page.text
        assert not Comment.objects.exists()

    def test_what_is_answered_is_asked_about_once_in_a_thread_and_in_no_other(self, write, place, now):
        write(RANG, **why(write(RANG)))
        assert write(f"Still {PHONE}?").status_code == 302
        assert [one.stays[0]["reason"] for one in Comment.objects.all()] == [REASON, REASON]
        assert len(boxes(write(f"{PHONE} or 01634 555 019"))) == 1
        other = piece_of(place.worker, now=now)
        sharing.share(other, actor=place.worker, now=now)
        assert len(boxes(write(RANG, piece=other))) == 1

    def test_a_reason_for_something_else_answers_nothing(self, write):
        assert TAKE_OUT in text(write(RANG, **{f"why_{'a' * 64}": REASON}))
        assert not Comment.objects.exists()

    def test_the_workers_names_are_theirs_alone(self, client, place, piece, now):
        naming.watch_names(place.worker, names=["Zebedee"], now=now)
        sent = {"key": str(uuid.uuid4()), "text": "Zebedee’s plan."}
        client.force_login(place.worker)
        assert "Take out “Zebedee’s”" in text(client.post(f"/evidence/{piece.pk}/comments/", sent))
        client.force_login(place.manager)
        assert client.post(f"/team/{place.worker.pk}/evidence/{piece.pk}/", sent).status_code == 302


class TestSelfAssessment:
    ADDRESS = "/self-assessment/recording/"

    @pytest.fixture
    def worker(self, client, place):
        client.force_login(place.worker)
        return place.worker

    @pytest.fixture
    def first(self, worker):
        aim = aim_of(worker, today=timezone.localdate())
        return self_assessment.heading_of(aim.step, "recording").criteria[0]

    @pytest.fixture
    def say(self, client, first):
        def sent(words, **more):
            seen = max(SelfAssessment.objects.values_list("pk", flat=True), default=0)
            about = {"seen": seen, f"stand_{first.pk}": "doing", f"words_{first.pk}": words}
            return client.post(self.ADDRESS, about | more)

        return sent

    def test_it_is_asked_about_in_its_place(self, say, first):
        page = say(RANG)
        assert f'Phone number</strong> in <a class="govuk-link" href="#id_words_{first.pk}">' in page.text
        assert f"on <mark>{PHONE}</mark> again." in page.text and TAKE_OUT in text(page)
        assert not SelfAssessment.objects.exists()

    def test_with_a_reason_it_is_kept_and_not_asked_about_again(self, say):
        assert say(RANG, **why(say(RANG))).status_code == 302
        [stays] = SelfAssessment.objects.get().stays
        assert (stays["reason"], stays["where"], stays["place"]) == (REASON, "Why", "words")
        assert say(f"Or {PHONE}.").status_code == 302
        assert SelfAssessment.objects.first().stays == [stays]
        assert TAKE_OUT.replace("018", "019") in text(say("Now 01634 555 019."))

    def test_the_reason_goes_with_what_is_submitted(self, say, worker):
        say(RANG, **why(say(RANG)))
        step = aim_of(worker, today=timezone.localdate()).step
        [frozen] = self_assessment.to_freeze(worker, step).values()
        assert frozen["stays"] == [{"where": "Why", "kind": "phone number", "reason": REASON}]
        [said] = self_assessment.frozen_in({"1": frozen}).values()
        assert said.stays == frozen["stays"]
        del frozen["stays"]  # as it was submitted before there were any
        assert self_assessment.frozen_in({"1": frozen})[1].stays == []


class TestSubmitting:
    """What was kept is looked through again when it goes with a portfolio, as the lists stand then."""

    def test_a_name_watched_for_since_stands_in_the_way_until_it_is_answered_for(self, client, place, now):
        portfolio = walk.application_at(State.DRAFT, worker=place.worker, now=now).portfolio
        heading = self_assessment.heading_of(portfolio.step, "recording")
        first = heading.criteria[0].pk
        answers = {first: (Stand.DOING, "As Zebedee’s plan shows.")}
        say_where_you_stand(
            place.worker, actor=place.worker, heading=heading, answers=answers, seen=0, now=now
        )
        assert policies.family_data_in_the_way(portfolio) == []
        naming.watch_names(place.worker, names=["Zebedee"], now=now)
        (missing,) = policies.family_data_in_the_way(portfolio)
        assert missing.sentence == (
            "Look at what you said of yourself under “Recording” again: it may hold a name to watch."
        )
        assert missing in policies.missing_before_submission(portfolio)
        client.force_login(place.worker)
        address = reverse(missing.url_name, args=missing.args)
        seen = SelfAssessment.objects.get().pk
        sent = {"seen": seen, f"stand_{first}": "doing", f"words_{first}": "As Zebedee’s plan shows."}
        asked = client.post(address, sent)
        assert "Take out “Zebedee’s”" in text(asked)
        assert client.post(address, sent | why(asked, "The name of our system")).status_code == 302
        assert policies.family_data_in_the_way(portfolio) == []


DOORS = {
    "note": (SupervisionNote, "notes/add/", "reflection", ["held_on"]),
    "priority": (Priority, "priorities/add/", "text", []),
    "action": (DevelopmentAction, "plan/add/", "action", ["by_when"]),
    "training": (Training, "training/add/", "learned", ["taken_on"]),
    "training's title": (Training, "training/add/", "title", ["taken_on"]),
    "outcome": (DevelopmentAction, "plan/{pk}/finish/", "outcome", ["done_on"]),
    "applied": (Training, "training/{pk}/", "applied", []),
}


class TestDevelopment:
    @pytest.fixture(params=DOORS)
    def door(self, request, client, place, now):
        """(model, field, a function that sends its form with some words)."""
        model, address, field, days = DOORS[request.param]
        by_manager = request.param == "priority"
        if "{pk}" in address:
            made = self.make(model, place, now)
            address = address.format(pk=made.pk)
        start = f"/team/{place.worker.pk}/development/" if by_manager else "/development/"

        def send(words, **more):
            client.force_login(place.manager if by_manager else place.worker)
            told = {"title": "A course"} if model is Training else {}
            for name in days:
                told |= day(name, timezone.localdate())
            return client.post(start + address, told | {field: words} | more)

        return model, field, send

    def make(self, model, place, now):
        worker = place.worker
        if model is Training:
            told = {"title": "A course", "provider": "", "learned": "", "applied": ""}
            return supervision.record_training(
                worker, actor=worker, taken_on=now.date(), competencies=[], now=now, **told
            )
        planned = {"action": "Shadow a case", "competency": None, "by_when": None}
        return supervision.plan_action(worker, actor=worker, now=now, today=now.date(), **planned)

    def test_it_is_asked_about_and_nothing_typed_is_lost(self, door):
        model, field, send = door
        page = send(RANG)
        assert TAKE_OUT in text(page) and RANG in page.text
        assert not model.objects.filter(**{field: RANG}).exists()

    def test_with_a_reason_it_is_kept_and_read_with_it(self, client, place, door):
        model, field, send = door
        assert send(RANG, **why(send(RANG))).status_code == 302
        [stays] = model.objects.get().stays
        assert (stays["place"], stays["kind"], stays["reason"]) == (field, "phone number", REASON)
        parts = {SupervisionNote: "notes", Priority: "priorities", DevelopmentAction: "plan"}
        client.force_login(place.manager)
        page = text(client.get(f"/team/{place.worker.pk}/development/{parts.get(model, 'training')}/"))
        assert f"reason: {REASON}" in page

    def test_what_is_no_family_s_is_kept_unasked(self, door):
        _, _, send = door
        assert send("The Children Act 1989, visits of 4 May 2026, APP-2026-0001.").status_code == 302


def test_training_said_again_forgets_the_reasons_of_words_that_are_gone(client, place, now):
    kept = TestDevelopment().make(Training, place, now)
    client.force_login(place.worker)
    address = f"/development/training/{kept.pk}/"
    client.post(address, {"applied": RANG} | why(client.post(address, {"applied": RANG})))
    assert client.post(address, {"applied": f"Or {PHONE}"}).status_code == 302
    kept.refresh_from_db()
    assert [one["reason"] for one in kept.stays] == [REASON]
    assert client.post(address, {"applied": "Often."}).status_code == 302
    kept.refresh_from_db()
    assert (kept.applied, kept.stays) == ("Often.", [])


def test_an_export_brings_the_reasons_back_and_leaves_out_what_has_none(client, place, now, tmp_path):
    worker = place.worker
    client.force_login(worker)
    day_of = day("by_when", timezone.localdate() + timedelta(days=9))
    address, sent = "/development/plan/add/", {"action": RANG} | day_of
    client.post(address, sent | why(client.post(address, sent)))
    aim = aim_of(worker, today=timezone.localdate())
    heading = self_assessment.heading_of(aim.step, "recording")
    words = {"seen": 0} | {
        f"{name}_{heading.criteria[0].pk}": said for name, said in (("stand", "doing"), ("words", RANG))
    }
    address = "/self-assessment/recording/"
    client.post(address, words | why(client.post(address, words)))
    planned = {"competency": None, "by_when": None, "now": now, "today": now.date()}
    supervision.plan_action(
        worker, actor=worker, action="Ask 07700 900123.", **planned
    )  # from before the gate
    again = another(worker.name)
    came = brought(again, exported(worker, tmp_path), now=timezone.now())
    for model in (DevelopmentAction, SelfAssessment):
        assert [one.stays[0]["reason"] for one in model.objects.filter(worker=again)] == [REASON]
    assert "Left out, as it may hold family data: 1 thing of your training and plan" in came.sentences


def test_an_export_with_words_that_nobody_answered_for_is_not_taken(place, now, tmp_path):
    aim = aim_of(place.worker, today=timezone.localdate())
    heading = self_assessment.heading_of(aim.step, "recording")
    answers = {heading.criteria[0].pk: (Stand.DOING, RANG)}
    say_where_you_stand(place.worker, actor=place.worker, heading=heading, answers=answers, seen=0, now=now)
    with pytest.raises(NotTaken, match="self-assessment may identify"):
        brought(another(place.worker.name), exported(place.worker, tmp_path), now=timezone.now())
