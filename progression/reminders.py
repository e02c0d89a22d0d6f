"""The deadlines a state opens and leaving it closes, and the sweep that queues their reminders."""


def open_for_state(application, *, now):
    """Open what the application's state asks of its owner."""


def close_all(application, *, now):
    """Close every open deadline of the application: nobody is reminded of what is finished."""
