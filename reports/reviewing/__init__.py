"""The decision on what was handed in: the work list, one return and many at once, 现场核查, corrections.

An approval puts figures in force and has its county judged.
"""
