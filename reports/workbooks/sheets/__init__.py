"""Returns as workbooks, there and back.

`blanks` says what stands where, `long` (one return) and `wide` (many units) draw it, `seal` keeps in the workbook what
was given out; `reading` takes an upload apart, `comparing` says what it would change.
"""
