"""What people fill in on the forms that the table sends, beside what the page's own form carries along."""

from competencies.rules import EvidenceKind

EXAMPLE = {
    "kind": EvidenceKind.PRACTICE_EXAMPLE.value,
    "title": "A review that I chaired",
    "practised_on_0": "4",
    "practised_on_1": "5",
    "practised_on_2": "2025",
    "what_i_did": "I met her alone first.",
    "outcome": "The plan says what she asked for.",
    "what_i_learned": "To ask who is not in the room.",
    "draft": "",
}
NEW_PASSWORD = {"password1": "three long words", "password2": "three long words"}
DECLARED = {"attendance": "yes", "punctuality": "yes", "diversity": "yes"}
NOT_RECOMMENDED = {"recommended": "no", "reasons": "Two records were late."}
WHY_NOT = {"reasons": "Two records were late.", "required": "Six months of records on time."}
AUTHORISE = {"decision": "authorise", "sign": ""}
DECLINE = {"decision": "decline", "sign": "", **WHY_NOT}
REFUSE = {"sign": "", **WHY_NOT}
UPHOLD = {"decision": "uphold", "sign": "", **WHY_NOT}
DISMISS = {"decision": "dismiss", "sign": "", **WHY_NOT, "test_1": "met", "test_2": "not_met"}
ASK = {"grounds": "A report was not read.", "sign": ""}


def email_and_password(case):
    return {"login": case.worker.email, "password": "progression"}


def not_used_yet(case):
    """A piece of the worker's bank that counts for nothing yet."""
    return {"pieces": [str(case.worker.evidence.get(title="Not used for any heading yet").pk)]}
