"""What a person chose: how they are told of each topic. Without a choice, by e-mail and at once."""

from django.db import transaction

from people.models import HowTold, NoticeChoice, Topic


def chosen_by(person):
    """{topic: how} for every topic there is. One query."""
    chosen = dict(person.notice_choices.values_list("topic", "how"))
    return {topic.value: chosen.get(topic.value, HowTold.AT_ONCE.value) for topic in Topic}


@transaction.atomic
def choose(person, chosen):
    """Keep this {topic: how}. Holds for what is told from now on."""
    for topic in Topic:
        NoticeChoice.objects.update_or_create(person=person, topic=topic, defaults={"how": chosen[topic]})
