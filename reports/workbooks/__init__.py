"""Returns as workbooks, both ways: given out signed, brought back by way of a dry run of what they would change.

Stage, compare, apply, one way: `actions.uploads` reads as these steps, and all that is written goes through the actions
of `reports.returns`.
"""
