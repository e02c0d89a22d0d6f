"""Several people at the same moment: each in a thread with a database connection of its own."""

import threading

from django.db import connection


def at_once(*acts):
    """Run the functions together. Answers what each returned or raised, in their order."""
    answers = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(number, act):
        try:
            connection.ensure_connection()
            ready.wait(timeout=60)
            answers[number] = act()
        except Exception as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers
