"""All that is a worker's own, as an export says it: no number of a row is in it."""

from django.db.models import Prefetch

from competencies.models import Competency, Criterion
from portfolios import export_format as form
from portfolios import family_data_selectors as family_data
from portfolios.family_data import Kind
from portfolios.family_data_words import WHERE, development_of, self_of, written_about
from portfolios.models import (
    Attachment,
    Comment,
    CpdRecord,
    CriterionMark,
    DevelopmentAction,
    HeadingMark,
    NameToWatch,
    Portfolio,
    Priority,
    SelfAssessment,
    Submission,
    SupervisionNote,
    Testimony,
    Training,
)
from portfolios.models.scanned import ScanState

TEXTS = ("kind", "title", "practised_on", "what_i_did", "outcome", "what_i_learned", "complete")


def headings():
    """{competency's id: form.HeadingOf} of every version of every scheme. One query."""
    rows = Competency.objects.values_list("pk", "scheme__code", "scheme__version", "code")
    return {
        pk: form.HeadingOf(scheme=scheme, version=version, heading=code) for pk, scheme, version, code in rows
    }


def criteria():
    """{criterion's id: form.CriterionOf}, likewise."""
    rows = Criterion.objects.values_list(
        "pk",
        "competency__scheme__code",
        "competency__scheme__version",
        "competency__code",
        "level__number",
        "text",
    )
    return {
        pk: form.CriterionOf(scheme=scheme, version=version, heading=code, level=level, text=text)
        for pk, scheme, version, code, level, text in rows
    }


def pieces_of(worker):
    """The worker's pieces, oldest first, with all that `piece` asks of them. A few queries for every 100."""
    kept = Prefetch("attachments", queryset=Attachment.objects.filter(removed_at=None))
    marks = Prefetch(
        "heading_marks",
        queryset=HeadingMark.objects.prefetch_related(
            Prefetch("criterion_marks", queryset=CriterionMark.objects.order_by("criterion_id"))
        ),
    )
    return (
        family_data.pieces_with_kept()
        .filter(worker=worker, removed_at=None)
        .order_by("created_at", "key")
        .prefetch_related(kept, marks, "revisions", "reference_marks", "declarations", "attachments__found")
        .iterator(chunk_size=100)
    )


def piece(one, headings, criteria):
    """(form.Piece, what of it is left out), of one of `pieces_of`."""
    files = [file for file in one.attachments.all() if file.scan == ScanState.SAFE]
    reasons, gone = _reasons(one, files)
    unread = [
        {"piece": str(one.key), "file": file.name, "why": file.scan_words}
        for file in one.attachments.all()
        if file.scan != ScanState.SAFE
    ]
    return form.Piece(
        key=one.key,
        **{name: getattr(one, name) for name in TEXTS} | {"kind": form.EvidenceKind(one.kind)},
        revision=one.revision,
        created_at=one.created_at,
        updated_at=one.updated_at,
        revisions=[_revision(row, headings) for row in one.revisions.all()],
        files=sorted(
            (
                form.File(
                    name=file.name,
                    content_type=file.content_type,
                    size=file.size,
                    sha256=file.sha256,
                    added_at=file.added_at,
                )
                for file in files
            ),
            key=lambda file: (file.added_at, file.sha256),
        ),
        marks=[
            form.Mark(
                scheme=mark.scheme,
                heading=mark.heading,
                criteria=_in_order(criteria[row.criterion_id] for row in mark.criterion_marks.all()),
            )
            for mark in one.heading_marks.all()
        ],
        references=[
            form.Reference(list=mark.reference, item=mark.item) for mark in one.reference_marks.all()
        ],
        reasons=reasons,
    ), unread + gone


def _revision(row, headings):
    said = dict(row.content)
    said["kind"] = form.EvidenceKind(said["kind"])
    said["practised_on"] = said["practised_on"] and form.date.fromisoformat(said["practised_on"])
    said["headings"] = _in_order(headings[pk] for pk in said["headings"] if pk in headings)
    return form.Revision(number=row.number, saved_at=row.saved_at, **said)


def _in_order(parts):
    return sorted(parts, key=lambda part: tuple(part.model_dump().values()))


def _reasons(one, files):
    """Why passages stay, each with what knows it again elsewhere; and the reasons for those that have gone.

    A digest knows a passage in this row of this table alone. Of a file the text is not kept: which of its
    passages it is, by its place among them, is the same wherever the file is read.
    """
    shas = {file.pk: file.sha256 for file in files}
    known = {}
    for file in files:
        for number, found in enumerate(sorted(file.found.all(), key=lambda row: row.pk)):
            known.setdefault(found.digest, {"file": shas[file.pk], "number": number})
    for passage in family_data.passages_of(one):
        if not passage.shape:
            known[passage.digest] = {"passage": passage.marked}
    kept, gone = [], []
    for row in one.declarations.all():
        said = {
            "field": row.field,
            "kind": Kind(row.kind),
            "reason": row.reason,
            "declared_at": row.declared_at,
        }
        if row.digest in known:
            kept.append(form.Reason(**said, **known[row.digest]))
        else:
            gone.append({"piece": str(one.key), **said})
    return sorted(kept, key=lambda said: (said.declared_at, said.model_dump_json())), gone


def self_assessment(worker, criteria):
    rows = SelfAssessment.objects.filter(worker=worker).order_by("said_at", "pk")
    written = written_about(worker, by=worker, about=self_of(worker))
    return [
        form.Stood(
            criterion=criteria[row.criterion_id],
            stand=form.Stand(row.stand),
            words=row.words,
            stays=_stays(row, written),
            said_at=row.said_at,
        )
        for row in rows
    ]


def _stays(row, written):
    """Why passages of a row stay, as long as they are found there."""
    reasons = {one["digest"]: one["reason"] for one in row.stays}
    texts = [(field, where, getattr(row, field)) for field, where in WHERE[type(row)].items()]
    return [
        form.Stays(field=one.place, kind=one.kind, passage=one.marked, reason=reasons[digest])
        for digest, one in (written.passages(texts) if reasons else {}).items()
        if digest in reasons
    ]


def names_to_watch(worker):
    rows = NameToWatch.objects.filter(worker=worker).order_by("name")
    return [form.Name(name=row.name, added_at=row.added_at) for row in rows]


def training(worker, headings):
    rows = (
        Training.objects.filter(worker=worker)
        .order_by("added_at", "title", "pk")
        .select_related("evidence")
        .prefetch_related("competencies")
    )
    written = written_about(worker, by=worker, about=development_of(worker))
    return [
        form.Course(
            title=row.title,
            provider=row.provider,
            taken_on=row.taken_on,
            learned=row.learned,
            applied=row.applied,
            stays=_stays(row, written),
            headings=_in_order(headings[one.pk] for one in row.competencies.all()),
            piece=_key(row),
            added_at=row.added_at,
        )
        for row in rows
    ]


def plan(worker, headings):
    rows = _own_plan(worker).order_by("added_at", "action", "pk").select_related("evidence")
    written = written_about(worker, by=worker, about=development_of(worker))
    return [
        form.Planned(
            action=row.action,
            heading=headings.get(row.competency_id),
            by_when=row.by_when,
            done_on=row.done_on,
            outcome=row.outcome,
            stays=_stays(row, written),
            piece=_key(row),
            added_at=row.added_at,
        )
        for row in rows
    ]


def cpd(worker):
    rows = (
        CpdRecord.objects.filter(worker=worker, evidence__removed_at=None)
        .order_by("chosen_at", "evidence__key")
        .select_related("evidence")
    )
    return [
        form.Cpd(
            piece=row.evidence.key,
            year_ends_on=row.year_ends_on,
            chosen_at=row.chosen_at,
            peer_role=row.peer_role,
            peer_on=row.peer_on,
            peer_said=row.peer_said,
            entered_on=row.entered_on,
            entered=row.entered and [list(one) for one in row.entered],
        )
        for row in rows
    ]


def _own_plan(worker):
    return DevelopmentAction.objects.filter(worker=worker, added_by=worker, from_refusal_of="")


def _key(row):
    return row.evidence.key if row.evidence and row.evidence.removed_at is None else None


def for_reading(worker, headings):
    """{name of the entry: what it says, as JSON takes it} of all that does not come back."""
    return {
        form.PROFILE: _profile(worker),
        "for-reading/portfolios.json": [
            {
                "step": str(row.step),
                "open": row.is_open,
                "created_at": row.created_at,
                "good_to_have": row.desirables,
                "counts": [
                    {"piece": key, "heading": code}
                    for key, code in row.claims.order_by("competency__position", "evidence__key").values_list(
                        "evidence__key", "competency__code"
                    )
                ],
            }
            for row in Portfolio.objects.filter(worker=worker)
            .select_related("step")
            .order_by("created_at", "pk")
        ],
        "for-reading/development.json": _development(worker, headings),
        "for-reading/comments.json": [
            {
                "piece": row.evidence.key,
                "by": row.author.named_with(row.on_behalf_of),
                "at": row.written_at,
                "text": row.text,
            }
            for row in Comment.objects.filter(evidence__worker=worker)
            .order_by("written_at", "pk")
            .select_related("evidence", "author", "on_behalf_of")
        ],
        "for-reading/testimonies.json": [
            {"piece": row.request.evidence.key, "sha256": row.sha256, "content": row.content}
            for row in Testimony.objects.filter(request__evidence__worker=worker)
            .order_by("given_at", "pk")
            .select_related("request__evidence")
        ],
    }


def submissions(worker):
    """(name of the entry, what it says) of each portfolio as it was submitted, one after another."""
    rows = Submission.objects.filter(portfolio__worker=worker).order_by("submitted_at", "pk")
    for number, row in enumerate(rows.iterator(chunk_size=1), 1):
        yield (
            f"for-reading/submissions/{number}.json",
            {"submitted_at": row.submitted_at, "sha256": row.sha256, "content": row.content},
        )


def _profile(worker):
    post = getattr(worker, "post", None)
    return {
        "name": worker.name,
        "email": worker.email,
        "post": post
        and {
            "job_title": post.job_title,
            "post_number": post.post_number,
            "employee_number": post.ern,
            "team": post.team.name,
            "level": post.level,
        },
    }


def _development(worker, headings):
    notes = SupervisionNote.objects.filter(worker=worker).order_by("held_on", "pk")
    priorities = Priority.objects.filter(worker=worker).order_by("agreed_on", "pk")
    others = DevelopmentAction.objects.filter(worker=worker).exclude(pk__in=_own_plan(worker))
    agreed = Training.objects.filter(worker=worker, agreed_by__isnull=False)
    return {
        "supervision": [
            {
                "held_on": row.held_on,
                "reflection": row.reflection,
                "written_by": row.written_by.named_with(row.on_behalf_of),
                "written_at": row.written_at,
                "headings": [headings[one.pk].heading for one in row.competencies.all()],
            }
            for row in notes.select_related("written_by", "on_behalf_of").prefetch_related("competencies")
        ],
        "priorities": [
            {
                "text": row.text,
                "agreed_on": row.agreed_on,
                "agreed_by": row.agreed_by.named_with(row.on_behalf_of),
                "review_on": row.review_on,
                "ended_on": row.ended_on,
            }
            for row in priorities.select_related("agreed_by", "on_behalf_of")
        ],
        "planned_by_others": [
            {
                "action": row.action,
                "by_when": row.by_when,
                "from_refusal_of": row.from_refusal_of,
                "added_by": row.added_by.name,
                "added_at": row.added_at,
                "done_on": row.done_on,
                "outcome": row.outcome,
            }
            for row in others.order_by("added_at", "pk").select_related("added_by")
        ],
        "training_agreed": [
            {
                "title": row.title,
                "taken_on": row.taken_on,
                "agreed_by": row.agreed_by.named_with(row.on_behalf_of),
                "agreed_on": row.agreed_on,
            }
            for row in agreed.order_by("agreed_on", "pk").select_related("agreed_by", "on_behalf_of")
        ],
    }
