"""Requests to a WSGI application in this process, without the network."""

import time
from io import BytesIO


def environ_for(path, **headers):
    """Return the WSGI environment of a request for a path, perhaps with a query string."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **headers,
    }


def request(application, path):
    """Request a path. Returns the status, wall-clock seconds and processor seconds."""
    environ = environ_for(path)
    statuses = []
    start, start_cpu = time.perf_counter(), time.process_time()
    response = application(environ, lambda status, headers: statuses.append(status))
    b"".join(response)
    response.close()
    return statuses[0], time.perf_counter() - start, time.process_time() - start_cpu
