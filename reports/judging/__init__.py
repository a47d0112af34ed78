"""Approved figures become results: terms in force, the way to a milestone, the status rule, its explanation.

The only writer of tallies, results and changes of status; recompute, rolling up and their tasks.
"""
