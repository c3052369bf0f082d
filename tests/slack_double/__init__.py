"""A strict stand-in for Slack on loopback: refuses what Slack refuses, and goes wrong on request."""

from tests.slack_double.slack_double import SlackDouble

__all__ = ["SlackDouble"]
