"""The scoreboard of reliability and security: ``python -m benchmarks.reliability [--full] [--seed N] [ROW ...]``.

Each row is a measure with a target, taken on real sockets of loopback. The rows with a star are the quick ones, which
the tests run too; ``--full`` takes all. Every row runs in a process of its own with a random generator that is
made of the seed, and is ended when it takes longer than it may. Three run at a time, or two in their long form; those
that measure time run alone.
"""
