"""Rows 55 and 57: a mirror whose events come badly and whose workers are killed, and the upgrade of a large one."""
