"""What becomes of a whole portfolio, one verb a move: begun, handed in, given back, closed.

What is in it is written by `transitions`, which lock it first.
"""

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from competencies import selectors as competencies_asked
from people.policies import Blocked
from portfolios import freezing, permissions, policies
from portfolios.locking import lock_open_portfolio, lock_portfolio
from portfolios.models import Attachment, Claim, Portfolio, Submission


@transaction.atomic
def open_portfolio(*, worker, step, follows="", now):
    """Begin an empty portfolio towards `step`. Raises Blocked while the worker has another one open. R1.

    `follows` is the reference of the worker's last application for it, which was refused: what that asked for
    is the starting checklist. R18.
    """
    permissions.check_keeps_evidence(worker)
    if Portfolio.objects.filter(worker=worker, is_open=True).exists():
        raise Blocked("You already have a portfolio open.")
    asked = competencies_asked.headings_evidenced(step)
    return Portfolio.objects.create(
        worker=worker, step=step, headings_asked=len(asked), follows=follows, created_at=now
    )


@transaction.atomic
def declare_desirables(portfolio, *, worker, codes):
    """Record which of the scheme's desirable things the worker says that they have. Never blocks. R6."""
    portfolio = lock_open_portfolio(worker, portfolio)
    _set_desirables(portfolio, codes)
    return portfolio


@transaction.atomic
def freeze(portfolio, *, worked_through_with_manager, desirables=(), now):
    """Hand the portfolio in: its content is kept, with its SHA-256, and the portfolio closes. R7, R8.

    `desirables` are the codes of those the worker holds (R6). Raises Blocked while a heading has no example,
    or unless the worker says that they worked through the headings with their manager.
    """
    portfolio = lock_portfolio(portfolio)
    policies.check_open(portfolio)
    policies.check_worked_through(worked_through_with_manager)
    policies.check_complete(portfolio)
    _set_desirables(portfolio, desirables)
    content = freezing.content_to_freeze(portfolio)
    submission = Submission.objects.create(
        portfolio=portfolio,
        number=portfolio.submissions.count() + 1,
        content=content,
        sha256=freezing.fingerprint(content),
        worked_through_with_manager=True,
        submitted_at=now,
    )
    held = [file["token"] for piece in content["evidence"].values() for file in piece["attachments"]]
    Attachment.objects.filter(token__in=held, submitted_at__isnull=True).update(submitted_at=now)
    _set_open(portfolio, False)
    return submission


@transaction.atomic
def reopen(portfolio):
    """Let the worker change a portfolio that is returned to them. What was submitted stays as it was."""
    portfolio = lock_portfolio(portfolio)
    _set_open(portfolio, True)
    recount(portfolio)
    return portfolio


@transaction.atomic
def close(portfolio):
    """End a portfolio without handing it in: its application was withdrawn."""
    portfolio = lock_portfolio(portfolio)
    _set_open(portfolio, False)
    return portfolio


def recount(portfolio):
    """Count anew how many headings have a finished example."""
    shown = (
        Claim.objects.filter(
            policies.counts_as_example(portfolio), portfolio=OuterRef("pk"), evidence__complete=True
        )
        .order_by()
        .values("portfolio")
        .annotate(headings=Count("competency", distinct=True))
        .values("headings")
    )
    Portfolio.objects.filter(pk=portfolio.pk).update(headings_shown=Coalesce(Subquery(shown), 0))


def _set_desirables(portfolio, codes):
    known = {
        desirable.code for desirable in competencies_asked.desirables_for(policies.asked(portfolio).step)
    }
    portfolio.desirables = sorted(known.intersection(codes))
    portfolio.save(update_fields=["desirables"])


def _set_open(portfolio, is_open):
    portfolio.is_open = is_open
    portfolio.save(update_fields=["is_open"])
