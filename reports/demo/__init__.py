"""A year and a quarter of made-up history, made by replaying the real actions on their dates.

`values` invents what each unit has to tell, `story` when it tells it and what becomes of it, `replay` does it.
"""
