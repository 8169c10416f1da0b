"""The data of one environment: its rows, its indexes, and the check of rows from outside."""
