"""The values that the operations take and return: frozen, slotted, the same in both packages."""
