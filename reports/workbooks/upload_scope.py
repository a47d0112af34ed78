"""What a workbook is for, and the returns that an upload of it may speak of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied

from institutions.models import Region, User
from institutions.permissions import may_enter_for, may_report
from reports.base.enums import Origin
from reports.models import Submission
from reports.workbooks.queries import (
    FilledReturn,
    load_filled_returns,
    past_quarters,
    regions_entered_for,
    units_entered_for,
)
from targets.periods import Quarter


class WorkbookKind(StrEnum):
    RETURN = "return"
    COUNTY = "county"
    PAST = "past"


@dataclass(frozen=True)
class UploadScope:
    """One return, the units of a region in a quarter, or a region's past quarters.

    of: the institution of a return, else the region. origin: how its person gives the answers.
    """

    kind: WorkbookKind
    of: int
    name: str
    origin: Origin
    quarter: Quarter | None = None
    submission: Submission | None = None
    region: Region | None = None

    @classmethod
    def for_return(cls, submission: Submission, by: User) -> "UploadScope":
        unit = submission.reporter
        is_own = may_report(by, unit)
        if not (is_own or may_enter_for(by, unit)):
            raise PermissionDenied
        return cls(
            kind=WorkbookKind.RETURN,
            of=unit.pk,
            name=f"{unit.name}（{unit.code}）",
            origin=Origin.OWN if is_own else Origin.PAPER,
            quarter=Quarter.from_ordinal(submission.quarter),
            submission=submission,
        )

    @classmethod
    def for_region(cls, region: Region, by: User, quarter: Quarter | None) -> "UploadScope":
        """The quarter at hand; None: past quarters."""
        if not regions_entered_for(by).filter(pk=region.pk).exists():
            raise PermissionDenied
        kind, origin = (WorkbookKind.COUNTY, Origin.PAPER) if quarter else (WorkbookKind.PAST, Origin.BACKFILL)
        return cls(kind, region.pk, region.name, origin, quarter, region=region)

    @property
    def binding(self) -> str:
        """Names the scope: what was uploaded for one is not written for another."""
        return f"{self.kind}:{self.of}:{self.quarter}"

    def load_returns(self, given: Collection[int], by: User, now: datetime) -> list[FilledReturn]:
        """The returns that the upload may speak of, as they stand now. given: the workbook's quarters."""
        quarters = [self.quarter] if self.quarter else []
        if self.region and not quarters:
            quarters = [each for each in reversed(past_quarters(self.region, now)) if each.ordinal in given]
        own = [self.submission.reporter] if self.submission else []
        returns: list[FilledReturn] = []
        for quarter in quarters:
            units = units_entered_for(by, self.region, quarter) if self.region else own
            returns += load_filled_returns(units, quarter)
        return returns
