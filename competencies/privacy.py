"""Schemes are about nobody. Who published or drafted one only acted."""

from people.personal import About, Kept, Nobody

OF_A_SCHEME = "What a council asks, the same of everybody."

DECLARED = [
    About(
        "competencies.Scheme",
        Kept.FOR_GOOD,
        called="Schemes published",
        by=("published_by",),
        at="published_at",
    ),
    About(
        "competencies.SchemeDraft",
        Kept.FOR_GOOD,
        called="Drafts of schemes",
        by=("begun_by", "saved_by"),
        at="saved_at",
    ),
    Nobody("competencies.SchemeContent", OF_A_SCHEME),
    Nobody("competencies.Level", OF_A_SCHEME, columns=("name",)),
    Nobody("competencies.Step", OF_A_SCHEME),
    Nobody("competencies.Competency", OF_A_SCHEME, columns=("name",)),
    Nobody("competencies.Competency_steps_evidenced", OF_A_SCHEME),
    Nobody("competencies.Criterion", OF_A_SCHEME),
    Nobody("competencies.Criterion_steps", OF_A_SCHEME),
    Nobody("competencies.PayScale", OF_A_SCHEME),
    Nobody("competencies.SpinalPoint", OF_A_SCHEME),
]
