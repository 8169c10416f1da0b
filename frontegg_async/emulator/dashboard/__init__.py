"""The dashboard: a web page that shows the state of an emulator and calls its admin API."""
