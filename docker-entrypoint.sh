#!/bin/sh
# Brings the database up to date, then becomes the web server (or whatever command was given).
set -e
python manage.py migrate --noinput --verbosity 0
exec "$@"
