"""Slack's door: /reg, buttons, forms, the Home tab, over Socket Mode or HTTP. Calls verbs of App only.

events.py     what comes over HTTP, checked        socket.py     the same over Socket Mode
listeners.py  acknowledge, work, answer            reply.py      the way back to Slack
commands.py   /reg: verb -> answer                 actions.py    buttons, menus, forms -> what they do
typed.py      what was typed, forgivingly          verbs.py      the words of /reg
meant.py      words that stand for filters         asker.py      who asks, and what they may
changes.py one.py standing.py help.py              answers that look something up
people.py handling.py proposals.py                 answers that change something
modals.py home.py hello.py                         forms, the Home tab, the first message
parts.py frame.py                                  Block Kit within its limits
doctor.py     what is missing, in sentences        manifest.yaml the app as Slack wants it declared

slack-bolt is imported by what needs it, when it is needed: a service without Slack does not pay for it.
"""

from bot.slack.events import slack_routes
from bot.slack.service import Service

__all__ = ["Service", "slack_routes"]
