"""The messages of a contract to accept, and of a form that payroll sends back."""

from django.urls import reverse

from payroll.selectors import open_query
from people.permissions import allowed
from progression.messages import Ask, News, register
from progression.permissions import check_can_answer_payroll, check_is_payroll


@register
class NewContract(Ask):
    """It asks for their consent, so it is told at once. R23."""

    kind = "new_contract"
    subject = "There is a letter for you about your contract"
    words = "Your progression changes your contract. Sign in to read the letter, and to accept or decline it."
    topic = None

    def link(self, notice):
        return reverse("payroll:contract", args=[notice.application.reference])

    def still_needed(self, notice):
        application = notice.application
        waiting = application.variations.filter(answered_at=None, pay_form__stopped_at=None)
        return application.worker_id == notice.recipient_id and waiting.exists()


class ToPayroll(News):
    def link(self, notice):
        return reverse("payroll:form", args=[notice.application.reference])

    def still_needed(self, notice):
        return allowed(check_is_payroll, notice.recipient, notice.application)


@register
class FormSentBack(Ask):
    """To the team manager and whoever authorised. R13."""

    kind = "form_sent_back"
    subject = "Payroll has sent a form back"
    words = "Payroll cannot use a form about a progression as it is. Sign in to read why and put it right."

    def link(self, notice):
        return reverse("payroll:answer_query", args=[notice.application.reference])

    def still_needed(self, notice):
        waiting = open_query(notice.application)
        return waiting is not None and allowed(check_can_answer_payroll, notice.recipient, notice.application)


@register
class ContractAccepted(ToPayroll):
    kind = "contract_accepted"
    subject = "A new contract has been accepted"
    words = (
        "The social worker has accepted the new contract, so pay can be changed. Sign in to open the form."
    )


@register
class ContractDeclined(ToPayroll):
    kind = "contract_declined"
    subject = "A new contract has been declined: change no pay"
    words = "The social worker has declined the new contract. The form was stopped: change no pay by it."
