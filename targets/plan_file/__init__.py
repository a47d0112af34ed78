"""The plan file: an official plan written down as computable targets (docs/plan-file.md). Touches no database."""

from targets.plan_file.expansion import expand_plan
from targets.plan_file.reader import read
from targets.plan_file.specs import FileProblem, PlanFile

__all__ = ["FileProblem", "PlanFile", "expand_plan", "read"]
