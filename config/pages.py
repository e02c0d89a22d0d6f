"""How pages are made: the Jinja2 environment, its filters, and what the layout knows about the reader."""

from decimal import Decimal
from functools import cache

import jinja2
from crispy_forms.utils import render_crispy_form
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.timezone import is_aware, localtime
from markupsafe import Markup

from config import form_pieces
from config.navigation import account_links, navigation
from people.sessions import seconds_left

SERVICE_NAME = "Social work progression"


class Missing(jinja2.StrictUndefined):
    """A misspelt name or field stops the page; an option left out of a macro's dictionary is simply empty.

    The design system's macros take one dictionary and ask it for every option they know.
    """

    # Names the design system's macros test for, or use as JavaScript would.
    OPEN_NAMES = frozenset({None, "caller", "undefined", "null"})

    def __new__(cls, hint=None, obj=jinja2.utils.missing, name=None, exc=jinja2.UndefinedError):
        lenient = isinstance(obj, dict | jinja2.Undefined) or (
            obj is jinja2.utils.missing and name in cls.OPEN_NAMES
        )
        kind = jinja2.ChainableUndefined if lenient else jinja2.StrictUndefined
        return kind(hint, obj, name, exc)


def environment(**options):
    """The Jinja2 environment for every page of ours. `templates/layouts/page.html` says how to write one."""
    options["loader"] = jinja2.ChoiceLoader(
        [
            options["loader"],
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    options["undefined"] = Missing
    # Django sets autoescape among the options.
    made = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 # nosec B701
    made.globals |= {
        "static": cache(static),  # hashed names are fixed for the life of the process
        "url": url,
        "render_form": render_form,
        "form_input": form_pieces.form_input,
    }
    made.filters |= form_pieces.FILTERS
    made.filters |= {
        "date": date,
        "datetime": date_and_time,
        "appointment": day_and_time,
        "money": money,
        "plural": plural,
        "paragraphs": paragraphs,
        "filesizeformat": filesizeformat,
    }
    return made


def url(name, *args, **kwargs):
    """The address of the page called `name`."""
    return reverse(name, args=args, kwargs=kwargs)


@jinja2.pass_context
def render_form(context, form, button="Continue"):
    """The whole <form>, CSRF token included.

    A form with its own `helper` decides everything itself; one without gets all its fields and `button`.
    A browser keeps nothing of what is typed, to offer it to whoever sits there next, but what a field names.
    """
    helper = getattr(form, "helper", None)
    if helper is None:
        helper = FormHelper(form)
        helper.layout.append(Button.primary("send", button))
    helper.attrs = {"autocomplete": "off"} | helper.attrs
    made = render_crispy_form(form, helper, {"csrf_token": context["csrf_token"]})
    return Markup(made)  # noqa: S704 # nosec B704 - our templates have escaped it


def date(day):
    """4 May 2026. A moment is taken in local time; nothing for None."""
    if day is None:
        return ""
    day = _local(day)
    return f"{day.day} {day:%B %Y}"


def date_and_time(moment):
    """4 May 2026 at 3:05pm, in local time; nothing for None."""
    if moment is None:
        return ""
    moment = _local(moment)
    return f"{date(moment)} at {moment.hour % 12 or 12}:{moment:%M}{'am' if moment.hour < 12 else 'pm'}"


def day_and_time(moment):
    """Monday 4 May 2026 at 3:05pm, in local time: somebody is to be there."""
    return f"{_local(moment):%A} {date_and_time(moment)}"


def _local(moment):
    return localtime(moment) if hasattr(moment, "hour") and is_aware(moment) else moment


def money(pounds):
    """£34,549, or £34,549.50 where there are pence; a negative amount is −£120."""
    pounds = Decimal(pounds)
    sign = "−" if pounds < 0 else ""
    places = 0 if pounds == pounds.to_integral_value() else 2
    return f"{sign}£{abs(pounds):,.{places}f}"


def plural(count, one, many=None):
    """1 example, 2 examples; `many` where adding an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def paragraphs(text):
    """What a person typed, as paragraphs, with their line breaks; their HTML is shown, never obeyed."""
    made = linebreaks(text, autoescape=True).replace("<p>", '<p class="govuk-body">')
    return Markup(made)  # noqa: S704 # nosec B704 - linebreaks has escaped it


def chrome(request):
    """Context processor: what the layout shows round every page. It costs no query beyond the user."""
    user = getattr(request, "user", None)
    return {
        "chrome": {
            **bare_chrome(request)["chrome"],
            "navigation": navigation(user, request.path),
            "account_links": account_links(user, request.path),
            "time_left": seconds_left(request.session) if user and user.is_authenticated else None,
        }
    }


def bare_chrome(request):
    """The same without the reader: for the page that says something broke, perhaps the database."""
    return {
        "chrome": {
            "service_name": SERVICE_NAME,
            "organisation": settings.ORGANISATION,
            "demo": settings.DEMO,
            "nonce": getattr(request, "csp_nonce", ""),
            "navigation": [],
            "account_links": [],
            "time_left": None,
        },
        "messages": [],
    }
