"""Supervision and development: the worker's own pages, and the same for the manager of their team. R40.

To everybody else they do not exist. The worker's own addresses name nobody; the manager's name the worker.
"""

from dataclasses import dataclass
from functools import cached_property, wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people import audit
from people.models import User
from people.policies import Blocked
from portfolios import supervision_forms as forms
from portfolios import supervision_permissions as permissions
from portfolios import supervision_selectors as selectors
from portfolios import supervision_transitions as transitions
from portfolios.family_data_words import development_of, written_about
from portfolios.hold_policies import check_not_held, is_held
from portfolios.models import DevelopmentAction, Priority, Training
from portfolios.sharing_permissions import reads_progress

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Whose:
    """Whose development is read, by whom."""

    worker: User
    reader: User

    @property
    def own(self):
        return self.worker == self.reader

    @cached_property
    def held(self):
        """Whether a legal hold keeps what the worker wrote as it is. One query."""
        return is_held(self.worker.pk)

    def address(self, name, *args):
        """The address of that page of ours, in the worker's own part or in the manager's."""
        return reverse(f"portfolios:{name}", args=args if self.own else [self.worker.pk, *args])


def of_a_worker(view):
    """A page about one worker, for those two alone: the view gets Whose, in place of the worker's id."""

    @wraps(view)
    def for_reader(request, *args, worker=None, **kwargs):
        found = selectors.worker_with_manager(request.user.pk if worker is None else worker)
        if found is None or (worker is not None and found == request.user):
            raise Http404
        if not permissions.reads_development(request.user, found, today=timezone.localdate()):
            raise Http404
        if found != request.user:
            audit.note_read(found, about=[found.pk], words="their development")
        return view(request, Whose(found, request.user), *args, **kwargs)

    return for_reader


@require_safe
@of_a_worker
def development(request, whose):
    """What is agreed, the plan, the latest notes and training."""
    today = timezone.localdate()
    shown = {
        "now": selectors.development_of(whose.worker),
        "today": today,
        "reads_progress": not whose.own and reads_progress(request.user, whose.worker, today=today),
    }
    return _page(request, "development", whose, **shown)


@require_safe
@of_a_worker
def part(request, whose, part):
    """Everything of one kind that was ever kept."""
    if part not in selectors.PARTS:
        raise Http404
    page = selectors.part_of(whose.worker, part, page=request.GET.get("page"))
    return _page(request, part, whose, page=page, today=timezone.localdate())


@asks_and_saves
@of_a_worker
def add_note(request, whose):
    """Either of the two writes down what they talked about."""
    form = forms.NoteForm(**_sent(request, whose), headings=_headings(whose))
    if not form.is_valid():
        return _ask(request, whose, form, "Add a supervision note")
    transitions.write_note(whose.worker, **_by(request), **_told(form.answers(), form), now=timezone.now())
    return _back(request, whose, "Note saved")


@asks_and_saves
@of_a_worker
def add_priority(request, whose):
    """The manager writes down what was agreed."""
    permissions.check_supervises(request.user, whose.worker, today=timezone.localdate())
    form = forms.PriorityForm(**_sent(request, whose))
    if not form.is_valid():
        return _ask(request, whose, form, "Add a priority")
    transitions.agree_priority(whose.worker, **_by(request), **_told(form.cleaned_data, form))
    return _back(request, whose, "Priority saved")


@asks_and_saves
@of_a_worker
def end_priority(request, whose, pk):
    """Ask, then end what was agreed."""
    permissions.check_supervises(request.user, whose.worker, today=timezone.localdate())
    priority = _one(whose, Priority, pk)
    if priority.ended_on:
        raise Blocked("This priority has ended already.")
    if request.method == "POST":
        transitions.end_priority(priority, **_by(request))
        return _back(request, whose, "Priority ended")
    return _page(request, "end_priority", whose, priority=priority)


@asks_and_saves
@of_a_worker
def add_action(request, whose):
    """Either of the two adds to the plan."""
    form = forms.ActionForm(**_sent(request, whose), headings=_headings(whose))
    if not form.is_valid():
        return _ask(request, whose, form, "Add to the plan")
    transitions.plan_action(whose.worker, **_by(request), **_told(form.answers(), form), now=timezone.now())
    return _back(request, whose, "Added to the plan")


@asks_and_saves
@of_a_worker
def finish_action(request, whose, pk):
    """Say when an action was done and what came of it."""
    action = _one(whose, DevelopmentAction, pk)
    if action.done_on:
        raise Blocked("This action is done already.")
    form = forms.DoneForm(**_sent(request, whose, action.stays))
    if not form.is_valid():
        return _ask(request, whose, form, "Mark as done", action=action)
    transitions.finish_action(action, **_by(request), **_told(form.cleaned_data, form))
    return _back(request, whose, "Marked as done")


@asks_and_saves
@of_a_worker
def add_training(request, whose):
    """The worker says what training they took."""
    permissions.check_is_own(request.user, whose.worker)
    form = forms.TrainingForm(**_sent(request, whose), headings=_headings(whose))
    if not form.is_valid():
        return _ask(request, whose, form, "Add training")
    transitions.record_training(
        whose.worker, actor=request.user, **_told(form.answers(), form), now=timezone.now()
    )
    return _back(request, whose, "Training saved")


@asks_and_saves
@of_a_worker
def say_how_applied(request, whose, pk):
    """The worker says how they applied training in practice."""
    permissions.check_is_own(request.user, whose.worker)
    training = _one(whose, Training, pk)
    said = {"learned": training.learned, "applied": training.applied}
    if all(said.values()):
        check_not_held(whose.worker)
    form = forms.AppliedForm(**_sent(request, whose, training.stays), initial=said)
    if not form.is_valid():
        return _ask(request, whose, form, "How you applied it", training=training)
    transitions.say_how_applied(training, actor=request.user, **_told(form.cleaned_data, form))
    return _back(request, whose, "Saved")


@asks_and_saves
@of_a_worker
def agree_training(request, whose, pk):
    """Ask, then have the manager's agreement to the training on record. R5."""
    permissions.check_supervises(request.user, whose.worker, today=timezone.localdate())
    training = _one(whose, Training, pk)
    if training.agreed_by_id:
        raise Blocked("This training is agreed already.")
    if request.method == "POST":
        transitions.agree_training(training, **_by(request))
        return _back(request, whose, "Training agreed")
    return _page(request, "agree_training", whose, training=training)


def _sent(request, whose, stay=()):
    """What every form here is made of: what was sent, and what that is looked through for."""
    made = {"data": None, "today": timezone.localdate()}
    if request.method == "POST":
        about = development_of(whose.worker)
        made["data"] = request.POST
        made["written"] = written_about(whose.worker, by=request.user, about=about, stay=stay)
    return made


def _told(answers, form):
    return answers | {"stays": form.stays()}


def _by(request):
    return {"actor": request.user, "today": timezone.localdate()}


def _headings(whose):
    return selectors.headings_for(whose.worker, today=timezone.localdate())


def _one(whose, model, pk):
    found = selectors.one_of(whose.worker, model, pk)
    if found is None:
        raise Http404
    return found


def _ask(request, whose, form, title, **shown):
    return _page(request, "question", whose, form=form, title=title, **shown)


def _back(request, whose, words):
    messages.success(request, words)
    return redirect(whose.address("development"))


def _page(request, name, whose, **shown):
    return render(request, f"portfolios/supervision/{name}.html", {"whose": whose, **shown})
