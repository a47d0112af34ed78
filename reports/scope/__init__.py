"""Which plan, region and quarter a page is about, out of its address, and the selectors at its head.

Every page that speaks of a place and a quarter begins here.
"""
