"""Workbooks as data (`contents`) and the ink that draws them (`drawing`)."""
