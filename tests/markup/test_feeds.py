import pytest

from blog.markup import Format, Options, audio_sources, for_feed, render


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>Plain <em>text</em></p>", "<p>Plain <em>text</em></p>"),
        (
            '<lite-youtube videoid="abc" playlabel="A &amp; B"></lite-youtube>',
            '<a href="https://www.youtube.com/watch?v=abc">A &amp; B</a>',
        ),
        (
            '<lite-youtube videoid="abc"><a href="/film/">The film</a></lite-youtube>',
            '<a href="/film/">The film</a>',
        ),
        (
            '<github-code href="https://example.com/a?b#L1"></github-code>',
            '<a href="https://example.com/a?b#L1">example.com/a</a>',
        ),
        (
            '<iframe src="https://example.com/player" title="A talk" sandbox></iframe>',
            '<a href="https://example.com/player">A talk</a>',
        ),
        ("<image-gallery><img src='/a.png'></image-gallery>", "<img src='/a.png'>"),
        ("<markdown-copy><textarea>*a*</textarea></markdown-copy>", "<pre>*a*</pre>"),
        ("<image-gallery></image-gallery>", ""),
    ],
)
def test_custom_elements_are_replaced(html, shown):
    assert for_feed(html) == shown


def test_rendered_html_has_no_custom_elements_left():
    options = Options(iframe_hosts=frozenset({"www.example.com"}))
    source = (
        '<p>One</p><script>two()</script><iframe src="https://www.example.com/a"></iframe>'
        '<lite-youtube videoid="x"></lite-youtube><markdown-copy><textarea># Copy</textarea></markdown-copy>'
    )

    html = for_feed(render(source, Format.HTML, options))

    assert "two()" not in html
    assert [word for word in ("<iframe", "<lite", "<textarea", "<script") if word in html] == []
    assert '<a href="https://www.example.com/a"' in html
    assert "<pre># Copy</pre>" in html


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>None</p>", []),
        ('<audio src="/a.mp3"></audio>', [("/a.mp3", "audio/mpeg")]),
        (
            '<audio><source src="/a.opus" type="audio/ogg; codecs=opus"></audio>',
            [("/a.opus", "audio/ogg; codecs=opus")],
        ),
        ('<audio src="/a?id=1"></audio>', [("/a?id=1", "audio/mpeg")]),
        ('<audio src="/a.mp3"></audio><audio src="/a.mp3"></audio>', [("/a.mp3", "audio/mpeg")]),
        ('<audio></audio><picture><source src="/a.png"></picture>', []),
    ],
)
def test_sounds_are_found(html, found):
    assert audio_sources(html) == found
