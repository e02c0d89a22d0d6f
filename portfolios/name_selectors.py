"""A worker's names to watch, and in how much of their evidence each is. For that worker alone."""

from collections import Counter

from portfolios import family_data
from portfolios.family_data import Kind
from portfolios.family_data_selectors import LOOKED_THROUGH, digest_of, passages_of, pieces_with_kept


def added_last(names):
    """Those of a worker's names that were added with the newest one."""
    newest = max((one.added_at for one in names), default=None)
    return [one for one in names if one.added_at == newest]


def in_how_many(worker, names):
    """{name's id: in how many of the worker's pieces it is, their files among them}. One query."""
    counts = Counter({one.pk: 0 for one in names})
    for piece in pieces_with_kept().filter(worker=worker, removed_at=None).iterator(chunk_size=100):
        counts.update(_named(piece, names))
    return counts


def _named(piece, names):
    """The ids of the names that are in a piece of `pieces_with_kept`."""
    typed = [one.name for one in names]
    there = family_data.names_in("\n".join(getattr(piece, field) for field in LOOKED_THROUGH), typed)
    for field in LOOKED_THROUGH:
        setattr(piece, field, "")
    piece.watched_names, piece.watched_patterns = typed, ""
    in_files = {passage.digest for passage in passages_of(piece)}
    return {one.pk for one in names if one.name in there or digest_of(piece, Kind.NAME, one.name) in in_files}
