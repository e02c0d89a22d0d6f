"""One class a message; every message holds a link and no case data. Queued here, sent from the outbox."""


def tell_of_move(application, *, event, now):
    """Queue what the application's new state has to tell, to whom."""
