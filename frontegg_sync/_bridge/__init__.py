"""The bridge from blocking calls to the event loop: the loop thread, its inbox, and the calls."""
