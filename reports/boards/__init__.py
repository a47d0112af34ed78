"""What directors and supervisors look at: board, target, trace, progress, lagging list, preview of a plan.

One dataclass a page (`pages`), read by HTML, API and workbook alike.
"""
