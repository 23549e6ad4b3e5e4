"""Date formats for English. Django's own put the month first and start the week on Sunday."""

DATE_FORMAT = "jS F Y"
MONTH_DAY_FORMAT = "j F"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "g:i A"  # blog.templatetags.blog.clock shortens it
FIRST_DAY_OF_WEEK = 1
