"""What changes no table and is noted all the same: reads, denials, sign-ins.

Changes have their rows of PostgreSQL itself (people/safeguards.py). What is only read is noted here, before
it is given out. A row names columns, never what stands in them: what is erased elsewhere must not live on in
it.
"""

from people.models import AuditEntry


def note(kind, thing=None, *, about=(), applications=(), words=""):
    """Write a row for what changes no table: a read, a denial, a sign-in. Raises if it cannot be written.

    `thing` is the object read; `about` the ids of the people concerned. `words` say what kinds and states do
    not, never anything personal.
    """
    AuditEntry.objects.create(
        kind=kind,
        thing=thing._meta.db_table if thing is not None else "",
        things=[str(thing.pk)] if thing is not None else [],
        count=1,
        people=list(about),
        applications=list(applications),
        words=words,
    )


def note_read(thing, *, about=(), applications=(), words=""):
    """Write a row before `thing`, somebody else's or a file, is given out to whoever acts."""
    note(AuditEntry.Kind.READ, thing, about=about, applications=applications, words=words)
