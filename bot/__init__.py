"""RegWatch watches official pages for changes in rules on cross-border data."""

__version__ = "0.1.0"
