"""*Who* may handle what leaves the building: HR and payroll of the service it is about, nobody else. R16."""

from people.permissions import NotAllowed, allowed
from people.roles import Role
from progression.permissions import check_is_payroll


def check_can_handle(user, pay_form):
    """HR and payroll of the service whose worker the form is about; nobody handles their own."""
    if pay_form.application.worker_id == user.pk:
        raise NotAllowed("This form is about you, so somebody else must handle it.")
    check_is_payroll(user, pay_form.application)


def handles_forms(user):
    """Whether this person has a list of forms at all."""
    return user.role == Role.PAYROLL


def check_can_read_letter(user, letter):
    """Whoever it is addressed to, and all who see the case but its worker, who reads their own letters."""
    if letter.to_id != user.pk and letter.application.worker_id == user.pk:
        raise NotAllowed("This letter is not addressed to you.")


def can_read_letter(user, letter):
    return allowed(check_can_read_letter, user, letter)
