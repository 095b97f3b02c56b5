"""Reminders of action items that people do not mute: few, in time, each once.

`stages` says of what day an item is to be spoken, `audience` whose items these are, `planning` writes what will be
sent into the outbox, `outbox` lets each message be taken by one sender at a time, `sending` delivers it. `letter` words
it, `mailing` and `slack_message` give it the form of a mail and of Slack.
"""
