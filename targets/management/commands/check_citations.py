"""Check each quote of a plan file at its place in the document's text. Needs no database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions.terminal import pad_text
from targets.plan_file import read
from targets.plan_file.citations import QuoteFinding, document_faults, quote_findings

WIDTHS = (14, 28, 12, 6)


class Command(BaseCommand):
    help = "Checks that each quote of a plan file stands in the document where the file says."
    requires_system_checks: list[str] | tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--document", type=Path, required=True, help="the document as UTF-8 text")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in (options["file"], options["document"]):
            if not path.is_file():
                raise CommandError(f"找不到文件：{path}")
        file = read(options["file"])
        if file.problems:
            raise CommandError("计划文件有问题，请先改正：\n" + "\n".join(str(each) for each in file.problems))
        document = options["document"].read_bytes()
        try:
            found = list(quote_findings(file, document.decode()))
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['document'].name} 不是UTF-8文本。") from error
        self.print_table(found)
        self.summarise(found, document_faults(file.header, document))

    def print_table(self, found: list[QuoteFinding]) -> None:
        self.stdout.write(row("条款", "目标", "节点", "位置", "结果  引文"))
        for each in found:
            result = f"不符  {each.quote}  {each.fault}" if each.fault else f"相符  {each.quote}"
            self.stdout.write(row(each.path, each.code, str(each.due or ""), str(each.offset), result))

    def summarise(self, found: list[QuoteFinding], faults: list[str]) -> None:
        wrong = sum(bool(each.fault) for each in found)
        for fault in faults:
            self.stdout.write(fault)
        verdict = "不是所引的文件" if faults else "文件的SHA-256与字数相符"
        summary = f"引文 {len(found)} 条：相符 {len(found) - wrong}，不符 {wrong}；{verdict}。"
        if wrong or faults:
            raise CommandError(summary)
        self.stdout.write(summary)


def row(*cells: str) -> str:
    """Cells padded to their columns; a Chinese character is two wide."""
    first = [pad_text(cell, size) for cell, size in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*first, *cells[len(WIDTHS) :]])
