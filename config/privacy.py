"""What every package keeps about people, put together where all of them are known."""

from competencies import privacy as competencies
from payroll import privacy as payroll
from people import personal
from people import privacy as people
from portfolios import privacy as portfolios
from progression import privacy as progression
from reviews import privacy as reviews

PACKAGES = (reviews, payroll, progression, portfolios, competencies, people)
"""In this order they are erased: whatever points at a row goes before it."""


def put_together():
    """Fill `people.personal.DECLARED`, once all models are known."""
    personal.DECLARED[:] = [one for package in PACKAGES for one in package.DECLARED]
