"""Every read that pay and the forms about it need, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from competencies import selectors as competencies
from competencies.models import PayScale
from payroll import policies
from payroll.models import Download, IssuedDocument, Letter, PayForm
from payroll.pay import BackPayLine, PayChange, Rate, end_of_month, total
from payroll.permissions import handles_forms
from payroll.states import TRAYS, Tray

FORMS_A_PAGE = 50


def pay_change(application, *, effective_from, today):
    """What the step up does to the worker's pay, with every award to the end of this month.

    The new point is the lowest of the new level. The change is not stated where either point has no published
    salary. Two queries, and one for each later award. R22, R37.
    """
    scheme, old = application.scheme, application.worker.post.spinal_point
    of_new_level = scheme.rules.level(application.step.to_level.number).spinal_points
    points = competencies.points_on(scheme, {old, *of_new_level}, on=effective_from)
    new = min(points.keys() & set(of_new_level), default=None)
    if new is None or old not in points:
        return PayChange(old, new, effective_from)
    rates = [Rate(effective_from, old=points[old].salary, new=points[new].salary)]
    for day in _awards(scheme, after=effective_from, until=end_of_month(today)):
        points = competencies.points_on(scheme, {old, new}, on=day)
        rate = Rate(day, old=points[old].salary, new=points[new].salary)
        if (rate.old, rate.new) != (rates[-1].old, rates[-1].new):
            rates.append(rate)
    return PayChange(old, new, effective_from, tuple(rates))


@dataclass(frozen=True)
class PayEffect:
    """What progressing would do to pay: back-pay `until` the end of this month, and what blocks it."""

    change: PayChange
    back_pay: list[BackPayLine]
    total: Decimal
    until: date
    blocks: list[str]


def pay_effect(application, *, effective_from, today):
    """What the step up would do to the worker's pay. As many queries as `pay_change`."""
    change = pay_change(application, effective_from=effective_from, today=today)
    lines = change.back_pay(today)
    return PayEffect(
        change=change,
        back_pay=lines,
        total=total(lines),
        until=end_of_month(today),
        blocks=policies.blocks_on_progressing(application, change),
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


def form_list(user, *, tray, search="", page=1):
    """The forms in a tray, newest first, or those with `search` in reference, ERN or name. Three queries."""
    forms = handled_by(user)
    counts = forms.aggregate(**{tray.name: Count("pk", filter=which) for tray, which in TRAYS.items()})
    if search:
        found = forms.filter(
            Q(reference__icontains=search) | Q(ern__icontains=search) | Q(name__icontains=search)
        )
    else:
        found = forms.filter(TRAYS[tray])
    found = found.select_related("downloaded_by", "in_pay_by").defer("content")
    return FormList(
        page=Paginator(found, FORMS_A_PAGE).get_page(page),
        counts={tray: counts[tray.name] for tray in TRAYS},
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
        .select_related("application__team", "downloaded_by", "in_pay_by")
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
