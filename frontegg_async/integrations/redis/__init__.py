"""Redis: share the token and the rate limits among all processes of a fleet, on any number of hosts.

This package needs the extra ``redis``. Give each client a `RedisTokenStore` as ``token_store`` and a `RedisRateGate` as
``rate_gate``. While Redis is unavailable, each process works on its own. A `RedisDuplicateGuard` recognizes webhooks
that arrive again.
"""

from frontegg_async.integrations.redis.budgets import Budget
from frontegg_async.integrations.redis.duplicates import RedisDuplicateGuard
from frontegg_async.integrations.redis.rates import RedisRateGate
from frontegg_async.integrations.redis.tokens import RedisTokenStore

__all__ = ["Budget", "RedisDuplicateGuard", "RedisRateGate", "RedisTokenStore"]
