"""The rules of links with which users activate themselves and set new passwords."""
