"""Did it hold? Some weeks after an action item is done, whoever owned it is asked whether the fix held.

`asking` decides what is asked about and when, `questions` who is asked and of what, `evidence` finds what has happened
since, `answering` keeps the answer.
"""
