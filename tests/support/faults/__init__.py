"""Fault injection on the network: a scripted server, and proxies in front of a server that works."""
