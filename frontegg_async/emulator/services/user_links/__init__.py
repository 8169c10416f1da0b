"""The rows and the rules of links with which users activate themselves and set new passwords."""
