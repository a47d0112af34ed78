"""Filling in a quarterly return: form, drafts, autosave, hand-in, evidence, 问题与措施, opening and dates of quarters.

The only writer of returns, rounds and answers.
"""
