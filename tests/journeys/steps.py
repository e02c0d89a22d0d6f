"""What people do in more than one journey, each through the pages."""

import io
import re

from django.utils.formats import date_format
from pypdf import PdfReader

from competencies import selectors as competencies
from tests.at_a_browser import follow

DID = "I read the whole file and made one chronology, with what was seen kept apart from what was thought."
OUTCOME = "The meeting used it as its agenda."
LEARNED = "To record within a day."


def shown(day):
    """A date as pages say it."""
    return date_format(day, "j F Y")


def types_date(person, name, day):
    """Fill the three boxes of a date."""
    parts = enumerate((day.day, day.month, day.year))
    person.types(**{f"{name}_{part}": str(value) for part, value in parts})


def starts_an_application(worker):
    worker.page.goto("/applications/start/")
    worker.sees("Start an application").presses("Start your application").sees(".")
    return worker.user.applications.latest("started_at")


def writes_evidence_for_every_heading(worker, application, practised_on):
    """One piece of each kind that a heading asks for, ticked against all headings that take it."""
    from portfolios.policies import kinds_for

    by_kind = {}
    for heading in competencies.headings_evidenced(application.step):
        kind = kinds_for(application.portfolio, heading.competency)[0]
        by_kind.setdefault(kind, []).append(heading.competency.name)
    for kind, names in by_kind.items():
        worker.page.goto("/evidence/new/")
        worker.sees("Add evidence")
        if len(by_kind) > 1:
            worker.page.locator(f"[name=kind][value='{kind}']").check()
        worker.types(title=f"A year of one plan ({kind})", what_i_did=DID, outcome=OUTCOME)
        worker.types(what_i_learned=LEARNED)
        types_date(worker, "practised_on", practised_on)
        for name in names:
            worker.ticks(name)
        worker.presses("Save and continue").sees("A year of one plan")


def submits(worker, application):
    manager = application.team.manager
    worker.page.goto(f"/applications/{application.reference}/submit/")
    worker.sees("Check and submit").ticks(f"I have worked through each heading with {manager.name}")
    worker.presses("Submit your application").sees("submitted")


def assesses(manager, application, *, not_met=(), action_by=None):
    """Judge every heading; the criteria in `not_met` fail, with what is agreed about them by `action_by`."""
    manager.page.goto(f"/applications/{application.reference}/assessment/")
    manager.sees("Assess the portfolio").presses("Start assessment")
    for heading in competencies.headings_judged(application.step):
        manager.sees(f"^{re.escape(heading.competency.name)}")
        manager.types(note="Seen in the examples and in supervision through the year.")
        for criterion in heading.criteria:
            answer = "no" if criterion in not_met else "yes"
            manager.page.locator(f"[name=met_{criterion.pk}][value={answer}]").check()
            if criterion in not_met:
                manager.types(**{f"action_{criterion.pk}": "Chair two core groups and write them up."})
                types_date(manager, f"action_by_{criterion.pk}", action_by)
        manager.presses("Save and go to next heading")
    manager.page.wait_for_load_state()


def declares_everything(manager, application):
    manager.page.goto(f"/applications/{application.reference}/declarations/")
    manager.sees("Declarations")
    for legend in manager.page.locator("fieldset").all():
        legend.get_by_label("Yes").check()
    manager.presses("Save and continue").sees("Recommendation")


def wait_until(application, state, page):
    """Let the real Celery worker do its part."""
    for _ in range(200):
        application.refresh_from_db()
        if application.state == state:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"After 20 seconds the application is still {application.state}.")


def downloads(person, button):
    """Press the first button that begins so and keep what comes: (what the PDF says, what is attached)."""
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name=re.compile(f"^{button}")).first.click()
    kept = person.shots / download.value.suggested_filename
    download.value.save_as(kept)
    return words_of(kept.read_bytes()), list(PdfReader(kept).attachments)


def words_of(pdf):
    """What the bytes of a PDF say, in one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def accepts_the_contract(worker, application):
    worker.page.goto(f"/applications/{application.reference}/contract/")
    worker.sees("Your new contract")
    follow(worker.page.get_by_role("button", name="Accept", exact=True))
    worker.sees("Accept the new contract").presses("I accept the new contract").sees(".")
