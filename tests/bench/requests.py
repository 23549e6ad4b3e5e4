"""Requests to an application in this process: through all middleware, without the network."""

import time
from io import BytesIO


def request(application, path):
    """Status, and seconds by the clock and of the processor."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    answered = []
    start, start_busy = time.perf_counter(), time.process_time()
    response = application(environ, lambda status, headers: answered.append(status))
    b"".join(response)
    response.close()
    return answered[0], time.perf_counter() - start, time.process_time() - start_busy
