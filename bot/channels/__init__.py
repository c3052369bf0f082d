"""Ways to reach people. Each module is one Channel (bot/ports.py)."""
