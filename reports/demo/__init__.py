"""Made-up histories of five real places, made by replaying the real actions on their dates.

`places` says of each place how it goes about things, `handed_down` enters what comes from above, `demo_plan` knows what
the plan wants, `plausible` invents what each unit reports (Kaifeng has rules of its own), `scenario` says when it
reports it and what becomes of the return, `replay` does it, `load` puts all of that in order.
"""
