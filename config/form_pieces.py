"""What the form templates under `templates/gds` need: ids that error links reach, and inputs that say what
describes them. The template pack's own `crispy_gds_field` gets radios, dates and counted text wrong.
"""

from django import forms
from django.forms.renderers import Jinja2, get_default_renderer

# Django's own inputs, drawn by Jinja2: a third of the time.
QUICK = Jinja2()

CLASSES = {
    forms.Textarea: "govuk-textarea",
    forms.Select: "govuk-select",
    forms.FileInput: "govuk-file-upload",
    forms.CheckboxInput: "govuk-checkboxes__input",
    forms.widgets.Input: "govuk-input",
}


def kind(field):
    """Which part of `gds/field.html` shows this bound field."""
    widget = field.field.widget
    # The narrower class first: Django's tick boxes are a kind of radios.
    for widget_class, name in (
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.MultiWidget, "date"),
        (forms.CheckboxInput, "checkbox"),
        (forms.PasswordInput, "password"),
        (forms.Select, "select"),
    ):
        if isinstance(widget, widget_class):
            return name
    return "text"


def described_by(field):
    """The ids of the hint and the error of a bound field, as `aria-describedby` wants them."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}-hint")
    if field.errors:
        ids.append(f"{field.auto_id}-error")
    return " ".join(ids)


def form_input(field, counted=False):
    """The input itself of a bound field with one input, in the design system's classes."""
    widget = field.field.widget
    base = next(css for widget_class, css in CLASSES.items() if isinstance(widget, widget_class))
    classes = [base, *widget.attrs.get("class", "").split()]
    if field.errors:
        classes.append(f"{base}--error")
    if kind(field) == "password":
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
    described = described_by(field).split()
    if counted:
        described.append(f"{field.auto_id}-info")
    attrs = {"class": " ".join(classes)}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    own_template = not widget.template_name.startswith("django/forms/")
    field.form.renderer = get_default_renderer() if own_template else QUICK
    widget.attrs.pop("placeholder", None)  # allauth's: a hint that vanishes as one types
    return field.as_widget(attrs=attrs)


def ticked(field):
    """The values, as strings, of the tick boxes that are on."""
    return {str(value) for value in field.value() or ()}


def parts(field):
    """The inputs of a bound date, each with its label, id, name, value, class and whether it is wrong."""
    widget = field.field.widget
    values = field.value()
    if not isinstance(values, list | tuple):
        values = widget.decompress(values)
    wrong = _wrong_parts(field)
    for index, (part, value) in enumerate(zip(widget.widgets, values, strict=False)):
        yield {
            "id": f"{field.auto_id}_{index}",
            "name": f"{field.html_name}{widget.widgets_names[index]}",
            "label": field.field.fields[index].label,
            "value": "" if value is None else value,
            "class": part.attrs.get("class", ""),
            "wrong": bool(field.errors) and index in wrong,
        }


def _wrong_parts(field):
    """Which of a date's inputs have an error of their own; all of them when the error is about the whole."""
    inputs = range(len(field.field.fields))
    return [i for i in inputs if getattr(field.field.fields[i].widget, "errors", None)] or list(inputs)


def target(field):
    """The id of the input to mend: the first radio or tick box, a date's first wrong part, or the input."""
    if kind(field) == "date":
        return f"{field.auto_id}_{_wrong_parts(field)[0]}"
    return field.auto_id


def error_lines(forms_shown):
    """Every error of these bound forms, in the order of their fields: (id of the input to mend, sentence)."""
    lines = []
    for form in forms_shown:
        visible = form.visible_fields()
        first = target(visible[0]) if visible else "main-content"
        lines += [(first, error) for error in form.non_field_errors()]
        lines += [(target(field), error) for field in visible for error in field.errors]
    return lines


FILTERS = {
    "kind": kind,
    "described_by": described_by,
    "ticked": ticked,
    "parts": parts,
    "error_lines": error_lines,
}
