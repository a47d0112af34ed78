"""Returns as workbooks, both ways: given out signed, brought back by way of a look at what they would change.

Stage, compare, apply: what is written goes through the actions of `reports.returns`.
"""
