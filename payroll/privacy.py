"""What is kept about people in what leaves the building: forms to payroll, letters, contracts."""

from people.personal import ERASED, NAMELESS, About, Kept

OF_CASE = ("application__worker",)
OF_DOCUMENT = ("pay_form__application__worker", "letter__application__worker")

DECLARED = [
    About(
        "payroll.PayForm",
        Kept.YEARS,
        called="Pay forms",
        of=OF_CASE,
        by=("downloaded_by", "in_pay_by"),
        at="created_at",
        emptied={"content": ERASED, "name": NAMELESS, "ern": "erased"},
    ),
    About(
        "payroll.PayQuery",
        Kept.YEARS,
        called="Questions about pay forms",
        of=("pay_form__application__worker",),
        by=("asked_by", "answered_by", "on_behalf_of"),
        at="asked_at",
        emptied={"reason": ERASED, "answer": "{if}Erased"},
    ),
    About("payroll.Letter", Kept.YEARS, called="Letters", of=(*OF_CASE, "to"), emptied={"content": ERASED}),
    About(
        "payroll.Variation", Kept.YEARS, called="New contracts offered", of=OF_CASE, emptied={"reason": ""}
    ),
    About(
        "payroll.IssuedDocument",
        Kept.YEARS,
        called="Forms and letters as they were issued",
        of=OF_DOCUMENT,
        owners=OF_DOCUMENT,
        file="content",
        emptied={"content": b"", "filename": "erased"},
    ),
    About(
        "payroll.Download",
        Kept.YEARS,
        called="Downloads of forms and letters",
        of=tuple(f"document__{lookup}" for lookup in OF_DOCUMENT),
        by=("by",),
        at="at",
    ),
]
