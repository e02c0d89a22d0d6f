"""The draft of a scheme's next version: begun, read, compared, read in from a file, discarded."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competencies import permissions, policies, scheme_file, selectors, transitions
from competencies.differences import differences
from competencies.forms import FileForm
from competencies.missing import missing_in
from competencies.parts import PARTS
from competencies.views.scheme import download
from people.policies import Blocked

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


def of_draft(may, *, over=False):
    """A page about the open draft of a scheme, for those who `may`; for others there is none.

    `over`: about the latest draft, whether it is still open or not.
    """

    def of_the_draft(view):
        @wraps(view)
        def page(request, code, *args, **kwargs):
            if not may(request.user, code):
                raise Http404
            draft = selectors.latest_draft(code)
            if draft is None:
                raise Http404
            if not over:
                policies.check_draft_open(draft)
            return view(request, draft, *args, **kwargs)

        return page

    return of_the_draft


kept = of_draft(permissions.can_keep)
kept_or_over = of_draft(permissions.can_keep, over=True)
read = of_draft(permissions.can_read_drafts)


@require_POST
def begin(request, code):
    """Copy the newest version to a draft of the next."""
    if not permissions.can_keep(request.user, code):
        raise Http404
    transitions.begin_draft(code, actor=request.user, now=timezone.now())
    messages.success(request, "Draft begun")
    return redirect("competencies:draft", code)


@require_safe
@read
def overview(request, draft):
    """Every part of the draft, what is left to mend, and what to do with it."""
    newest = selectors.versions(draft.code)[0]
    context = {
        "draft": draft,
        "scheme": draft.based_on,
        "parts": [part for part in PARTS.values() if not part.needs or draft.file.get(part.needs)],
        "missing": missing_in(draft),
        "changes": differences(draft.based_on.content.file, draft.file),
        "newer": policies.made_stale_by(draft, newest),
        "keeps": permissions.can_keep(request.user, draft.code),
    }
    return render(request, "competencies/draft/overview.html", context)


@require_safe
@read
def changes(request, draft):
    """What the draft changes in the version that it is compared with."""
    found = differences(draft.based_on.content.file, draft.file)
    context = {"draft": draft, "scheme": draft.based_on, "differences": found}
    return render(request, "competencies/draft/changes.html", context)


@require_safe
@read
def file(request, draft):
    """The draft's file, as a download."""
    return download(draft.file, f"{draft.code}-draft.yaml")


@asks_and_saves
@kept
def read_in(request, draft):
    """Let the draft say what a file says."""
    form = FileForm(request.POST or None, request.FILES or None, initial={"revision": draft.revision})
    context = {"draft": draft, "scheme": draft.based_on, "form": form}
    status = 200
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            rules = scheme_file.read_sent(
                "file", sent.read(scheme_file.MOST_BYTES + 1), published=selectors.published_content
            )
            transitions.import_into_draft(
                draft,
                rules=rules,
                actor=request.user,
                base_revision=form.cleaned_data["revision"],
                now=timezone.now(),
            )
        except scheme_file.BadFiles as bad:
            form.add_error("file", "The file cannot be read as a scheme: see below")
            context["problems"] = bad.problems
        except Blocked as blocked:
            for sentence in blocked.sentences:
                form.add_error("file", sentence)
        except transitions.StaleSave as stale:
            form.data = form.data.copy()
            form.data["revision"] = stale.draft.revision
            form.add_error(
                "file",
                f"{stale.draft.saved_by.name} has changed the draft since you opened this page. "
                "Look at the differences first; the file, chosen again, replaces all of it",
            )
            status = 409
        else:
            messages.success(request, "File read into the draft")
            return redirect("competencies:draft", draft.code)
    return render(request, "competencies/draft/read_in.html", context, status=status)


@require_POST
@kept
def compare_with_newest(request, draft):
    """Go on from the version that was published since."""
    transitions.compare_with_newest(draft, actor=request.user, now=timezone.now())
    return redirect("competencies:draft_changes", draft.code)


@asks_and_saves
@kept
def discard(request, draft):
    """Ask, then give the draft up."""
    if request.method == "POST":
        transitions.discard(draft, actor=request.user, now=timezone.now())
        messages.success(request, "Draft discarded")
        return redirect("competencies:scheme", draft.code)
    return render(request, "competencies/draft/discard.html", {"draft": draft, "scheme": draft.based_on})
