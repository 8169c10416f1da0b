"""How blocking calls reach the event loop: the loop thread, its inbox, and calls that cross over."""
