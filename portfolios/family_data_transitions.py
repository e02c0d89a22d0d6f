"""What a worker says of family data in their evidence, and the names that they watch for."""

from django.db import transaction

from people.case_numbers import patterns
from portfolios import family_data, permissions
from portfolios import family_data_selectors as selectors
from portfolios.document_text import PAGE_BREAK
from portfolios.hold_policies import check_not_held
from portfolios.models import Declaration, FoundInFile, NameToWatch, WordsOfFile

MOST_NAMES = 500
MOST_FOUND_IN_A_FILE = 200


def settle(piece, *, reasons=None, leaving=(), now):
    """Look through a piece locked by `locking` as it is about to be saved, and keep why a passage stays.

    `reasons` are by digest; files whose tokens are `leaving` are about to be taken off. Returns the Passages
    that are not answered yet.
    """
    unanswered = selectors.look_through(piece, leaving=leaving).unanswered
    answered = [passage for passage in unanswered if (reasons or {}).get(passage.digest)]
    if answered:
        Declaration.objects.bulk_create(
            [
                Declaration(
                    evidence=piece,
                    field=passage.place,
                    kind=passage.kind,
                    digest=passage.digest,
                    reason=reasons[passage.digest],
                    declared_at=now,
                    declared_by_id=piece.worker_id,
                )
                for passage in answered
            ],
            ignore_conflicts=True,
        )
    return [passage for passage in unanswered if passage not in answered]


def keep_found(attachment, text):
    """Keep what looks like family data in the text of a file just attached: kind, shape and digest alone.

    `text` is as document_reading.read gives it. Names are not among what is kept: they are looked for among
    the file's words whenever somebody asks. Returns the Passages of its piece that are not answered yet.
    """
    piece = attachment.evidence
    rows, paged = {}, attachment.content_type == "application/pdf"
    for found in family_data.find(text, case_numbers=patterns(piece.watched_patterns or "")):
        passage = text[found.start : found.end]
        digest = selectors.digest_of(piece, found.kind, passage)
        if digest in rows:
            rows[digest].times += 1
        elif len(rows) < MOST_FOUND_IN_A_FILE:
            rows[digest] = FoundInFile(
                attachment=attachment,
                kind=found.kind,
                digest=digest,
                masked=family_data.masked(passage)[:100],
                page=text.count(PAGE_BREAK, 0, found.start) + 1 if paged else None,
            )
    FoundInFile.objects.bulk_create(rows.values())
    if text.strip():
        digests = selectors.digests_of_words(attachment.pk, text)
        WordsOfFile.objects.create(attachment=attachment, digests=digests)
    return selectors.looked_through(piece).unanswered


@transaction.atomic
def watch_names(worker, *, names, now):
    """Add names to the worker's own list, each once. Returns those that are new to it."""
    permissions.check_keeps_evidence(worker)
    there = {family_data.said(one.name) for one in NameToWatch.objects.filter(worker=worker)}
    new = {}
    for name in names:
        if (said := family_data.said(name)) and said not in there:
            new.setdefault(said, name)
    NameToWatch.objects.bulk_create(
        [NameToWatch(worker=worker, name=name, added_at=now) for name in new.values()], ignore_conflicts=True
    )
    return list(new.values())


@transaction.atomic
def forget_name(worker, *, pk):
    """Take a name off the worker's own list: nothing of it stays.

    Raises NameToWatch.DoesNotExist for another's, or one that has gone; Blocked while a legal hold stands.
    """
    name = NameToWatch.objects.get(worker=worker, pk=pk)
    check_not_held(worker)
    name.delete()
