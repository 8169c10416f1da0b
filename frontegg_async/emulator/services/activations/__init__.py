"""The emulation of activation, invitation and sign-up. Frontegg's login boxes call these operations."""
