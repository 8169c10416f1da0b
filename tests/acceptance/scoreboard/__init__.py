"""The scoreboard: measures of reliability and security, each with a target, taken on real sockets of loopback.

``test_scoreboard.py`` makes a test of each row. Every row runs in a process of its own with a random generator that is
made of the seed, and is ended when it takes longer than its limit. Rows run beside each other, but for those that
measure time or memory, which run alone.
"""
