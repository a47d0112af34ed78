"""What is asked of whom in a quarter, what an answer is, and the checks that it must pass.

The form, the workbooks, the hand-in and the review all ask here.
"""
