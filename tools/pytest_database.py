"""What every test finds in the database, and how it is put back after a test that commits.

Most tests are rolled back. After one that commits, each table that is not as it was is emptied and given
again what it held: for a few rows in a few tables, many times quicker than to empty them all.
"""

import io

TABLES = (
    "SELECT quote_ident(relname) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
)
COUNT = "SELECT '{0}', count(*) FROM {0}"
MARK = "SELECT '{0}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {0}"
TRIGGERS = """
    SELECT tgrelid::regclass::text,
           string_agg('ENABLE ' || CASE tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END
                      || 'TRIGGER ' || quote_ident(tgname), ', ')
      FROM pg_trigger
     WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgrelid = ANY(%s::regclass[])
     GROUP BY tgrelid
"""


class Kept:
    """What each table holds now, by its name."""

    def __init__(self, connection):
        self.connection = connection
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.tables = [name for (name,) in cursor.fetchall()]
            self.marks = self._marks(cursor)
            self.rows = {table: _rows(cursor, table) for table, (count, _) in self.marks.items() if count}

    def put_back(self, only=None):
        """Give the tables, or `only` these, what they held. No trigger is asked, and each stays as it was."""
        from django.db.transaction import atomic

        with atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            marks = self._marks(cursor)
            changed = [table for table in only or self.tables if marks[table] != self.marks[table]]
            if not changed:
                return
            cursor.execute(TRIGGERS, [changed])
            triggers = cursor.fetchall()
            # Foreign keys are not asked; what fires ALWAYS must be switched off.
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table, _ in triggers]
            emptied = [f"DELETE FROM {table}" for table in changed]
            cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *off, *emptied]))
            for table in set(changed) & set(self.rows):
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(self.rows[table]))
            on = [f"ALTER TABLE {table} {words}" for table, words in triggers]
            cursor.execute("; ".join([*on, "SELECT 1"]))
            now = self._marks(cursor)
            self.marks |= {table: now[table] for table in changed}

    def _marks(self, cursor):
        """{table: (how many rows it has, the last transaction that wrote one of them)}"""
        cursor.execute(" UNION ALL ".join(MARK.format(table) for table in self.tables))
        return {table: (count, last) for table, count, last in cursor.fetchall()}


def _rows(cursor, table):
    rows = io.BytesIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
    return rows.getvalue()
