FROM python:3.13-slim-bookworm AS build

RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
# Optional packages, such as redis.
ARG EXTRA_PACKAGES=
RUN if [ -n "$EXTRA_PACKAGES" ]; then pip install --no-cache-dir $EXTRA_PACKAGES; fi

FROM python:3.13-slim-bookworm

# Fonts for share cards.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-dejavu-core && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 weblog && install --directory --owner weblog /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data

WORKDIR /app
COPY . .
# These files belong to root, so the process can write only to /data.
RUN SECRET_KEY=used-for-this-one-command-and-for-nothing-else-0123456789 \
    python manage.py collectstatic --noinput --verbosity 0

USER weblog
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# bin/serve kills a worker that doesn't stop within 8 seconds; after 10 seconds Docker would kill everything.
ENTRYPOINT ["./docker-entrypoint.sh"]
CMD ["bin/serve", "--host", "0.0.0.0", "--port", "8000"]
