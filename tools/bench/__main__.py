"""`make bench`: every page against a bare one, the sweep of reminders, and PAY002, in one run.

Prints a table and writes DATA_DIR/bench.json. The exit code is 0 whatever the figures: people judge them.
"""

import contextlib
import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

from tools import DATA_DIR, processes, redis_server, services
from tools.bench import load
from tools.console import main, step
from tools.run import manage, stop_on_any_signal, web_command

HOST = "127.0.0.1"
WARM_UP, TURNS = 10, 100
FIRST_VISIT = ("govuk/govuk-frontend.min.css", "govuk/govuk-frontend.min.js", "app.css", "app.js")


def bench():
    stop_on_any_signal()
    port = redis_server.free_port()
    with tempfile.TemporaryDirectory(prefix="progression-bench-") as folder, contextlib.ExitStack() as stack:
        data_dir = Path(folder)
        data_dir.chmod(0o711)
        for shared in ("frontend", "secret_key"):
            (data_dir / shared).symlink_to(DATA_DIR / shared)
        with step("PostgreSQL and Redis"):
            urls, _ = stack.enter_context(services.running(data_dir))
        environ = os.environ | urls
        environ |= {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "tools.bench.settings"}
        environ |= {"SITE_URL": f"http://{HOST}:{port}", "DEMO": "1"}
        # What fills the database is its owner's; the pages are asked as the application.
        owner = environ | {"DATABASE_URL": environ.get("DATABASE_OWNER_URL", environ["DATABASE_URL"])}
        os.environ.update(owner)
        with step("Migrations and static files"):
            manage(owner, "migrate", "--no-input", "-v", "0", doing="migrating the database")
            manage(environ, "make_sealing_key", doing="making the key for the seal on PDFs")
            manage(environ, "collectstatic", "--no-input", "-v", "0", doing="collecting the static files")
        with step("2,000 applications of 500 workers"):
            asks = _seed()
        with step("Gunicorn, two workers"):
            web = processes.start(web_command(HOST, port), env=environ)
            stack.callback(processes.stop, web)
            load.wait_until_up(HOST, port)
        report = {"pages": _pages(port, asks), "first_visit_bytes": _first_visit(data_dir / "static")}
        with step("A sweep over a million deadlines"):
            report["sweep"] = _sweep()
    with step("PAY002"):
        report["pay002"] = _pay002()
    _print(report)
    (DATA_DIR / "bench.json").write_text(json.dumps(report, indent=1))
    return 0


def _seed():
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tools.bench import pages, seed

    seeded = seed.fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    call_command("clearsessions")
    return pages.asks(seeded)


def _pages(port, asks):
    with step("One client"):
        load.measure(HOST, port, asks, turns=WARM_UP, clients=1)
        alone = load.measure(HOST, port, asks, turns=TURNS, clients=1)
    with step("Eight clients"):
        crowd = load.measure(HOST, port, asks, turns=TURNS, clients=8)
    bare = alone["bare"].p(50)
    rows = []
    for turn, ask in enumerate(asks):
        queries = int(load.fetch(HOST, port, ask, 10**6 + turn, count_queries=True)[2]["X-Queries"])
        one, eight = alone[ask.name], crowd[ask.name]
        rows.append(
            {
                "page": ask.name,
                "queries": queries,
                "most_queries": ask.most_queries,
                "p50_ms": round(one.p(50) * 1000, 2),
                "p95_ms": round(one.p(95) * 1000, 2),
                "p50_ms_8_clients": round(eight.p(50) * 1000, 2),
                "p95_ms_8_clients": round(eight.p(95) * 1000, 2),
                "bytes": one.bytes,
                "ratio_to_bare": round(one.p(50) / bare, 2),
                "p95_ratio_to_bare": round(one.p(95) / bare, 2),
                "goal": ask.goal,
            }
        )
    return rows


def _first_visit(static):
    """Bytes of the style sheets and scripts of a first visit, each gzipped as it is sent."""
    names = json.loads((static / "staticfiles.json").read_text())["paths"]
    return {
        name: len(gzip.compress((static / names[name]).read_bytes(), 9))
        for name in FIRST_VISIT
        if name in names
    }


def _sweep():
    from tools.bench import sweep

    return sweep.measure()


def _pay002():
    from tools.bench_pay002 import measure_pay002

    return measure_pay002(1000, 2)


def _print(report):
    print(
        f"\n{'page':<34}{'queries':>8}{'p50':>8}{'p95':>8}{'p50/8':>8}{'p95/8':>8}"
        f"{'bytes':>9}{'x L':>7}{'goal':>6}"
    )
    for row in report["pages"]:
        over = row["ratio_to_bare"] > row["goal"] or (row["most_queries"] or 99) < row["queries"]
        print(
            f"{row['page']:<34}{row['queries']:>8}{row['p50_ms']:>8.1f}{row['p95_ms']:>8.1f}"
            f"{row['p50_ms_8_clients']:>8.1f}{row['p95_ms_8_clients']:>8.1f}{row['bytes']:>9,}"
            f"{row['ratio_to_bare']:>7.2f}{row['goal']:>6.1f}{'  over' if over else ''}"
        )
    total = sum(report["first_visit_bytes"].values())
    print(f"\nStyle sheets and scripts of a first visit: {total:,} bytes gzipped (goal 40,960)")
    swept = report["sweep"]
    print(
        f"Sweep of {swept['due']:,} due among {swept['deadlines']:,} deadlines: {swept['first_s']} s "
        f"(goal {swept['goal_s']} s), {swept['queued']:,} queued; again: {swept['second_s']} s, "
        f"{swept['queued_again']} queued. As many a day late: {swept['late_s']} s, "
        f"{swept['told_of_late']:,} told."
    )
    print(json.dumps(report["pay002"], indent=1))


if __name__ == "__main__":
    sys.exit(main(bench))
