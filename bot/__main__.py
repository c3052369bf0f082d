"""python -m bot is the same as the command regwatch."""

import sys

from bot.cli import main

sys.exit(main())
