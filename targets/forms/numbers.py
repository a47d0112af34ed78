"""What is typed into the numbers page, as the entries to be saved; what cannot be read stays with its sentence."""

from decimal import Decimal

from institutions import numerals
from targets.actions.numbers import AssignedEntry, Entries, OfficialEntry
from targets.queries.number_page import ColumnKind, Field, NumberColumn, NumbersPage


class NumbersForm:
    """Only what was touched becomes an entry; the source is one for the column, so a new one restates all of it."""

    def __init__(self, page: NumbersPage) -> None:
        self.entries = Entries()
        for column in page.columns:
            if column.kind == ColumnKind.ALLOTMENT:
                self.read_parts(column)
            else:
                self.read_official(column)
        self.read_assigned(page)

    def read_official(self, column: NumberColumn) -> None:
        source = column.source
        restated = source is not None and source.touched
        wanted = [entry for entry in column.fields if entry.touched or (restated and entry.kept)]
        values = {int(entry.name.rpartition(".")[2]): self.number(entry, column.unit) for entry in wanted}
        if values:
            where = self.entries.quotas if column.kind == ColumnKind.QUOTA else self.entries.constants
            where[column.code] = OfficialEntry(values, source.typed if source else "")

    def read_parts(self, column: NumberColumn) -> None:
        wanted = {cell.region.pk: cell.field for cell in column.asked if cell.field.touched}
        if wanted:
            values = {region_id: self.number(entry, column.unit) for region_id, entry in wanted.items()}
            self.entries.parts[int(column.code)] = values

    def read_assigned(self, page: NumbersPage) -> None:
        for each in page.assigned:
            if not each.entered and (each.value.touched or each.document.touched):
                value = self.number(each.value, each.unit)
                self.entries.assigned[each.milestone.pk] = AssignedEntry(value, each.document.typed)

    def number(self, entry: Field, unit: str) -> Decimal | None:
        try:
            return numerals.read_number(entry.typed, unit)
        except numerals.UnreadableNumberError as error:
            self.entries.unreadable[entry.name] = str(error)
            return None
