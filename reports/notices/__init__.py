"""Telling people what they owe. The only writer of `Notice` and `Reminder`.

wording says it, digests decides who gets one, keeping stores it, mail sends it.
"""
