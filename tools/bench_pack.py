"""`python -m tools.bench_pack [pieces files]`: a portfolio as one PDF. Seconds, pages, the most memory held.

It makes what reviews/pack.py makes, of invented pieces and of photographs with 4 MB each, without a database.
The peaks are those of the process that draws and binds, and of the largest that lays one file out.
"""

import io
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

GOAL_MB = 400
HEADINGS = 10
WORDS = "I met the child alone, listened before I asked, and wrote down what she said in her own words. "


def measure(pieces=60, files=100):
    """The figures told above, as a dict."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.files.storage import default_storage

    from reviews import binding, pack
    from reviews.laying_out import lay_out_all

    with tempfile.TemporaryDirectory() as folder:
        default_storage.location = folder
        (Path(folder) / "photograph").write_bytes(_photograph())
        papers = _papers(pieces, files)
        began = time.perf_counter()
        laid = lay_out_all(papers.files, Path(folder), room=pack.ROOM)
        laid_out = time.perf_counter()
        pages = binding.pages_of(pack.draw(papers, laid, pages={}), laid)
        drawn = pack.draw(papers, laid, pages=pages)
        drawn_at = time.perf_counter()
        out = Path(folder) / "pack.pdf"
        count = binding.bind(drawn, laid, papers.files, out, foot=papers.foot)
        return {
            "pieces": pieces,
            "files": files,
            "seconds": round(time.perf_counter() - began, 1),
            "laying_out_s": round(laid_out - began, 1),
            "drawing_s": round(drawn_at - laid_out, 1),
            "pages": count,
            "megabytes": round(out.stat().st_size / 1024**2, 1),
            "peak_mb": _peak(resource.RUSAGE_SELF),
            "goal_mb": GOAL_MB,
            "peak_of_a_file_mb": _peak(resource.RUSAGE_CHILDREN),
        }


def _peak(whose):
    return resource.getrusage(whose).ru_maxrss // 1024


def _photograph():
    from PIL import Image

    made = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()


def _papers(pieces, files):
    from reviews.laying_out import FileToBind
    from reviews.pack_selectors import Asked, PackHeading, PackPapers, Told

    told = [Told(number, _piece(number), here=True) for number in range(1, pieces + 1)]
    criteria = [Asked(f"{WORDS} {number}", "I do this", WORDS) for number in range(8)]
    share = -(-pieces // HEADINGS)
    kept = SimpleNamespace(scan="safe", stored_as="photograph", name="photograph.jpg")
    of = sorted(number % pieces + 1 for number in range(files))
    return PackPapers(
        submission=SimpleNamespace(
            worker={"name": "Amara Okafor", "job_title": "Social Worker"},
            step={"from": "Level 1", "to": "Level 2"},
            scheme={"title": "A scheme"},
            desirables=[],
        ),
        reference="",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        is_submitted=False,
        drafts=0,
        headings=[
            PackHeading(number, f"Heading {number}", criteria, told[(number - 1) * share : number * share])
            for number in range(1, HEADINGS + 1)
        ],
        other=[],
        files=[
            FileToBind(number, kept.name, kept.name, str(piece), kept, "image/jpeg")
            for number, piece in enumerate(of, 1)
        ],
    )


def _piece(number):
    from competencies.rules import EvidenceKind
    from portfolios.selectors import Example

    return Example(
        id=number,
        kind=EvidenceKind.PRACTICE_EXAMPLE.label,
        title=f"A home visit, {number}",
        practised_on=date(2026, 1, 1),
        what_i_did=WORDS * 12,
        outcome=WORDS * 6,
        what_i_learned=WORDS * 6,
        complete=True,
        attachments=[],
    )


if __name__ == "__main__":
    print(measure(*(int(argument) for argument in sys.argv[1:3])))
