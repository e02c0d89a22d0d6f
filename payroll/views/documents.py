"""The answer that hands over a document as it was issued."""

from django.http import HttpResponse


def as_issued(document):
    """A PDF to keep, in nobody's cache."""
    return HttpResponse(
        bytes(document.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{document.filename}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
