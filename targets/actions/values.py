"""Which columns hold what the plan file says: from specs to the values of a row. Pure."""

from datetime import date
from typing import Any

from targets.enums import Denominator, IndicatorKind
from targets.models import DataElement
from targets.plan_file import specs


def header_values(header: specs.HeaderSpec, issuer_id: int) -> dict[str, Any]:
    return {
        "code": header.code,
        "title": header.title,
        "issuer_id": issuer_id,
        "document_number": header.document_number,
        "document_sha256": header.sha256,
        "published_on": header.published_on,
        "first_day": header.first_day,
        "last_day": header.last_day,
        "judged_levels": list(header.judged_levels),
    }


def clause_values(clause: specs.ClauseSpec, plan_id: int, parent_id: int | None) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "path": clause.path,
        "title": clause.title,
        "parent_id": parent_id,
        "lead": list(clause.lead),
        "cooperating": list(clause.cooperating),
    }


def item_values(item: specs.ItemSpec, clause_id: int, qualitative: bool) -> dict[str, Any]:
    return {
        "code": item.code,
        "clause_id": clause_id,
        "title": item.title,
        "qualitative": qualitative,
        "lead": list(item.lead),
        "cooperating": list(item.cooperating),
    }


def target_values(target: specs.TargetSpec, plan_id: int, item_id: int, indicator_id: int) -> dict[str, Any]:
    return {
        "code": target.code,
        "plan_id": plan_id,
        "item_id": item_id,
        "name": target.name,
        "indicator_id": indicator_id,
        "needs_evidence": target.evidence,
        **citation_values(target.citation),
        **scope_values(target.scope),
    }


def citation_values(cited: specs.CitationSpec) -> dict[str, Any]:
    return {
        "paragraph": cited.paragraph,
        "quote": cited.quote,
        "prefix": cited.prefix,
        "suffix": cited.suffix,
        "offset": cited.offset,
    }


def terms_values(target: specs.TargetSpec, target_id: int, effective_from: date) -> dict[str, Any]:
    return {
        "target_id": target_id,
        "effective_from": effective_from,
        "comparator": target.comparator,
        "strength": target.strength,
        "window": target.window,
        "schedule": target.schedule,
        "custom_shares": list(target.custom_shares),
        "baseline": target.baseline,
    }


def milestone_values(milestone: specs.MilestoneSpec, terms_id: int) -> dict[str, Any]:
    return {
        "terms_id": terms_id,
        "due": milestone.due,
        "value": milestone.value,
        "high": milestone.high,
        "quote": milestone.quote,
        "offset": milestone.offset,
    }


def element_values(element: specs.ElementSpec) -> dict[str, Any]:
    return {
        "code": element.code,
        "name": element.name,
        "definition": element.definition,
        "topic": element.topic,
        "type": element.type,
        "unit": element.unit,
        "places": element.places,
        "accumulation": element.accumulates,
        "levels": list(element.levels),
        "allow_not_applicable": element.allow_na,
        **scope_values(element.asked_of),
    }


def indicator_values(indicator: specs.IndicatorSpec, elements: dict[str, DataElement]) -> dict[str, Any]:
    """`over` holds a ratio's denominator element, or the second element of a condition on a ratio."""
    divisor, condition = indicator.denominator, indicator.condition
    over = (divisor.element if divisor else "") or (condition.over if condition else "")
    return {
        "code": indicator.code,
        "name": indicator.name,
        "definition": indicator.definition,
        "kind": indicator.kind,
        "element_id": elements[indicator.element].pk,
        "denominator": divisor.kind if divisor else Denominator.NONE,
        "constant": divisor.constant if divisor else "",
        "over_id": elements[over].pk if over else None,
        **condition_values(indicator, elements),
        "multiplier": indicator.multiplier,
        "offset": indicator.offset,
        "unit": indicator.unit,
        "places": indicator.places,
    }


def condition_values(indicator: specs.IndicatorSpec, elements: dict[str, DataElement]) -> dict[str, Any]:
    condition = indicator.condition
    if condition is None:
        # A dated deliverable needs none: the day must not lie after the quarter's end.
        dated = indicator.kind == IndicatorKind.DELIVERABLE
        return {"condition": "<=" if dated else "", "condition_value": None, "against_id": None}
    return {
        "condition": condition.operator,
        "condition_value": condition.value,
        "against_id": elements[condition.against].pk if condition.against else None,
    }


def scope_values(scope: specs.ScopeSpec) -> dict[str, Any]:
    return {
        "kinds": list(scope.kinds),
        "grades": list(scope.grades),
        "ownerships": list(scope.ownerships),
        "bureau_level": scope.bureau_level,
    }
