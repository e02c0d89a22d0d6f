"""The roles a person may have, and who is senior to whom."""

from django.db.models import TextChoices


class Role(TextChoices):
    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    ASSISTANT_DIRECTOR = "assistant_director", "Assistant director"
    PAYROLL = "payroll", "HR and payroll"
    PRINCIPAL_SOCIAL_WORKER = "principal_social_worker", "Principal social worker"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


LINE_OF_MANAGEMENT = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
)


def at_least(role, minimum):
    """Whether `role` is `minimum` or senior to it in the line of management; other roles never are. R15."""
    if role not in LINE_OF_MANAGEMENT:
        return False
    return LINE_OF_MANAGEMENT.index(role) >= LINE_OF_MANAGEMENT.index(minimum)


def roles_at_least(minimum):
    """`minimum` and every role senior to it. R15."""
    return LINE_OF_MANAGEMENT[LINE_OF_MANAGEMENT.index(minimum) :]


def roles_up_to(role):
    """`role` and every role junior to it; none outside the line of management."""
    if role not in LINE_OF_MANAGEMENT:
        return ()
    return LINE_OF_MANAGEMENT[: LINE_OF_MANAGEMENT.index(role) + 1]
