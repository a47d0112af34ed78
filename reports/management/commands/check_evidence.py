"""manage.py check_evidence: every file on record is there and whole, and every file there is on record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from reports.models import Evidence
from reports.returns import evidence_storage


class Command(BaseCommand):
    help = "Reads every file of evidence and names those that are missing, damaged or without a record."

    def handle(self, *args: Any, **options: Any) -> None:
        recorded = dict(Evidence.objects.order_by("-pk").values_list("sha256", "pk"))
        bad = [digest for digest in tqdm(recorded, desc="evidence", disable=None) if not is_whole(digest)]
        unknown = [digest for digest in evidence_storage.stored_digests() if digest not in recorded]
        for digest in bad:
            of = Evidence.objects.filter(sha256=digest).select_related("submission__reporter")
            for file in of:
                self.stdout.write(
                    f"丢失或损坏 {evidence_storage.path_of(digest)}：{file.submission} {file.name}（{file.pk}）"
                )
        for digest in unknown:
            self.stdout.write(f"没有登记 {evidence_storage.path_of(digest)}")
        self.stdout.write(f"登记 {len(recorded)} 个文件，丢失或损坏 {len(bad)}，没有登记 {len(unknown)}。")
        if bad:
            raise CommandError("有材料丢失或损坏，请从备份恢复。")


def is_whole(digest: str) -> bool:
    try:
        evidence_storage.read_bytes(digest)
    except evidence_storage.LostError:
        return False
    return True
