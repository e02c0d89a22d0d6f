"""The change to the contract: offered by letter, accepted or declined by the worker alone. R23, R30."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from payroll import transitions, variation_transitions
from payroll.letters import LetterContent
from payroll.models import Letter, LetterKind, PayForm, Variation, WhyStopped
from payroll.states import FormState
from people.models import Post
from people.permissions import NotAllowed
from people.policies import Blocked
from progression import registers
from progression.models import DeadlineKind, Notice
from progression.selectors import contract_waits
from progression.states import State
from progression.team_selectors import members_of
from progression.transitions import withdraw
from reviews import reversal_transitions as reversals
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, organisation
from tests.reading import text
from tests.walk import application_at

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


def build():
    place = organisation()
    return SimpleNamespace(place=place, sent=application_at(State.SENT_TO_PAYROLL, place))


built, cases = built_once(build)


def accept(application, *, actor=None, now=LATER):
    return variation_transitions.accept_contract(application, actor=actor or application.worker, now=now)


def decline(application, *, actor=None, reason="I am moving away.", now=LATER):
    return variation_transitions.decline_contract(
        application, actor=actor or application.worker, reason=reason, now=now
    )


@pytest.mark.rule("R23", scheme="medway-2010", page="/applications/<reference>/contract/")
@pytest.mark.rule("R30", scheme="redbridge-2013", page="/applications/<reference>/contract/")
@pytest.mark.parametrize("scheme", ["medway-2010", "medway-2018", "redbridge-2013"])
def test_R23_R30_a_form_that_is_issued_offers_the_worker_the_change_by_letter(scheme):
    application = application_at(State.SENT_TO_PAYROLL, scheme=scheme)
    variation = Variation.objects.get(application=application)
    assert (variation.accepted, variation.pay_form) == (None, application.pay_forms.get())
    letter = variation.letter
    assert (letter.kind, letter.to) == (LetterKind.VARIATION, application.worker)
    says = LetterContent.from_json(letter.content)
    assert says.subject.startswith(f"A change to your contract: {application.step.to_level.name}")
    assert contract_waits(application)
    notice = Notice.objects.get(recipient=application.worker, kind="new_contract")
    assert notice.event.to_state == State.SENT_TO_PAYROLL
    open_now = application.deadlines.get(closed_on=None)
    assert (open_now.kind, open_now.due_on) == (DeadlineKind.ANSWER_VARIATION, None)


@pytest.mark.rule("R17", scheme="medway-2010")
def test_R17_the_letter_has_the_back_pay_line_by_line(cases):
    says = LetterContent.from_json(Variation.objects.get(application=cases.sent).letter.content)
    (table,) = [block[1] for block in says.blocks if block[0] == "table"]
    (first,) = table.rows
    assert first == ("10 to 31 March 2026", "22 of 31", "37: £30,851", "41: £34,549", "£3,698", "£218.70")
    assert table.total == ("Total before tax", "£218.70")
    assert Decimal(3698) * 22 / 31 / 12 == pytest.approx(Decimal("218.70"), abs=Decimal("0.005"))


def test_nobody_is_offered_a_contract_who_does_not_progress():
    application = application_at(State.DECLINED)
    transitions.issue(application.pay_forms.get(), now=LATER)
    assert not Variation.objects.filter(application=application).exists()


@pytest.mark.rule("R23", page="/applications/<reference>/contract/accept/")
def test_R23_accepting_is_recorded_and_payroll_is_told(cases):
    assert cases.sent.pay_forms.get().state == FormState.WITH_WORKER
    variation = accept(cases.sent)
    assert (variation.accepted, variation.answered_at) == (True, LATER)
    assert cases.sent.pay_forms.get().state == FormState.TO_DOWNLOAD
    event = cases.sent.events.latest("id")
    assert (event.verb, event.actor) == ("accepted the new contract", cases.sent.worker)
    assert Notice.objects.get(event=event).recipient == cases.place.payroll
    assert not contract_waits(cases.sent)
    assert cases.sent.deadlines.get(kind=DeadlineKind.ANSWER_VARIATION).closed_on == LATER.date()
    payrolls = cases.sent.deadlines.get(closed_on=None)
    assert (payrolls.kind, payrolls.opened_on) == (DeadlineKind.ACT, LATER.date())
    with pytest.raises(Blocked, match="You accepted this change on 12 March 2026"):
        accept(cases.sent)
    with pytest.raises(Blocked, match="You accepted"):
        decline(cases.sent)


@pytest.mark.rule("R23", page="/applications/<reference>/contract/decline/")
def test_R23_declining_stops_the_form_ends_the_application_and_leaves_pay_alone(cases):
    variation = decline(cases.sent)
    cases.sent.refresh_from_db()
    form = cases.sent.pay_forms.get()
    assert (variation.accepted, variation.reason) == (False, "I am moving away.")
    assert (cases.sent.state, form.state) == (State.WITHDRAWN, FormState.STOPPED)
    assert form.stopped_because == WhyStopped.DECLINED
    cases.sent.portfolio.refresh_from_db()
    assert not cases.sent.portfolio.is_open
    event = cases.sent.events.get(to_state=State.WITHDRAWN)
    assert (event.verb, event.reason) == ("declined the new contract", "I am moving away.")
    told = {notice.recipient: notice.kind for notice in event.notices.all()}
    assert told == {cases.place.payroll: "contract_declined", cases.place.manager: "news_for_manager"}
    assert Post.objects.get(holder=cases.sent.worker).level == 2
    with pytest.raises(Blocked):
        transitions.put_in_pay(form, actor=cases.place.payroll, now=LATER)
    assert walk.started(cases.sent.worker, now=LATER).state == State.DRAFT


def test_declining_needs_a_reason(cases):
    for reason in ("", "  \n"):
        with pytest.raises(Blocked, match="Say why"):
            decline(cases.sent, reason=reason)
    assert Variation.objects.get(application=cases.sent).answered_at is None


@pytest.mark.parametrize("answer", [accept, decline])
def test_only_the_worker_whose_contract_it_is_answers(cases, answer):
    others = [*cases.place.everybody.values(), council.social_worker(cases.place.team)]
    for user in others:
        with pytest.raises(NotAllowed):
            answer(cases.sent, actor=user)
    assert Variation.objects.get(application=cases.sent).answered_at is None


def test_nothing_to_answer_before_the_form_is_issued():
    application = application_at(State.AUTHORISED)
    with pytest.raises(Blocked):
        accept(application)


@pytest.mark.parametrize(
    "change",
    ["accepted = NOT accepted", "answered_at = now()", "offered_at = now()", "letter_id = letter_id + 1"],
)
def test_postgresql_keeps_the_answer(cases, change):
    accept(cases.sent)
    with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE payroll_variation SET {change}")  # noqa: S608


def test_an_award_put_in_pay_that_is_stopped_puts_the_post_back(cases):
    accept(cases.sent)
    transitions.put_in_pay(cases.sent.pay_forms.get(), actor=cases.place.payroll, now=LATER)
    assert Post.objects.get(holder=cases.sent.worker).level == 3
    cases.sent.refresh_from_db()
    form = transitions.stop_form(cases.sent, because=WhyStopped.REVERSED, actor=cases.place.head, now=LATER)
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.level, post.spinal_point, form.state) == (2, 37, FormState.STOPPED)
    assert cases.sent.events.latest("id").detail["because"] == "reversed"
    assert transitions.stop_form(cases.sent, because=WhyStopped.REVERSED, actor=None, now=LATER) is None


def test_a_form_stopped_before_it_is_issued_is_never_issued():
    application = application_at(State.AUTHORISED)
    form = transitions.stop_form(
        application, because=WhyStopped.REVERSED, actor=council.authoriser_of(application), now=LATER
    )
    assert transitions.issue(form, now=LATER).issued_at is None
    assert not Letter.objects.filter(application=application, kind=LetterKind.VARIATION).exists()
    assert not PayForm.objects.get(pk=form.pk).documents.exists()


# The pages.


def test_the_worker_reads_accepts_and_sees_it_done(client, cases):
    client.force_login(cases.sent.worker)
    assert "Read and accept your new contract" in text(client.get("/"))
    address = f"/applications/{cases.sent.reference}/contract/"
    page = text(client.get(address))
    assert "stay as they are until you accept" in page and "If you decline, you stay at" in page
    assert "You cannot undo this." in text(client.get(f"{address}accept/"))
    done = client.post(f"{address}accept/", follow=True)
    assert "You have accepted your new contract" in text(done)
    assert "Read and accept your new contract" not in text(client.get("/"))
    assert "You accepted this on" in text(client.get(address))
    for again in ("accept/", "decline/"):
        assert client.get(address + again).status_code == 409


def test_declining_asks_why_and_says_what_follows(client, cases):
    client.force_login(cases.sent.worker)
    address = f"/applications/{cases.sent.reference}/contract/decline/"
    page = text(client.get(address))
    assert "you stay at" in page and "you may apply again" in page
    assert "Say why you decline" in text(client.post(address, {"reason": " "}))
    done = client.post(address, {"reason": "The team is not for me."}, follow=True)
    assert "You have declined the new contract" in text(done)
    cases.sent.refresh_from_db()
    assert cases.sent.state == State.WITHDRAWN
    client.force_login(cases.place.payroll)
    page = text(client.get(f"/payroll/forms/{cases.sent.reference}/"))
    assert "the worker declined the new contract" in page and "The team is not for me." in page


class TestWhatItIsCalledAfterwards:
    """A worker who declined the contract did not withdraw, nor is it said so to anybody."""

    def test_everywhere_the_state_is_shown(self, client, cases):
        decline(cases.sent)
        place, worker, reference = cases.place, cases.sent.worker, cases.sent.reference
        for reader, addresses, says in (
            (worker, ("/", f"/applications/{reference}/"), "You declined the new contract"),
            (
                place.manager,
                ("/team/", f"/team/{worker.pk}/", f"/applications/{reference}/"),
                "Contract declined",
            ),
            (place.head, ("/workers/", "/applications/", f"/applications/{reference}/"), "Contract declined"),
        ):
            client.force_login(reader)
            for address in addresses:
                page = text(client.get(address))
                assert says in page, (reader, address)
                assert "You withdrew" not in page

    def test_on_a_manager_s_start_page_it_counts_as_what_it_is(self, cases):
        decline(cases.sent)
        lines = [member.line for member in members_of(cases.place.manager, today=LATER.date())]
        assert ("Contract declined", 1) in registers.counted_by_state(lines)

    def test_whoever_moves_it_afterwards_reads_it(self, cases):
        decline(cases.sent)
        with pytest.raises(Blocked, match="It is now: contract declined"):
            withdraw(cases.sent, actor=cases.sent.worker, now=LATER)

    def test_who_withdraws_before_any_award_withdrew(self, cases):
        """The near miss: authorised once, but taken back before the worker withdrew."""
        reversals.ask_to_reverse(cases.sent, actor=cases.place.head, reason="The wrong person.", now=LATER)
        taken_back = reversals.confirm_reversal(cases.sent, actor=cases.place.director, now=LATER)
        withdrawn = withdraw(taken_back, actor=cases.sent.worker, now=LATER)
        assert withdrawn.stage.worker_sees == "You withdrew"
        lines = [member.line for member in members_of(cases.place.manager, today=LATER.date())]
        (line,) = [one for one in lines if one.reference == withdrawn.reference]
        assert line.stage.staff_see == "Withdrawn"
