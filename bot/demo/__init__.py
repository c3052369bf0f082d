"""A small world of fictional local publishers, so that the product can be seen at work without a network.

world.py serves it over HTTP, publishers/ and prose/ are what it says, story.py is what happens when, play.py lets the
real App live through it.
"""

from bot.demo.play import play

__all__ = ["play"]
