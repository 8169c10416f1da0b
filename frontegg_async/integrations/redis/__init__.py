"""Redis: the token and the rate limits that the processes of a fleet share, on however many hosts.

It needs the extra ``redis``. Give a `RedisTokenStore` to each client as ``token_store``, and a `RedisRateGate` as
``rate_gate``. While Redis cannot be used, each process goes on by itself.
"""

from frontegg_async.integrations.redis.budgets import Budget
from frontegg_async.integrations.redis.rates import RedisRateGate
from frontegg_async.integrations.redis.tokens import RedisTokenStore

__all__ = ["Budget", "RedisRateGate", "RedisTokenStore"]
