"""Calls of every operation with both clients: one module of exercises per subject, and the tests that run them.

`test_exercises.py` fails for a declared operation without exercises. Add them to the module of its subject:

- `good`: a successful call, with each kind of credential that the operation accepts;
- `refused`: a call that the emulator refuses, for each documented status except 400 (the SDK itself prevents most of
  these, so a fault causes 400, 401 and 429 for every good exercise);
- `bad`: a call with an invalid argument, which sends nothing.

`CASES` are requests without a client, for `tests/emulator/test_openapi_responses.py`: each status of success, and each
refusal of the operation's own. `TABLES` are rows that there are before each of them.
"""
