"""The sheets, there and back.

`build` makes the workbooks: `long` (one return) and `wide` (many units) draw their sheets with `layout` and
`validation`, `guide` explains them, `seal` keeps in the workbook what was given out. `reading` takes an upload apart.
"""
