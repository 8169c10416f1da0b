"""What makes a network fail on purpose: a scripted server, and a proxy before a server that works."""
