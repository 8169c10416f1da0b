"""The data of one environment: its objects as rows, the indexes of the rows, and checks of rows from outside."""
