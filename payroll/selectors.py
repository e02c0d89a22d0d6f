"""Every read that pay and the forms about it need, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.timezone import localdate

from competencies import selectors as competencies
from competencies.models import PayScale
from payroll import policies
from payroll.increments import Increments, climb
from payroll.models import Download, IssuedDocument, Letter, PayForm, PayQuery, Variation
from payroll.pay import METHOD, BackPayLine, PayChange, end_of_month, rates, total
from payroll.permissions import handles_forms
from payroll.states import ASK_PAYROLL, TRAYS, Tray
from progression.also_waiting import Request
from progression.models import Capacity
from progression.permissions import check_can_answer_payroll
from progression.states import State

FORMS_A_PAGE = 50
POINT_WHEN_SIGNED = "spinal_point_when_signed"
"""In the detail of the event that a signed assessment writes."""


def pay_change(application, *, effective_from, today):
    """What the step up does to the worker's pay, with every award and increment to the end of this month.

    The new point is the lowest of the new level. The change is not stated where either point has no published
    salary. Two queries, one for each later award, and one if an increment day has passed. R12, R22, R37.
    """
    old = point_held(application, on=effective_from, today=today)
    return change_between(application, old, effective_from=effective_from, today=today)


def change_between(application, old, *, effective_from, today, new=None):
    """The PayChange from the point `old` to `new`, or to the lowest of the new level. R12, R22, R37.

    Two queries, and one for each later award.
    """
    rules, step, until = application.scheme.rules, application.step, end_of_month(today)
    of_old_level = rules.level(step.from_level.number).spinal_points
    of_new_level = rules.level(step.to_level.number).spinal_points
    wanted = {old, *of_old_level, *of_new_level}
    scales = [(effective_from, _salaries(application.scheme, wanted, on=effective_from))]
    salaries = scales[0][1]
    new = new or min(salaries.keys() & set(of_new_level), default=None)
    if new is None or old not in salaries:
        return PayChange(old, new, effective_from)
    for day in _awards(application.scheme, after=effective_from, until=until):
        scales.append((day, scales[-1][1] | _salaries(application.scheme, wanted, on=day)))
    rise = increments(rules.pay)
    yearly, first = rise.next_after(effective_from), rise.first_in_grade(effective_from)
    paths = [
        climb(
            point, salaries.keys() & points, start=effective_from, first=starts, increments=rise, until=until
        )
        for point, points, starts in ((old, of_old_level, yearly), (new, of_new_level, first))
    ]
    return PayChange(old, new, effective_from, rates(*paths, scales))


def point_held(application, *, on, today):
    """The spinal column point that the worker held on a day, as far as is known.

    The directory says what they hold today. Where an increment day has passed since, and the point is one up
    from what it was when the manager signed, that one was held. One query then, none otherwise.
    """
    now_at, pay = application.worker.post.spinal_point, application.scheme.rules.pay
    if now_at is None or pay is None or not increments(pay).between(on, today):
        return now_at
    signed = application.events.filter(detail__has_key=POINT_WHEN_SIGNED).order_by("-id").first()
    was = signed and signed.detail[POINT_WHEN_SIGNED]
    points = application.scheme.rules.level(application.step.from_level.number).spinal_points
    higher = min((point for point in points if was is not None and point > was), default=None)
    return was if higher == now_at else now_at


def held_when_signed(application):
    """What the history is to keep of the worker's pay when the manager signs: see `point_held`."""
    return {POINT_WHEN_SIGNED: application.worker.post.spinal_point}


def increments(pay):
    """When points go up, as the scheme's pay says."""
    day = pay.increment_day
    return Increments(month=day.month, day=day.day, after_months=pay.increment_after_months)


def _salaries(scheme, points, *, on):
    found = competencies.points_on(scheme, points, on=on)
    return {number: point.salary for number, point in found.items()}


@dataclass(frozen=True)
class PayEffect:
    """What progressing would do to pay: back-pay `until` the end of this month, and what blocks it."""

    change: PayChange
    back_pay: list[BackPayLine]
    total: Decimal
    until: date
    blocks: list[str]
    method: str = METHOD


def pay_effect(application, *, effective_from, today):
    """What the step up would do to the worker's pay. As many queries as `pay_change`."""
    change = pay_change(application, effective_from=effective_from, today=today)
    return _effect(change, policies.blocks_on_progressing(application, change), today=today)


def effect_of_form(pay_form, *, today):
    """What a form that says progressed does to pay: until the end of this month, or of that of the change.

    Two queries, and one for each later award.
    """
    until = min(today, localdate(pay_form.in_pay_at)) if pay_form.in_pay_at else today
    change = change_between(
        pay_form.application,
        pay_form.from_point,
        new=pay_form.to_point,
        effective_from=pay_form.effective_from,
        today=until,
    )
    return _effect(change, [], today=until)


def _effect(change, blocks, *, today):
    lines = change.back_pay(today)
    return PayEffect(
        change=change, back_pay=lines, total=total(lines), until=end_of_month(today), blocks=blocks
    )


def _awards(scheme, *, after, until):
    """The days on which new salaries came into force. R37."""
    return (
        PayScale.objects.filter(scheme__code=scheme.code, effective_from__gt=after, effective_from__lte=until)
        .order_by("effective_from")
        .values_list("effective_from", flat=True)
        .distinct()
    )


def handled_by(user):
    """The forms that this person handles, as permissions.py says: never one about themselves."""
    if not handles_forms(user):
        return PayForm.objects.none()
    own = PayForm.objects.filter(application__worker=user).order_by().values("pk")
    return PayForm.objects.filter(service__in=user.services.order_by().values("pk")).exclude(pk__in=own)


@dataclass(frozen=True)
class FormList:
    """A page of forms, and how many lie in each tray. `tray` is None while searching, which looks in all."""

    page: Page
    counts: dict
    tray: Tray | None

    @property
    def nothing_to_do(self):
        return not any(self.counts[tray] for tray in ASK_PAYROLL)


def form_list(user, *, tray=None, search="", page=1):
    """The forms in a tray, newest first, or those with `search` in reference, ERN or name. Three queries.

    Without `tray` it is the first that holds any.
    """
    forms = handled_by(user)
    counted = forms.aggregate(**{tray.name: Count("pk", filter=which) for tray, which in TRAYS.items()})
    counts = {tray: counted[tray.name] for tray in TRAYS}
    tray = tray or next((tray for tray in TRAYS if counts[tray]), Tray.TO_DOWNLOAD)
    if search:
        found = forms.filter(
            Q(reference__icontains=search) | Q(ern__icontains=search) | Q(name__icontains=search)
        )
    else:
        found = forms.filter(TRAYS[tray])
    found = found.select_related("downloaded_by", "in_pay_by", "variation", "payroll_query").defer("content")
    return FormList(
        page=Paginator(found, FORMS_A_PAGE).get_page(page),
        counts=counts,
        tray=None if search else tray,
    )


@dataclass(frozen=True)
class FormFile:
    """One form with its documents, without their bytes, and who took which of them when."""

    form: PayForm
    documents: list[IssuedDocument]
    downloads: list[Download]


def forms_of_case(user, reference):
    """Each form about one case that this person handles, newest first, as FormFile. Three queries."""
    forms = list(
        handled_by(user)
        .filter(reference=reference)
        .select_related(
            "application__team",
            "application__scheme",
            "application__step__from_level",
            "application__step__to_level",
            "downloaded_by",
            "in_pay_by",
            "replaces",
            "variation",
            "payroll_query__asked_by",
            "payroll_query__answered_by",
            "payroll_query__on_behalf_of",
        )
        .order_by("-version")
    )
    documents = list(IssuedDocument.objects.filter(pay_form__in=forms).defer("content").order_by("-kind"))
    downloads = list(
        Download.objects.filter(document__pay_form__in=forms)
        .select_related("by", "document")
        .defer("document__content")
    )
    return [
        FormFile(
            form,
            [document for document in documents if document.pay_form_id == form.pk],
            [download for download in downloads if download.document.pay_form_id == form.pk],
        )
        for form in forms
    ]


def effect_of_newest(files, *, today):
    """What the newest of a case's forms does to pay; None where no pay changes by it. As `effect_of_form`."""
    newest = files[0].form
    if not newest.progressed or newest.stopped_at:
        return None
    return effect_of_form(newest, today=today)


def document_of(user, reference, version, kind):
    """One issued document with its bytes, or None if there is none that this person handles. One query."""
    return (
        IssuedDocument.objects.filter(
            pay_form__in=handled_by(user).order_by().values("pk"),
            pay_form__reference=reference,
            pay_form__version=version,
            kind=kind,
        )
        .select_related("pay_form__application__team")
        .first()
    )


def latest_form(application):
    """The newest form about a case, or None. One query."""
    return PayForm.objects.filter(application=application).order_by("-version").first()


def open_query(application):
    """The PayQuery that payroll waits to have answered, or None. One query."""
    waiting = PayQuery.objects.filter(
        pay_form__application=application, pay_form__stopped_at=None, answered_at=None
    )
    return waiting.select_related("asked_by", "pay_form").first()


QUERIES = Request(
    what=lambda application: "Payroll sent the pay form back",
    waiting=lambda: PayQuery.objects.filter(
        answered_at=None,
        pay_form__stopped_at=None,
        pay_form__application__state=State.SENT_TO_PAYROLL,
    ),
    case="pay_form__application_id",
    capacity=Capacity.ASSESSOR,
    check=lambda user, application, row: check_can_answer_payroll(user, application),
    page="payroll:answer_query",
)
"""The forms that payroll sent back, for whoever may put them right. R13."""


def accepted_on_same_terms(pay_form):
    """The accepted Variation of the version that a form replaces, if it pays the same; else None. R23."""
    before = Variation.objects.filter(pay_form=pay_form.replaces_id, accepted=True).select_related("pay_form")
    accepted = before.first() if pay_form.replaces_id else None
    return accepted if accepted and _terms(accepted.pay_form) == _terms(pay_form) else None


def _terms(pay_form):
    """What a worker agrees to. Content is kept as JSON, so a salary is the same text."""
    says = pay_form.content
    names = ("from_level", "to_level", "from_point", "to_point", "from_salary", "to_salary", "effective_from")
    return [says[name] for name in names]


def variation_of(application):
    """The change to the contract that the worker is offered, or answered last; None without. One query."""
    variations = Variation.objects.filter(application=application, pay_form__stopped_at=None)
    return variations.select_related("letter", "pay_form").order_by("-offered_at", "-id").first()


def letters_of(application):
    """Every letter about a case, newest first, without what it says. One query."""
    letters = Letter.objects.filter(application=application).select_related("to", "application")
    return list(letters.defer("content"))


def letter_of(application, kind, number):
    """One letter about a case, or None. One query."""
    letters = Letter.objects.filter(application=application, kind=kind, number=number)
    return letters.select_related("to", "application").first()


def document_of_letter(letter):
    """The letter's IssuedDocument without its bytes, or None while it is being made. One query."""
    return IssuedDocument.objects.filter(letter=letter).defer("content").first()


def downloads_of(letter):
    """Who took the letter, and when. One query."""
    return list(Download.objects.filter(document__letter=letter).select_related("by"))
