"""Processes forked from one that has loaded what they need: `parent` asks for them, `server` runs in that one."""
