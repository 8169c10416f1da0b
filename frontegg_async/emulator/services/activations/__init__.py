"""The rows and the rules of activation, invitation and sign-up, which are steps of login boxes."""
