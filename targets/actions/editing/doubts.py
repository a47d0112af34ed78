"""What is odd in the document, noted with its clause or with the target whose words are odd."""

from collections.abc import Iterable

from targets.actions.editing.frame import Edit
from targets.models import Anomaly, Clause, Target


def put_doubts(edit: Edit, clause: Clause, target: Target | None, texts: Iterable[str]) -> None:
    """Exactly these; a published plan takes them, too."""
    known = {row.text: row for row in Anomaly.objects.of_plan(edit.plan).filter(target=target, clause=clause)}
    for text in texts:
        values = {"clause_id": clause.pk, "target_id": target.pk if target else None, "text": text}
        edit.loading.put(Anomaly, known.get(text), values, 0)
    edit.loading.prune(known.values(), 0)
