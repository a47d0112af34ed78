"""Every threshold of a return's checks: the only place. The page's script is given them (`limits_for_page`)."""

from decimal import Decimal

from institutions import numerals
from reports.models import Entry

LARGE_CHANGE = Decimal("0.3")  # of the amount before: more than that, either way, is asked about
SMALLEST_COMPARED = Decimal(10)  # under it nothing is compared
MOST_OF_GOAL = Decimal("1.5")  # of a total; over it is asked about
SMALLEST_GOAL = Decimal(20)  # under it a total is not
NOTE_LENGTH: int = Entry._meta.get_field("note").max_length or 0


def percent_of(share: Decimal) -> str:
    return f"{share * 100:.0f}"


def limits_for_page() -> dict[str, str]:
    """By the names that static/js/return_cells.js knows; decimals in text."""
    return {
        "large_change": f"{LARGE_CHANGE:f}",
        "smallest_compared": f"{SMALLEST_COMPARED:f}",
        "most_of_goal": f"{MOST_OF_GOAL:f}",
        "most_percent": percent_of(MOST_OF_GOAL),
        "smallest_goal": f"{SMALLEST_GOAL:f}",
        "largest": f"{numerals.LARGEST:f}",
        "note_length": str(NOTE_LENGTH),
        "most_shown": str(numerals.MOST_SHOWN),
    }
