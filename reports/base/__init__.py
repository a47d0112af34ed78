"""What every stage shares: closed lists, the only rounding of numbers, status badges, refusals, workbook primitives.

It knows nothing of returns or targets.
"""
