"""What a scheme's file says of reminders: a ladder for each kind of deadline."""

from competencies.rule_kinds import Count, Rule


class Ladder(Rule):
    """When people are reminded of a day by which somebody acts, in working days before and after it.

    Whoever acts is reminded; from `to_manager_after` days after it, whoever manages them is too. `within` is
    how long it is expected to take where the rules give no time limit.
    """

    within: Count = 10
    before: list[Count] = []
    on_day: bool = True
    after: list[Count] = []
    to_manager_after: Count | None = None


class Reminders(Rule):
    """The ladder for each kind of deadline. `idle`: working days without a save, while it is being built."""

    idle: list[Count] = [20, 40, 60]
    act: Ladder = Ladder(before=[5], after=[1, 5], to_manager_after=5)
    ask_for_review: Ladder = Ladder(before=[3])
    decide_review: Ladder = Ladder(before=[5, 2], after=[1, 5], to_manager_after=5)
    decide_late_request: Ladder = Ladder(within=5, before=[2], after=[1, 5], to_manager_after=5)
    answer_variation: Ladder = Ladder(before=[5], after=[5])
    answer_query: Ladder = Ladder(within=5, before=[2], after=[1, 5], to_manager_after=5)
