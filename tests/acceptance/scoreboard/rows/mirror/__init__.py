"""Rows 55 to 57: a mirror under badly delivered events and kills, the cost of an event, and upgrades of a large one."""
