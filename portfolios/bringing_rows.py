"""What an export holds, as rows of a worker's own: what is there already stays, nothing is doubled."""

from dataclasses import dataclass, replace

from portfolios import export_content, family_data
from portfolios import family_data_selectors as family_selectors
from portfolios import family_data_transitions as family_transitions
from portfolios.export_reading import NotTaken
from portfolios.family_data_words import WHERE, development_of, self_of, stays_in, written_about
from portfolios.locking import lock_open_portfolio
from portfolios.models import (
    Attachment,
    CpdRecord,
    CriterionMark,
    Declaration,
    DevelopmentAction,
    Evidence,
    EvidenceRevision,
    HeadingMark,
    NameToWatch,
    ReferenceMark,
    SelfAssessment,
    Training,
)
from portfolios.quota import check_room
from portfolios.scanning import first_state

TEXTS = export_content.TEXTS


@dataclass
class BroughtBack:
    """What came of it: how many pieces were added, how many were there already, what the rest came to."""

    added: int = 0
    there: int = 0
    files: int = 0
    drafts: int = 0
    """Pieces that were finished and are drafts now: they may hold family data that nobody answered for."""
    held: int = 0
    """Training and plans that may hold family data that nobody answered for."""
    unknown: int = 0
    """Marks, answers and plans about headings or criteria that this service does not know."""

    @property
    def sentences(self):
        """What the screen says of it; no full stops."""
        came = f"Came back: {_counted(self.added, 'piece')}, {_counted(self.files, 'file')}"
        said = [came if self.added or self.files else "No piece or file was new"]
        if self.there:
            said.append(f"Left as you have it: {_counted(self.there, 'piece')}")
        if self.drafts:
            said.append(f"To look at again, as it may hold family data: {_counted(self.drafts, 'piece')}")
        if self.held:
            things = _counted(self.held, "thing")
            said.append(f"Left out, as it may hold family data: {things} of your training and plan")
        if self.unknown:
            things = _counted(self.unknown, "thing")
            said.append(f"Left out: {things} you said under a scheme that is not known here")
        return said


def _counted(count, thing):
    return f"{count} {thing}{'' if count == 1 else 's'}"


class Bringing:
    """Writes what an export_reading.Export holds for a worker; `stored` are its files by piece, checked."""

    def __init__(self, worker, export, stored, now):
        self.worker, self.export, self.stored, self.now = worker, export, stored, now
        self.came = BroughtBack()
        self.headings = {_said(one): pk for pk, one in export_content.headings().items()}
        self.criteria = {_said(one): pk for pk, one in export_content.criteria().items()}

    def everything(self):
        """Write all of it, in the caller's transaction. Returns a BroughtBack. Raises NotTaken, Refused."""
        lock_open_portfolio(self.worker)
        self._names()
        keys = list(self.stored)
        # What the worker had removed keeps its rows, and gives its name to what comes back in its place.
        for gone in Evidence.objects.filter(worker=self.worker, key__in=keys, removed_at__isnull=False):
            gone.key = Evidence._meta.get_field("key").get_default()
            gone.save(update_fields=["key"])
        for piece in self.export.pieces():
            if piece.key in self.stored:
                self._piece(piece)
            else:
                self.came.there += 1
        self.written = written_about(self.worker, by=self.worker, about="")
        self._self_assessment()
        self._training()
        self._plan()
        self._cpd()
        return self.came

    def _piece(self, piece):
        row, made = Evidence.objects.get_or_create(
            worker=self.worker,
            key=piece.key,
            defaults={name: getattr(piece, name) for name in TEXTS}
            | {"revision": piece.revision, "created_at": piece.created_at, "updated_at": piece.updated_at},
        )
        if not made:
            raise NotTaken("Your evidence was changed meanwhile. Bring the export back again")
        EvidenceRevision.objects.bulk_create([self._revision(row, one) for one in piece.revisions])
        self._marks(row, piece)
        files = self._files(row, piece)
        self._reasons(row, piece, files)
        looked = family_selectors.looked_through(self._whole(row))
        if piece.complete and looked.unanswered:
            Evidence.objects.filter(pk=row.pk).update(complete=False)
            self.came.drafts += 1
        self.came.added += 1

    def _whole(self, row):
        return family_selectors.pieces_with_kept().get(pk=row.pk)

    def _revision(self, row, one):
        known = [self.headings.get(_said(heading)) for heading in one.headings]
        content = {name: getattr(one, name) for name in TEXTS}
        content["kind"] = one.kind.value
        content["practised_on"] = one.practised_on.isoformat() if one.practised_on else None
        content["headings"] = sorted(pk for pk in known if pk)
        self.came.unknown += known.count(None)
        return EvidenceRevision(evidence=row, number=one.number, content=content, saved_at=one.saved_at)

    def _marks(self, row, piece):
        for mark in piece.marks:
            kept = HeadingMark.objects.create(evidence=row, scheme=mark.scheme, heading=mark.heading)
            known = {self.criteria.get(_said(one)) for one in mark.criteria}
            self.came.unknown += None in known
            CriterionMark.objects.bulk_create(
                [CriterionMark(mark=kept, criterion_id=pk) for pk in sorted(known - {None})]
            )
        ReferenceMark.objects.bulk_create(
            [ReferenceMark(evidence=row, reference=one.list, item=one.item) for one in piece.references],
            ignore_conflicts=True,
        )

    def _files(self, row, piece):
        """{SHA-256 as the export has it: Attachment} of the piece's files."""
        kept = {}
        for file, stored in zip(piece.files, self.stored[piece.key], strict=True):
            check_room(self.worker, stored)
            attachment = Attachment.objects.create(
                evidence=row,
                name=stored.name,
                stored_as=stored.stored_as,
                content_type=stored.content_type,
                size=stored.size,
                sha256=stored.sha256,
                added_at=file.added_at,
                **first_state(now=self.now),
            )
            attachment.evidence = self._whole(row)
            family_transitions.keep_found(attachment, stored.text)
            kept[file.sha256] = attachment
            self.came.files += 1
        return kept

    def _reasons(self, row, piece, files):
        rows, watched = [], family_selectors.watched_by(self.worker)
        for one in piece.reasons:
            # Nor may a reason say again what it is about: without it the passage asks for another.
            if family_data.find(one.reason, case_numbers=watched.case_numbers, names=watched.names):
                continue
            if one.passage is not None:
                digest = family_selectors.digest_of(row, one.kind, one.passage)
            else:
                found = list(files[one.file].found.order_by("pk")) if one.file in files else []
                if one.number is None or one.number >= len(found):
                    continue
                digest = found[one.number].digest
            rows.append(
                Declaration(
                    evidence=row,
                    field=one.field,
                    kind=one.kind,
                    digest=digest,
                    reason=one.reason,
                    declared_at=one.declared_at,
                    declared_by=self.worker,
                )
            )
        Declaration.objects.bulk_create(rows, ignore_conflicts=True)

    def _names(self):
        there = {family_data.said(one.name) for one in NameToWatch.objects.filter(worker=self.worker)}
        new = {}
        for one in self.export.rows("names-to-watch.json"):
            if (said := family_data.said(one.name)) and said not in there:
                new.setdefault(said, one)
        if len(there) + len(new) > family_transitions.MOST_NAMES:
            raise NotTaken(
                f"Your list can hold {family_transitions.MOST_NAMES} names to watch: remove some first"
            )
        NameToWatch.objects.bulk_create(
            [NameToWatch(worker=self.worker, name=one.name, added_at=one.added_at) for one in new.values()]
        )

    def _self_assessment(self):
        """Each answer that is not there, in its order. PostgreSQL lets nobody change one afterwards."""
        fields = ("criterion_id", "stand", "words", "said_at")
        there = set(SelfAssessment.objects.filter(worker=self.worker).values_list(*fields))
        rows = []
        for one in self.export.rows("self-assessment.json"):
            pk = self.criteria.get(_said(one.criterion))
            if pk is None:
                self.came.unknown += 1
            elif (pk, one.stand.value, one.words, one.said_at) not in there:
                stays = self._stays(one, SelfAssessment, self_of(self.worker))
                if stays is None:
                    raise NotTaken(
                        "Something in this export’s self-assessment may identify a child or family"
                    )
                rows.append(
                    SelfAssessment(
                        worker=self.worker,
                        criterion_id=pk,
                        stand=one.stand,
                        words=one.words,
                        stays=stays,
                        said_at=one.said_at,
                    )
                )
        SelfAssessment.objects.bulk_create(rows)

    def _stays(self, one, model, about):
        """What a row keeps of why its passages stay; None if one has no reason, or one that says it again."""
        written = replace(self.written, about=about)
        passages = written.passages(
            (field, where, getattr(one, field)) for field, where in WHERE[model].items()
        )
        reasons = {
            family_selectors.digest_in(about, told.kind, told.passage): told.reason
            for told in one.stays
            if not written.finds(told.reason)
        }
        return None if passages.keys() - reasons.keys() else stays_in(passages, reasons)

    def _training(self):
        for one in self.export.rows("training.json"):
            same = {
                name: getattr(one, name) for name in ("title", "provider", "taken_on", "learned", "applied")
            }
            if Training.objects.filter(worker=self.worker, **same).exists():
                continue
            stays = self._stays(one, Training, development_of(self.worker))
            if stays is None:
                self.came.held += 1
                continue
            kept = Training.objects.create(
                worker=self.worker,
                **same,
                stays=stays,
                added_at=one.added_at,
                evidence=self._made_of(one.piece),
            )
            known = [self.headings.get(_said(heading)) for heading in one.headings]
            self.came.unknown += known.count(None)
            kept.competencies.set([pk for pk in known if pk])

    def _plan(self):
        for one in self.export.rows("plan.json"):
            competency = self.headings.get(_said(one.heading)) if one.heading else None
            same = {name: getattr(one, name) for name in ("action", "by_when", "done_on", "outcome")}
            if bool(one.done_on) != bool(one.outcome):
                raise NotTaken("‘plan.json’ in this export says what cannot be")
            stays = self._stays(one, DevelopmentAction, development_of(self.worker))
            if stays is None:
                self.came.held += 1
                continue
            self.came.unknown += bool(one.heading and competency is None)
            DevelopmentAction.objects.get_or_create(
                worker=self.worker,
                **same,
                competency_id=competency,
                defaults={
                    "added_by": self.worker,
                    "added_at": one.added_at,
                    "stays": stays,
                    "evidence": self._made_of(one.piece),
                },
            )

    def _cpd(self):
        """Which pieces count as CPD. What was entered is never changed again, so it is looked through."""
        watched = family_selectors.watched_by(self.worker)
        for one in self.export.rows("cpd.json"):
            whole = (bool(one.peer_role), one.peer_on is not None, bool(one.peer_said))
            if len(set(whole)) > 1 or (one.entered is None) != (one.entered_on is None):
                raise NotTaken("‘cpd.json’ in this export says what cannot be")
            piece = self._made_of(one.piece)
            if piece is None or CpdRecord.objects.filter(evidence=piece).exists():
                continue
            stays = one.entered is None or not self._looks_like_family_data(piece, one)
            by_peer = f"{one.peer_role}\n{one.peer_said}"
            told = not family_data.find(by_peer, case_numbers=watched.case_numbers, names=watched.names)
            self.came.unknown += (not stays) + (not told)
            CpdRecord.objects.create(
                worker=self.worker,
                evidence=piece,
                year_ends_on=one.year_ends_on,
                chosen_at=one.chosen_at,
                peer_role=one.peer_role if told else "",
                peer_on=one.peer_on if told else None,
                peer_said=one.peer_said if told else "",
                entered_on=one.entered_on if stays else None,
                entered=one.entered if stays else None,
            )

    def _looks_like_family_data(self, piece, one):
        """Whether what was entered holds a passage that the piece’s reasons do not answer for."""
        watched = family_selectors.watched_by(self.worker)
        answered = set(piece.declarations.values_list("digest", flat=True))
        texts = [("", "", text) for _, text in one.entered]
        found = family_selectors.passages_in(piece, texts, watched)
        return any(passage.digest not in answered for passage in found)

    def _made_of(self, key):
        return key and Evidence.objects.filter(worker=self.worker, key=key, removed_at=None).first()


def _said(part):
    """A heading or criterion as something to look up by."""
    return tuple(part.model_dump().values())
