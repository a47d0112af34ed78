"""Holds each quote of a plan file against the document that it cites. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from targets.plan_file.expansion import expand_plan
from targets.plan_file.specs import HeaderSpec, PlanFile


@dataclass(frozen=True, slots=True)
class QuoteFinding:
    """One quote held against the text. `fault` is empty where the words stand at their place."""

    path: str
    code: str
    due: date | None  # of the milestone whose own words these are; None for the target's
    offset: int
    quote: str
    fault: str


def document_faults(header: HeaderSpec, document: bytes) -> list[str]:
    """Whether this is the very file that was cited."""
    faults = []
    found = hashlib.sha256(document).hexdigest()
    if found != header.sha256:
        faults.append(_("文件的SHA-256是%s，计划文件登记的是%s") % (found, header.sha256 or _("空")))
    characters = len(document.decode())
    if characters != header.characters:
        faults.append(_("文件有%s个字，计划文件登记的是%s") % (characters, header.characters))
    return faults


def quote_findings(file: PlanFile, text: str) -> Iterator[QuoteFinding]:
    for clause, _item, target in expand_plan(file).targets():
        cited = target.citation
        fault = fault_of(text, cited.offset, cited.quote, cited.prefix, cited.suffix)
        yield QuoteFinding(clause.path, target.code, None, cited.offset, cited.quote, fault)
        for milestone in target.milestones:
            if milestone.offset is not None:
                fault = fault_of(text, milestone.offset, milestone.quote)
                yield QuoteFinding(clause.path, target.code, milestone.due, milestone.offset, milestone.quote, fault)


def fault_of(text: str, offset: int, quote: str, prefix: str = "", suffix: str = "") -> str:
    """Why the words do not stand there, or not there alone; empty where they do."""
    end = offset + len(quote)
    if text[offset:end] != quote:
        elsewhere = text.find(quote)
        return _("此处是“%s”") % text[offset:end] + (
            _("，引文在%d") % elsewhere if elsewhere >= 0 else _("，文件里没有引文")
        )
    if text[max(offset - len(prefix), 0) : offset] != prefix:
        return _("前文不是“%s”") % prefix
    if text[end : end + len(suffix)] != suffix:
        return _("后文不是“%s”") % suffix
    times = text.count(f"{prefix}{quote}{suffix}")
    return _("引文在文件里有%d处，应写前后文") % times if times > 1 else ""
