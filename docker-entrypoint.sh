#!/bin/sh
# Migrate the database, then run the web server or the given command.
set -e
python manage.py migrate --noinput --verbosity 0
exec "$@"
