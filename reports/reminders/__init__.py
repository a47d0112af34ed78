"""Telling people what they owe: digests by the calendar, 催报 by a person, notices on the page and by mail.

The only writer of `Notice` and `Reminder`.
"""
