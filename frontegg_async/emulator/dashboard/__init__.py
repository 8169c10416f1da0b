"""The dashboard: a page in the browser that shows what is in an emulator, and does what its admin API does."""
