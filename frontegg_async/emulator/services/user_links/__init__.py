"""The emulation of links with which users activate their accounts or set new passwords."""
