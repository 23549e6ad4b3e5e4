"""How many posts and titles each page and feed shows."""

#: Posts on a page of a list, the home page included.
PAGE_SIZE = 30
#: Posts on a page of a day.
DAY_PAGE_SIZE = 60
#: Posts in a document of a feed, and of a feed's archive.
FEED_SIZE = 30
ARCHIVE_SIZE = 100
#: Titles listed beside the home page, and beside a post.
HOME_TITLES = 10
PERMALINK_TITLES = 3
#: Titles listed for each month on the page of a year.
MONTH_TITLES = 12
