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
from portfolios.models import Attachment, Declaration, Evidence, FoundInFile, NameToWatch, WordsOfFile

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
    is written, `before` and `after` what stands around it in its line; of a file's text only its `shape` is
    known. `digest` knows the same passage again in this piece; it is there so many `times`.
    """

    place: str
    where: str
    kind: str
    digest: str
    marked: str
    before: str = ""
    after: str = ""
    times: int = 1
    shape: bool = False


@dataclass(frozen=True)
class Stay:
    """That a passage stays: its kind, where it was when its worker said why, and why."""

    where: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Looked:
    """A piece that was looked through: what its worker has not answered yet, and what stays."""

    unanswered: list[Passage]
    stays: list[Stay]


def watched_by(worker):
    """The council's patterns and the worker's own names, as they are now. One query."""
    found = User.objects.filter(pk=worker.pk).values_list(
        "post__team__service__case_number_patterns", ArraySubquery(_names_of(OuterRef("pk")))
    )
    case_numbers, names = found.get()
    return Watched(patterns(case_numbers or ""), tuple(names))


def names_to_watch(worker):
    """The worker's own list. For that worker alone."""
    return NameToWatch.objects.filter(worker=worker)


def pieces_with_kept():
    """A queryset of all pieces that also fetches, in the same query, what `look_through` needs to know."""
    return _with_kept().all()


@cache
def _with_kept():
    """Put together once: that takes longer than to narrow it down."""
    return Evidence.objects.annotate(**_kept())


def _kept():
    """The parts of that query."""
    declared = (
        Declaration.objects.filter(evidence=OuterRef("pk"))
        .order_by("pk")
        .values(told=JSONObject(digest="digest", place="field", kind="kind", reason="reason"))
    )
    of_files = {"attachment__evidence": OuterRef("pk"), "attachment__removed_at": None}
    file = {"file": "attachment__name", "token": "attachment__token"}
    found = (
        FoundInFile.objects.filter(**of_files)
        .order_by("attachment", "pk")
        .values(
            told=JSONObject(**file, kind="kind", digest="digest", marked="masked", page="page", times="times")
        )
    )
    name = {"file": "name", "token": "token"}
    called = Attachment.objects.filter(evidence=OuterRef("pk"), removed_at=None).values(
        told=JSONObject(**name)
    )
    in_text = Func(F("digests"), Value("base64"), function="encode", output_field=TextField())
    words = (
        WordsOfFile.objects.filter(**of_files)
        .order_by("attachment")
        .values(told=JSONObject(**file, id="attachment_id", words=in_text))
    )
    return {
        "kept_reasons": ArraySubquery(declared),
        "kept_names": ArraySubquery(called),
        "kept_in_files": ArraySubquery(found),
        "kept_words": ArraySubquery(words),
        "watched_names": ArraySubquery(_names_of(OuterRef("worker"))),
        "watched_patterns": F("worker__post__team__service__case_number_patterns"),
    }


def passages_of(piece, *, leaving=()):
    """Every Passage of a piece of `pieces_with_kept`, answered or not, as often as it is there. No query."""
    watched = Watched(patterns(piece.watched_patterns or ""), tuple(piece.watched_names))
    leaving = {str(token) for token in leaving}
    return [*_in_texts(piece, watched), *_in_files(piece, watched, leaving)]


def look_through(piece, *, leaving=()):
    """A piece of `pieces_with_kept`, as it stands in memory. No query.

    Files whose tokens are `leaving` are about to be taken off: what is in them no longer matters.
    """
    passages = {}
    for passage in passages_of(piece, leaving=leaving):
        there = passages.get(passage.digest)
        times = passage.times + (there.times if there else 0)
        passages[passage.digest] = replace(there or passage, times=times)
    reasons = {one["digest"]: one for one in piece.kept_reasons}
    return Looked(
        [one for one in passages.values() if one.digest not in reasons],
        [
            Stay(_label(piece.kind, one["place"]), one["kind"], one["reason"])
            for digest, one in reasons.items()
            if digest in passages
        ],
    )


def looked_through(piece):
    """The same for a piece of the bank, as it is kept. One query."""
    return look_through(pieces_with_kept().get(pk=piece.pk))


def unanswered_in(portfolio):
    """(piece, its Passages) for each piece that would be handed in and has some unanswered. One query."""
    claimed = portfolio.claims.filter(evidence__complete=True).order_by().values("evidence")
    pieces = pieces_with_kept().filter(pk__in=claimed, removed_at=None).order_by("pk")
    looked = [(piece, look_through(piece).unanswered) for piece in pieces]
    return [(piece, passages) for piece, passages in looked if passages]


def kinds_in_words(passages):
    """What the passages look like: "a phone number and two names"."""
    counts = {}
    for passage in passages:
        counts[passage.kind] = counts.get(passage.kind, 0) + 1
    words = [_counted(Kind(kind), counts[kind]) for kind in Kind if kind in counts]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def digest_of(piece, kind, passage):
    """By which a passage is known again in this piece and nowhere else; it cannot be read out of it."""
    return digest_in(f"{piece.pk}", kind, passage)


def digest_in(about, kind, passage):
    """The same for what is written elsewhere; `about` says where and about whom."""
    return _digest(about, f"{kind}:{family_data.said(passage)}", 32).hex()


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


def _names_of(worker):
    return NameToWatch.objects.filter(worker=worker).values("name")


def _label(kind, place):
    if place == "files":
        return "Files"
    return next(text.label for text in (TITLE, *ASKED[EvidenceKind(kind)].texts) if text.field == place)


def passages_in(about, texts, watched):
    """The Passages of texts, each of them (its field, what the page calls it, text).

    `about` says what they belong to, as for `digest_in`: a piece's number, for what belongs to a piece.
    """
    for place, label, text in texts:
        for found in family_data.find(text, case_numbers=watched.case_numbers, names=watched.names):
            marked = text[found.start : found.end]
            yield Passage(
                place,
                label,
                found.kind,
                digest_in(about, found.kind, marked),
                marked,
                *_around(text, found.start, found.end),
            )


def _in_texts(piece, watched):
    texts = [(place, _label(piece.kind, place), getattr(piece, place)) for place in LOOKED_THROUGH]
    return passages_in(f"{piece.pk}", texts, watched)


def _around(text, start, end):
    """A few words before and after, of the same line."""
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    if len(before) == AROUND:
        before = "…" + before.partition(" ")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    if len(after) == AROUND:
        after = after.rpartition(" ")[0] + "…"
    return before, after


def _in_files(piece, watched, leaving):
    for file in piece.kept_names:
        if file["token"] not in leaving:
            # A line under each word, as in "Kai_Smith.pdf", is how names of files have their spaces.
            spaced = [("files", f"the name of the file ‘{file['file']}’", file["file"].replace("_", " "))]
            yield from passages_in(f"{piece.pk}", spaced, watched)
    for found in piece.kept_in_files:
        if found["token"] not in leaving:
            page = f", page {found['page']}" if found["page"] else ""
            where = f"the file ‘{found['file']}’{page}"
            yield Passage(
                "files",
                where,
                found["kind"],
                found["digest"],
                found["marked"],
                times=found["times"],
                shape=True,
            )
    wanted = [(name, family_data.words_of_name(name)) for name in watched.names]
    for file in piece.kept_words if wanted else ():
        if file["token"] in leaving:
            continue
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
