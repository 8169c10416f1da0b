"""Every operation of the SDK, called by both clients: a module with rows per subject, and the tests of all rows.

An operation that is declared without rows fails `test_exercises.py`. Add its rows to the module of its subject:

- `good`: a call that succeeds, with each kind of credential that the operation takes;
- `refused`: a call that the emulator refuses, for each documented status but 400 (the SDK refuses most of those itself,
  so they are answered by a fault, as 401 and 429 are, for every good row);
- `bad`: a call with a bad argument, of which nothing is sent.
"""
