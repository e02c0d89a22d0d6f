"""What a submission keeps of a portfolio, and the fingerprint by which any later change to it would show."""

import hashlib
import json
from dataclasses import asdict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.db.models.functions import JSONObject

from competencies import selectors as competencies
from people.policies import Alarming
from portfolios import family_data_selectors as family_data
from portfolios import policies
from portfolios import self_assessment_selectors as self_assessment
from portfolios.models import Attachment, Testimony

# What its worker leaves out is not handed in.
_TESTIMONIES = (
    Testimony.objects.filter(request__evidence=OuterRef("pk"), request__left_out=False)
    .order_by("pk")
    .values(told=JSONObject(content="content", sha256="sha256"))
)


def content_to_freeze(portfolio):
    """What a submission keeps: the headings asked, their criteria, and every example claimed for one.

    What goes `beside` a heading's examples comes last among its pieces. R7.
    """
    claims = (
        portfolio.claims.filter(evidence__complete=True)
        .order_by("evidence__practised_on", "evidence_id")
        .values_list("competency_id", "evidence_id", "evidence__kind")
    )
    asked = policies.asked(portfolio).evidenced
    taken = {heading.competency.pk: policies.kinds_for(portfolio, heading.competency) for heading in asked}
    examples, beside = {}, {}
    for competency_id, evidence_id, kind in claims:
        found = examples if kind in taken.get(competency_id, ()) else beside
        found.setdefault(competency_id, []).append(evidence_id)
    claimed = {pk for found in (examples, beside) for one in taken for pk in found.get(one, ())}
    pieces = (
        family_data.pieces_with_kept()
        .filter(pk__in=claimed)
        .annotate(testimonies=ArraySubquery(_TESTIMONIES))
        .order_by("id")
        .prefetch_related(
            Prefetch("attachments", queryset=Attachment.objects.filter(removed_at__isnull=True))
        )
    )
    step = policies.asked(portfolio).step
    return {
        "worker": {"name": portfolio.worker.name, "job_title": portfolio.worker.post.job_title},
        "scheme": {"code": step.scheme.code, "version": step.scheme.version, "title": step.scheme.title},
        "step": {"from": step.from_level.name, "to": step.to_level.name},
        "headings": [
            {
                "code": heading.competency.code,
                "name": heading.competency.name,
                "group": heading.competency.group,
                "criteria": [{"level": one.level.number, "text": one.text} for one in heading.criteria],
                "pieces": [
                    *examples.get(heading.competency.pk, ()),
                    *beside.get(heading.competency.pk, ()),
                ],
                "beside": beside.get(heading.competency.pk, []),
            }
            for heading in asked
        ],
        "evidence": {str(piece.pk): _frozen(piece) for piece in pieces},
        "desirables": [
            {"code": desirable.code, "label": desirable.label}
            for desirable in competencies.desirables_for(step)
            if desirable.code in portfolio.desirables
        ],
        "self_assessment": self_assessment.to_freeze(portfolio.worker, step),
        "worked_through_with_manager": True,
    }


def _frozen(piece):
    return {
        "kind": piece.kind,
        "title": piece.title,
        "practised_on": piece.practised_on.isoformat(),
        "what_i_did": piece.what_i_did,
        "outcome": piece.outcome,
        "what_i_learned": piece.what_i_learned,
        "attachments": [
            {
                "token": str(file.token),
                "name": file.name,
                "size": file.size,
                "content_type": file.content_type,
                "sha256": file.sha256,
            }
            for file in piece.attachments.all()
        ],
        "stays": [asdict(stay) for stay in family_data.look_through(piece).stays],
        "testimonies": [_testimony(one["content"], one["sha256"]) for one in piece.testimonies],
    }


def _testimony(content, sha256):
    """What an observer answered, for whoever reads the piece. Raises Alarming if it was changed."""
    if fingerprint(content) != sha256:
        raise Alarming(
            "A testimony is not as it was sent, so this cannot be submitted. The people who look after this "
            "service have been told.",
            alert=f"The testimony sealed as {sha256} is not as it was sent",
        )
    told = ("name", "role", "organisation", "observed", "words", "stays", "given_at")
    return {name: content[name] for name in told} | {"email": content["asked"]["email"], "sha256": sha256}


def fingerprint(content):
    """SHA-256, in hexadecimal, over the content as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
