"""What in a worker's evidence looks like family data, and which of it stays with a reason."""

import base64
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, TextField, Value
from django.db.models.functions import JSONObject
from django.utils.crypto import salted_hmac

from competencies.rules import EvidenceKind
from people.case_numbers import patterns
from people.models import User
from portfolios import family_data
from portfolios.family_data import Kind
from portfolios.kinds import ASKED, TITLE
from portfolios.models import Declaration, Evidence, FoundInFile, NameToWatch, WordsOfFile

LOOKED_THROUGH = ("title", "what_i_did", "outcome", "what_i_learned")
AROUND = 45
"""Characters shown on each side of a passage, at most."""
BYTES_A_WORD = 8


@dataclass(frozen=True)
class Watched:
    """What is looked for besides what is the same for everybody."""

    case_numbers: tuple
    names: tuple


@dataclass(frozen=True)
class Passage:
    """A passage of a piece that looks like family data.

    `place` is the field it is in or "files", `where` what the page calls that. `marked` is the passage as it
    is written, `before` and `after` what stands around it in its line; of a file only a masked one is known.
    `digest` knows the same passage again in this piece; it is there so many `times`.
    """

    place: str
    where: str
    kind: str
    digest: str
    marked: str
    before: str = ""
    after: str = ""
    times: int = 1


@dataclass(frozen=True)
class Stay:
    """That a passage stays: its kind, where it was when its worker said why, and why."""

    where: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Kept:
    """What the database knows of one piece: reasons given by digest, and what was found in its files."""

    reasons: dict
    in_files: list
    words: list


@dataclass(frozen=True)
class Looked:
    """A piece that was looked through: what its worker has not answered yet, and what stays."""

    unanswered: list[Passage]
    stays: list[Stay]


def watched_by(worker_id):
    """The council's patterns and the worker's own names, as they are now. One query."""
    names = NameToWatch.objects.filter(worker=OuterRef("pk")).values("name")
    found = User.objects.filter(pk=worker_id).values_list(
        "post__team__service__case_number_patterns", ArraySubquery(names)
    )
    case_numbers, names = found.get()
    return Watched(patterns(case_numbers or ""), tuple(names))


def names_to_watch(worker):
    """The worker's own list. For that worker alone."""
    return NameToWatch.objects.filter(worker=worker)


def kept_with(pieces, *, leaving=()):
    """What is kept of these pieces, as Kept by their ids, without the files whose tokens are `leaving`.

    One query.
    """
    declared = Declaration.objects.filter(evidence=OuterRef("pk")).values(
        told=JSONObject(digest="digest", place="field", kind="kind", reason="reason")
    )
    of_files = {"attachment__evidence": OuterRef("pk"), "attachment__removed_at": None}
    found = (
        FoundInFile.objects.filter(**of_files)
        .exclude(attachment__token__in=leaving)
        .values(
            told=JSONObject(
                file="attachment__name",
                kind="kind",
                digest="digest",
                marked="masked",
                page="page",
                times="times",
            )
        )
    )
    in_text = Func(F("digests"), Value("base64"), function="encode", output_field=TextField())
    words = (
        WordsOfFile.objects.filter(**of_files)
        .exclude(attachment__token__in=leaving)
        .values(told=JSONObject(file="attachment__name", id="attachment_id", words=in_text))
    )
    rows = Evidence.objects.filter(pk__in=[piece.pk for piece in pieces]).values_list(
        "pk", "kind", ArraySubquery(declared), ArraySubquery(found), ArraySubquery(words)
    )
    return {
        pk: Kept(
            {one["digest"]: Stay(_label(kind, one["place"]), one["kind"], one["reason"]) for one in declared},
            found,
            words,
        )
        for pk, kind, declared, found, words in rows
    }


def look_through(piece, watched, kept):
    """The piece as it stands in memory, against what is `watched` and what is `kept` of it. No query."""
    passages = {}
    for passage in (*_in_texts(piece, watched), *_in_files(piece, watched, kept)):
        there = passages.get(passage.digest)
        times = passage.times + (there.times if there else 0)
        passages[passage.digest] = replace(there or passage, times=times)
    return Looked(
        [one for one in passages.values() if one.digest not in kept.reasons],
        [stay for digest, stay in kept.reasons.items() if digest in passages],
    )


def looked_through(piece):
    """The same for a piece of the bank. Two queries."""
    return look_through(piece, watched_by(piece.worker_id), kept_with([piece])[piece.pk])


def unanswered_in(portfolio):
    """(piece, its Passages) for each piece that would be handed in and has some unanswered. Three queries."""
    pieces = _handed_in(portfolio)
    watched, kept = watched_by(portfolio.worker_id), kept_with(pieces)
    looked = [(piece, look_through(piece, watched, kept[piece.pk]).unanswered) for piece in pieces]
    return [(piece, passages) for piece, passages in looked if passages]


def stays_in(pieces, worker_id):
    """What stays in these pieces of the worker, as lists of Stay by their ids. Two queries."""
    watched, kept = watched_by(worker_id), kept_with(pieces)
    return {piece.pk: look_through(piece, watched, kept[piece.pk]).stays for piece in pieces}


def kinds_in_words(passages):
    """What the passages look like: "a phone number and two names"."""
    counts = {}
    for passage in passages:
        counts[passage.kind] = counts.get(passage.kind, 0) + 1
    words = [_counted(Kind(kind), counts[kind]) for kind in Kind if kind in counts]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def digest_of(piece, kind, passage):
    """By which a passage is known again in this piece and nowhere else; it cannot be read out of it."""
    return _digest(f"{piece.pk}", f"{kind}:{family_data.said(passage)}", 32).hex()


def digests_of_words(attachment_id, text):
    """What is kept of a file's words: WordsOfFile.digests."""
    words = sorted(family_data.words_of(text))
    return b"".join(_digest(f"file {attachment_id}", word, BYTES_A_WORD) for word in words)


def _digest(about, what, size):
    return blake2b(what.encode(), key=_key(), salt=about.encode()[-16:], digest_size=size).digest()


def _key():
    return _key_from(settings.SECRET_KEY)


@cache
def _key_from(secret):
    return salted_hmac("portfolios.family_data", "passages", secret=secret, algorithm="sha256").digest()


def _handed_in(portfolio):
    claimed = portfolio.claims.filter(evidence__complete=True).order_by().values("evidence")
    return list(Evidence.objects.filter(pk__in=claimed, removed_at=None).order_by("pk"))


def _label(kind, place):
    if place == "files":
        return "Files"
    return next(text.label for text in (TITLE, *ASKED[EvidenceKind(kind)].texts) if text.field == place)


def _in_texts(piece, watched):
    for place in LOOKED_THROUGH:
        text = getattr(piece, place)
        for found in family_data.find(text, case_numbers=watched.case_numbers, names=watched.names):
            marked = text[found.start : found.end]
            yield Passage(
                place,
                _label(piece.kind, place),
                found.kind,
                digest_of(piece, found.kind, marked),
                marked,
                *_around(text, found.start, found.end),
            )


def _around(text, start, end):
    """A few words before and after, of the same line."""
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    if len(before) == AROUND:
        before = "…" + before.partition(" ")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    if len(after) == AROUND:
        after = after.rpartition(" ")[0] + "…"
    return before, after


def _in_files(piece, watched, kept):
    for found in kept.in_files:
        page = f", page {found['page']}" if found["page"] else ""
        yield Passage(
            "files",
            f"the file ‘{found['file']}’{page}",
            found["kind"],
            found["digest"],
            found["marked"],
            times=found["times"],
        )
    wanted = [(name, family_data.words_of_name(name)) for name in watched.names]
    for file in kept.words if wanted else ():
        packed = base64.b64decode(file["words"])
        there = {packed[at : at + BYTES_A_WORD] for at in range(0, len(packed), BYTES_A_WORD)}
        about = f"file {file['id']}"
        for name, words in wanted:
            if words and all(_digest(about, word, BYTES_A_WORD) in there for word in words):
                digest = digest_of(piece, Kind.NAME, name)
                yield Passage("files", f"the file ‘{file['file']}’", Kind.NAME, digest, name)


_PLURALS = {
    Kind.ADDRESS: ("an address", "addresses"),
    Kind.BIRTH: ("a date of birth", "dates of birth"),
    Kind.NHS_NUMBER: ("an NHS number", "NHS numbers"),
    Kind.NAME: ("a name to watch", "names to watch"),
}


def _counted(kind, count):
    one, many = _PLURALS.get(kind, (f"a {kind}", f"{kind}s"))
    return one if count == 1 else f"{count} {many}"
