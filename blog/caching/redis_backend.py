"""The Redis backend of the response cache, for several machines. Imported only where Redis is configured."""

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

from .circuit_breaker import CircuitBreaker

MOMENT = 1  # second to wait for Redis


class RedisBackend(RedisCache):
    """While Redis does not answer, it is as if nothing was in it: pages are made, for who asks."""

    breaker = CircuitBreaker("Redis", "each process keeps pages for itself.")

    def __init__(self, server, params):
        params["OPTIONS"] = {
            "socket_timeout": MOMENT,
            "socket_connect_timeout": MOMENT,
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, params)

    def get(self, key, default=None, version=None):
        return self._ask(super().get, key, default, version, otherwise=default)

    def set(self, key, value, *args, **kwargs):
        self._ask(super().set, key, value, *args, **kwargs, otherwise=None)

    def add(self, key, value, *args, **kwargs):
        return self._ask(super().add, key, value, *args, **kwargs, otherwise=True)

    def delete(self, key, version=None):
        return self._ask(super().delete, key, version, otherwise=False)

    def _ask(self, method, *args, otherwise, **kwargs):
        if self.breaker.is_on():
            return otherwise
        try:
            answer = method(*args, **kwargs)
        except RedisError as error:
            self.breaker.begin(error)
            return otherwise
        self.breaker.end()
        return answer
