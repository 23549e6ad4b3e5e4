"""Caches in front of the weblog (a CDN, Varnish) keep its pages until something that these show has changed.

Each answer that they may keep says what it shows (`names`). Triggers in the database note what changes
(`facts`, `triggers`), whatever did so. From that follows which pages show something else now (`touched`). A
thread tells the cache in front (`telling`, `purgers`).
"""
