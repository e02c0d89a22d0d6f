"""A scheme to read about: who leads it, its versions, when it is looked at again; and its file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from competencies import permissions, selectors
from competencies.differences import differences
from competencies.scheme_text import yaml_of
from people.roles import Role


@require_safe
def kept(request):
    """The schemes that the reader looks after, or audits, with their versions and drafts."""
    if request.user.role not in (Role.PRINCIPAL_SOCIAL_WORKER, Role.AUDITOR):
        raise Http404
    schemes = selectors.kept_by(request.user)
    return render(request, "competencies/kept.html", {"schemes": schemes, "today": localdate()})


@require_safe
def scheme(request, code):
    """One scheme: R24, R33, R38. For whoever looks after it, the draft of its next version too."""
    versions = selectors.versions(code)
    if not versions:
        raise Http404
    today = localdate()
    shown = selectors.in_force(versions, today=today) or versions[0]
    reads_drafts = permissions.can_read_drafts(request.user, code)
    context = {
        "scheme": shown,
        "rules": shown.rules,
        "versions": versions,
        "in_force": selectors.in_force(versions, today=today),
        "review": selectors.review_due(versions),
        "today": today,
        "reads_drafts": reads_drafts,
        "keeps": permissions.can_keep(request.user, code),
        "draft": selectors.open_draft(code) if reads_drafts else None,
    }
    return render(request, "competencies/scheme.html", context)


@require_safe
def file(request, code, version):
    """A version's file, as a download."""
    if not permissions.can_read_drafts(request.user, code):
        raise Http404
    found = selectors.version(code, version)
    if found is None:
        raise Http404
    return download(found.content.file, f"{code}-version-{version}.yaml")


@require_safe
def changes(request, code, version):
    """What a version changed in the one before it."""
    found, before = selectors.version(code, version), selectors.version(code, version - 1)
    if found is None or before is None:
        raise Http404
    context = {
        "scheme": found,
        "differences": differences(before.content.file, found.content.file),
        "before": before,
    }
    return render(request, "competencies/changes.html", context)


def download(content, name):
    """The file of a scheme, for a browser to keep under `name`."""
    return HttpResponse(
        yaml_of(content),
        content_type="text/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
