"""Payroll sends a form back; a corrected version names the old one and stands in for it. R13."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from payroll import query_transitions, transitions, variation_transitions
from payroll.models import DocumentKind, LetterKind, PayForm, PayQuery, Variation, WhyStopped
from payroll.states import TRAYS, FormState
from people.models import Post
from people.permissions import NotAllowed
from people.policies import Blocked
from progression.models import DeadlineKind, Notice
from progression.standing import standing_of
from progression.states import State
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, organisation
from tests.payroll.pdf_reading import read
from tests.reading import text
from tests.walk import application_at

pytestmark = pytest.mark.django_db

ASKED, ANSWERED, AGAIN = NOW + timedelta(days=1), NOW + timedelta(days=2), NOW + timedelta(days=3)
REASON = "The post number belongs to another post."


def build():
    place = organisation()
    return SimpleNamespace(
        place=place,
        elsewhere=organisation(),
        sent=walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place)),
    )


built, cases = built_once(build)


def send_back(application, *, actor=None, reason=REASON, now=ASKED):
    form = application.pay_forms.latest("version")
    return query_transitions.send_back(
        form, actor=actor or council.payroll_of(application), reason=reason, now=now
    )


def answer(application, *, actor=None, says="It is P-99 now.", now=ANSWERED, **changed):
    post = Post.objects.get(holder=application.worker)
    names = ("job_title", "post_number", "ern", "spinal_point")
    return query_transitions.answer_query(
        application,
        actor=actor or application.team.manager,
        details={name: getattr(post, name) for name in names} | changed,
        answer=says,
        now=now,
    )


@pytest.mark.rule("R13", page="/payroll/forms/<reference>/query/")
def test_R13_payroll_sends_a_form_back_and_those_who_decided_are_told(cases):
    query = send_back(cases.sent)
    form = cases.sent.pay_forms.get()
    assert (query.reason, form.state) == (REASON, FormState.SENT_BACK)
    event = cases.sent.events.latest("id")
    assert (event.verb, event.actor, event.reason) == ("sent the form back", cases.place.payroll, REASON)
    told = {notice.recipient for notice in Notice.objects.filter(event=event, kind="form_sent_back")}
    assert told == {cases.place.manager, cases.sent.authoriser}
    assert cases.sent.deadlines.get(closed_on=None).kind == DeadlineKind.ANSWER_QUERY
    with pytest.raises(Blocked, match="sent this form back"):
        transitions.put_in_pay(form, actor=cases.place.payroll, now=ASKED)
    with pytest.raises(Blocked, match="sent this form back"):
        send_back(cases.sent)


@pytest.mark.rule("R13", page="/applications/<reference>/pay-query/")
def test_R13_the_corrected_version_names_the_old_and_the_decision_stays(cases):
    old = cases.sent.pay_forms.get()
    send_back(cases.sent)
    new = answer(cases.sent, post_number="P-99", job_title="Senior social worker")
    old.refresh_from_db()
    assert (new.version, new.replaces, old.replaced_by) == (2, old, new)
    assert (old.state, old.stopped_because) == (FormState.STOPPED, WhyStopped.REPLACED)
    changed = {name for name, value in new.content.items() if value != old.content[name]}
    assert changed == {"version", "replaces", "post_number", "job_title"}
    assert new.content["replaces"] == "version 1 of 10 March 2026"
    post = Post.objects.get(holder=cases.sent.worker)
    assert (post.post_number, post.job_title) == ("P-99", "Senior social worker")
    event = cases.sent.events.get(verb="corrected the form")
    assert event.detail["changes"]["post_number"] == [old.content["post_number"], "P-99"]
    assert PayQuery.objects.get().answer == "It is P-99 now."
    assert not cases.sent.deadlines.filter(kind=DeadlineKind.ANSWER_QUERY, closed_on=None).exists()

    transitions.issue(new, now=ANSWERED)
    cases.sent.refresh_from_db()
    assert cases.sent.state == State.SENT_TO_PAYROLL
    pdf = read(bytes(new.documents.get(kind=DocumentKind.PAY_FORM).content))
    assert "version 2 of this form, which replaces version 1 of 10 March 2026" in pdf.text
    assert old.documents.count() == 2
    told = Notice.objects.filter(event__verb="issued the pay form again")
    assert [notice.recipient for notice in told] == [cases.place.payroll]


@pytest.mark.rule("R23")
def test_R23_a_contract_accepted_on_the_same_terms_stays_accepted(cases):
    before = Variation.objects.get()
    send_back(cases.sent)
    new = transitions.issue(answer(cases.sent, post_number="P-99"), now=ANSWERED)
    assert cases.sent.deadlines.get(closed_on=None).kind == DeadlineKind.ACT
    carried = Variation.objects.get(pay_form=new)
    assert (carried.accepted, carried.answered_at) == (True, before.answered_at)
    assert carried.letter.number == 2 and carried.letter.kind == LetterKind.VARIATION
    assert "You need do nothing." in carried.letter.content["blocks"][0][1]
    with pytest.raises(Blocked, match="You accepted this change on 10 March 2026"):
        variation_transitions.accept_contract(cases.sent, actor=cases.sent.worker, now=AGAIN)
    transitions.put_in_pay(new, actor=cases.place.payroll, now=AGAIN)
    assert Post.objects.get(holder=cases.sent.worker).level == 3


@pytest.mark.rule("R23")
def test_R23_other_pay_is_offered_anew(cases):
    send_back(cases.sent)
    new = transitions.issue(answer(cases.sent, spinal_point=38), now=ANSWERED)
    assert (new.from_point, Decimal(new.content["from_salary"])) == (38, Decimal(31754))
    offered = Variation.objects.get(pay_form=new)
    assert offered.answered_at is None
    with pytest.raises(Blocked, match="has not accepted the new contract yet"):
        transitions.put_in_pay(new, actor=cases.place.payroll, now=AGAIN)
    accepted = variation_transitions.accept_contract(cases.sent, actor=cases.sent.worker, now=AGAIN)
    assert accepted == offered
    transitions.put_in_pay(new, actor=cases.place.payroll, now=AGAIN)


@pytest.mark.rule("R13")
def test_R13_who_acts_next_once_the_contract_is_accepted(cases):
    """Payroll, until it sends the form back; then those who answer it: payroll waits for them."""

    def said(reader):
        standing = standing_of(cases.sent, reader, today=ASKED.date())
        return standing.who, standing.after

    worker, auditor = cases.sent.worker, cases.place.auditor
    assert said(worker) == ("HR and payroll", "Payroll changes your pay and says so here.")
    assert said(auditor) == ("HR and payroll", "Payroll changes the pay.")
    send_back(cases.sent)
    follows = "The pay form is put right, and a new one goes to payroll."
    for reader in (cases.place.manager, cases.sent.authoriser):
        assert said(reader) == ("You", follows)
    for reader in (worker, auditor, cases.place.payroll):
        assert said(reader) == ("The team manager, or whoever authorised it", follows)


def test_a_contract_accepted_while_the_form_is_back_counts_for_the_corrected_one():
    application = application_at(State.SENT_TO_PAYROLL)
    send_back(application)
    variation_transitions.accept_contract(application, actor=application.worker, now=ASKED)
    assert application.deadlines.get(closed_on=None).kind == DeadlineKind.ANSWER_QUERY
    new = transitions.issue(answer(application, post_number="P-1"), now=ANSWERED)
    assert new.variation.accepted
    assert application.deadlines.get(closed_on=None).kind == DeadlineKind.ACT


def test_only_the_newest_can_be_put_in_pay(cases):
    old = cases.sent.pay_forms.get()
    send_back(cases.sent)
    transitions.issue(answer(cases.sent), now=ANSWERED)
    with pytest.raises(Blocked, match="a newer version stands in for it"):
        transitions.put_in_pay(old, actor=cases.place.payroll, now=AGAIN)
    with pytest.raises(Blocked, match="stopped on 12 March 2026"):
        query_transitions.send_back(old, actor=cases.place.payroll, reason=REASON, now=AGAIN)


def test_the_old_version_can_still_be_downloaded(cases):
    old = cases.sent.pay_forms.get()
    document = old.documents.get(kind=DocumentKind.PAY_FORM)
    send_back(cases.sent)
    answer(cases.sent)
    content = transitions.download(document, actor=cases.place.payroll, now=AGAIN)
    assert content == bytes(document.content)


def test_a_corrected_form_may_go_back_again(cases):
    for version in (1, 2):
        send_back(cases.sent)
        new = transitions.issue(answer(cases.sent, post_number=f"P-{version}"), now=ANSWERED)
        assert new.version == version + 1
    assert new.content["replaces"].startswith("version 2 of")
    assert Variation.objects.get(pay_form=new).accepted
    assert cases.sent.pay_forms.filter(stopped_at=None).get() == new


def test_who_sends_back_and_who_answers(cases):
    place = cases.place
    for user in (*place.everybody.values(), cases.sent.worker, cases.elsewhere.payroll):
        if user != place.payroll:
            with pytest.raises(NotAllowed):
                send_back(cases.sent, actor=user)
    send_back(cases.sent)
    may = {place.manager, cases.sent.authoriser}
    for user in (*place.everybody.values(), cases.sent.worker, cases.elsewhere.manager):
        if user not in may:
            with pytest.raises(NotAllowed):
                answer(cases.sent, actor=user)
    assert PayForm.objects.filter(application=cases.sent).count() == 1
    assert answer(cases.sent, actor=cases.sent.authoriser).version == 2


def test_both_need_words_and_nothing_is_asked_twice(cases):
    with pytest.raises(Blocked, match="Say what is wrong"):
        send_back(cases.sent, reason=" \n")
    with pytest.raises(Blocked, match="waits for no answer"):
        answer(cases.sent)
    send_back(cases.sent)
    with pytest.raises(Blocked, match="Say what you put right"):
        answer(cases.sent, says="  ")
    answer(cases.sent)
    with pytest.raises(Blocked, match="waits for no answer"):
        answer(cases.sent)


@pytest.mark.rule("R22", scheme="medway-2010")
def test_R22_a_point_that_cannot_progress_is_no_correction(cases):
    send_back(cases.sent)
    for point in (41, 12):
        with pytest.raises(Blocked):
            answer(cases.sent, spinal_point=point)
    assert Post.objects.get(holder=cases.sent.worker).spinal_point == 37


def test_a_form_that_asks_for_no_pay_does_not_go_back():
    application = application_at(State.DECLINED)
    form = transitions.issue(application.pay_forms.get(), now=ASKED)
    with pytest.raises(Blocked):
        query_transitions.send_back(form, actor=council.payroll_of(application), reason=REASON, now=ASKED)


def test_every_version_lies_in_one_tray(cases):
    send_back(cases.sent)
    transitions.issue(answer(cases.sent, spinal_point=38), now=ANSWERED)
    for form in PayForm.objects.all():
        trays = [tray for tray, which in TRAYS.items() if PayForm.objects.filter(which, pk=form.pk).exists()]
        assert len(trays) == 1, form.state


def test_a_scheme_without_points_asks_for_none(client):
    application = application_at(State.SENT_TO_PAYROLL, scheme="redbridge-2013")
    send_back(application)
    client.force_login(application.team.manager)
    page = text(client.get(f"/applications/{application.reference}/pay-query/"))
    assert "Post number" in page and "Spinal column point" not in page
    new = transitions.issue(answer(application, post_number="R-1"), now=ANSWERED)
    assert new.content["replaces"].startswith("version 1 of")


def test_the_pages(client, cases):
    pages = f"/payroll/forms/{cases.sent.reference}/"
    client.force_login(cases.place.payroll)
    assert "send the form back" in text(client.get(pages))
    assert "Say what is wrong" in text(client.post(f"{pages}query/", {"reason": ""}))
    page = text(client.post(f"{pages}query/", {"reason": REASON}, follow=True))
    assert "The form has been sent back" in page and REASON in page and "has not been answered yet" in page
    assert cases.sent.reference in text(client.get("/payroll/forms/?show=sent-back"))

    client.force_login(cases.place.manager)
    assert "Answer payroll" in text(client.get(f"/applications/{cases.sent.reference}/"))
    address = f"/applications/{cases.sent.reference}/pay-query/"
    assert REASON in text(client.get(address))
    post = Post.objects.get(holder=cases.sent.worker)
    taken = Post.objects.exclude(pk=post.pk).first().ern
    fields = {"job_title": "Social worker", "post_number": "P-7", "ern": taken, "spinal_point": "37"}
    assert "somebody else has that one" in text(client.post(address, fields | {"answer": "It is right now."}))
    fields["ern"] = post.ern
    assert "Say what you put right" in text(client.post(address, fields))
    done = client.post(address, fields | {"answer": "It is right now."}, follow=True)
    assert "The corrected form is being made" in text(done)
    assert client.get(address).status_code == 409

    transitions.issue(cases.sent.pay_forms.latest("version"), now=ANSWERED)
    client.force_login(cases.place.payroll)
    page = text(client.get(pages))
    assert page.index("Version 2") < page.index("Version 1, progressed")
    assert "Change no pay by this version" in page and "It is right now." in page
    assert "Download PAY002 (stopped)" in page
    assert client.post(f"{pages}1/pay-form/").status_code == 200


def test_R13_a_form_sent_back_waits_on_the_start_page_of_whoever_answers(client):
    place = council.organisation()
    application = walk.application_at(State.SENT_TO_PAYROLL, place)
    words = "Payroll sent the pay form back"
    query_transitions.send_back(
        application.pay_forms.get(progressed=True),
        actor=place.payroll,
        reason="The ERN is wrong.",
        now=council.NOW,
    )
    for user, waits in (
        (place.manager, True),
        (place.service_manager, True),
        (place.other_manager, False),
        (place.director, False),
    ):
        client.force_login(user)
        assert (words in client.get("/").content.decode()) is waits, user


def test_R23_a_contract_is_not_put_to_the_worker_while_its_form_is_sent_back(client):
    application = application_at(State.SENT_TO_PAYROLL)
    client.force_login(application.worker)
    asks = "Read and accept your new contract"
    assert asks in client.get("/").content.decode()
    send_back(application, actor=council.payroll_of(application))
    assert asks not in client.get("/").content.decode()
