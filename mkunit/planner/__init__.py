"""(what is wanted, a snapshot of what is) -> a plan; pure: the same plan for the same input, and nothing is touched."""

from mkunit.model.plan import Generation, Plan, Snapshot
from mkunit.planner.case import Effective, Effects, Guard, guard, instances
from mkunit.planner.ownership import Leave, files
from mkunit.planner.planner import Options, plan

__all__ = [
    "Effective",
    "Effects",
    "Generation",
    "Guard",
    "Leave",
    "Options",
    "Plan",
    "Snapshot",
    "files",
    "guard",
    "instances",
    "plan",
]
