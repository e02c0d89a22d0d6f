"""The door that gunicorn calls: `config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()


def application(environ, start_response):
    """The service. Every request is read as UTF-8, which all our pages send, whatever code it says it is in.

    Django would read it by whichever of Python's codecs the sender names: some break while the request is
    made, before any page of ours can answer, and some hand on halves of letters that nothing can store.
    """
    environ["CONTENT_TYPE"] = _without_charset(environ.get("CONTENT_TYPE", ""))
    return django(environ, start_response)


def _without_charset(content_type):
    try:
        kind, said = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return ""
    if "charset" not in said:
        return content_type
    return f'{kind}; boundary="{said["boundary"]}"' if "boundary" in said else kind
