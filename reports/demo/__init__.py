"""Made-up histories of five real places, made by replaying the real actions on their dates.

`places` says of each place how it goes about things, `handed_down` enters what comes from above, `book` knows what the
plan wants, `plausible` invents what each unit has to tell (Kaifeng has rules of its own), `story` when it tells it and
what becomes of it, `replay` does it, `load` puts all of that in order.
"""
