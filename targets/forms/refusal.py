"""Where a form's fields stand, as "lines", so that a problem of an action is shown at the field that it speaks of."""

from collections.abc import Iterable, Mapping, Sequence

from django.forms import BaseForm

from targets.labels import in_words
from targets.plan_file import FileProblem

ROOM = 1000  # lines for the fields of each form of a page

# Keys of the plan file that have other fields on the page.
ELSEWHERE = {"scope": "kinds", "asked_of": "kinds", "sha256": "document_sha256", "document": "document_sha256"}


def lines_of(form: BaseForm, number: int = 0) -> dict[str, int]:
    """The line of each field, for the specs made of the form; `number` is the form's place among those of its page."""
    lines = {name: number * ROOM + place for place, name in enumerate(form.fields, start=1)}
    elsewhere = {key: lines[name] for key, name in ELSEWHERE.items() if name in lines}
    return {"": number * ROOM} | elsewhere | lines


def show_problems(
    problems: Iterable[FileProblem], forms: Sequence[BaseForm], names: Mapping[str, str] | None = None
) -> None:
    """Put each problem at its field; what speaks of no field stands above the form. `names` replace codes."""
    for problem in problems:
        number, place = divmod(problem.line, ROOM)
        form = forms[number] if number < len(forms) else forms[0]
        fields = list(form.fields)
        form.add_error(fields[place - 1] if 0 < place <= len(fields) else None, in_words(problem.message, names))
