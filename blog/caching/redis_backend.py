"""The Redis backend of the response cache, for several machines. Imported only where Redis is configured."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

from .circuit_breaker import CircuitBreaker

TIMEOUT = 1  # second


class RedisBackend(RedisCache):
    """Act as an empty cache while Redis is down, so that pages are rendered on request."""

    breaker = CircuitBreaker("Redis", "each process caches pages on its own")

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params["OPTIONS"] = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._call(super().get, key, default, version, fallback=default)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._call(super().set, key, value, *args, **kwargs, fallback=None)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        added: bool = self._call(super().add, key, value, *args, **kwargs, fallback=True)
        return added

    def delete(self, key: Any, version: int | None = None) -> bool:
        deleted: bool = self._call(super().delete, key, version, fallback=False)
        return deleted

    def _call(self, method: Callable[..., Any], *args: Any, fallback: Any, **kwargs: Any) -> Any:
        if self.breaker.is_open():
            return fallback
        try:
            result = method(*args, **kwargs)
        except RedisError as error:
            self.breaker.record_failure(error)
            return fallback
        self.breaker.record_success()
        return result
