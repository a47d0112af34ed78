"""A plan changed part by part: what is typed in passes the same checks as a plan file.

While the plan is a draft everything may change; of a published plan only words may (`loading.WORDS`), with what is
odd in its document and who answers for a target; of a closed one nothing.
"""
