"""The row on the guards of web frameworks."""
