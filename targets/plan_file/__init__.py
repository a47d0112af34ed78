"""The plan file: an official plan written down as computable targets (docs/plan-file.md). Touches no database."""

from targets.plan_file.expansion import whole
from targets.plan_file.reader import read
from targets.plan_file.specs import PlanFile, Problem

__all__ = ["PlanFile", "Problem", "read", "whole"]
