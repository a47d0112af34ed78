from targets.models.check import CheckRule, CheckTerm
from targets.models.indicator import ConditionValue, Constant, DataElement, Indicator, Scope
from targets.models.plan import Anomaly, Clause, Plan, WorkItem
from targets.models.target import Allotment, Contact, ContactVersion, Milestone, Target, Terms

__all__ = [
    "Allotment",
    "Anomaly",
    "CheckRule",
    "CheckTerm",
    "Clause",
    "ConditionValue",
    "Constant",
    "Contact",
    "ContactVersion",
    "DataElement",
    "Indicator",
    "Milestone",
    "Plan",
    "Scope",
    "Target",
    "Terms",
    "WorkItem",
]
