"""Reminders of action items that people do not mute: few, in time, each once.

`stages` says of what day an item is to be spoken, `audience` whose items these are, `planning` writes what will be
sent into the outbox, `outbox` lets each message be taken by one sender at a time, `sending` delivers it, `letter` and
`slack_message` word it.
"""
