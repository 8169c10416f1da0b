"""The helpers that the rules of all subjects share: requests, responses, pages and look-ups."""
