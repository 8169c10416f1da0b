"""The behaviours of the service that no source settles, each with a switch."""
