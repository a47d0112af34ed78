"""Workbooks read as plain cells: the parts of the container, number formats, and what a book is here."""
