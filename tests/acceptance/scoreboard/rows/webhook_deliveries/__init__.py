"""Row 46: webhooks whose senders, servers and guards fail while they are delivered."""
