"""The helpers that the rules of all subjects have in common: requests, responses, pages and look-ups."""
