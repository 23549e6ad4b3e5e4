import pytest

from blog import markup
from tests.markup.inspection import dangers, one, soup

FORMATS = [markup.Format.MARKDOWN, markup.Format.HTML]


def render(html, **options):
    return markup.render(html, markup.Format.HTML, markup.Options(**options))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "html",
    [
        '<figure class="wide"><img src="/a.jpg" alt="A" width="10" height="20" loading="lazy">'
        "<figcaption>c <cite>d</cite></figcaption></figure>",
        '<picture><source srcset="/a.webp 2x, /b,c.webp" type="image/webp" media="print" sizes="9px">'
        '<img src="/a.png" srcset="/a.png 100w" sizes="50vw" alt=""></picture>',
        '<video src="/a.mp4" poster="/a.jpg" controls preload="none" loop="" muted="" playsinline="">'
        '<track src="/a.vtt" kind="captions" srclang="en" label="English" default=""></video>',
        '<video autoplay loop="" muted="" playsinline="" src="/a.mp4"></video>',
        '<audio src="/a.mp3" controls preload="metadata"></audio>',
        "<details open><summary>s</summary>d</details>",
        '<table id="t"><caption>c</caption><colgroup><col span="2"></colgroup><thead><tr>'
        '<th scope="col" colspan="2">h</th></tr></thead>'
        '<tbody><tr><td rowspan="2" headers="h">d</td></tr></tbody></table>',
        '<blockquote cite="https://example.org/"><p><q cite="/a">q</q> <cite>c</cite></p></blockquote>',
        '<p><abbr title="t">a</abbr> <dfn id="d">d</dfn> <kbd>k</kbd> <samp>s</samp> <var>v</var> '
        "<sub>1</sub> <sup>2</sup> <mark>m</mark> <small>s</small> <u>u</u> "
        '<time datetime="2024-06-08">t</time></p>',
        '<p><ins cite="/a" datetime="2024-06-08">i</ins> <del datetime="2024-06-08">d</del> <s>s</s></p>',
        '<p><ruby>字<rp>(</rp><rt>z</rt><rp>)</rp></ruby> <bdo dir="rtl">b</bdo><wbr></p>',
        "<dl><dt>t</dt><dd>d</dd></dl>",
        '<ol start="3" reversed="" type="a"><li value="4">l</li></ol>',
        '<p lang="fr" dir="ltr" role="note" class="a b" id="p-1" title="t" aria-label="l" data-x="1">p</p>',
        '<lite-youtube videoid="abc" js-api="" title="t" playlabel="Play" params="start=9">p</lite-youtube>',
        '<image-gallery width="2"><a href="/a"><img src="/b" alt="" data-fullsize="/a"></a></image-gallery>',
        '<captioned-image-gallery max-row-items="2" show-counter=""><img src="/a"></captioned-image-gallery>',
        '<click-to-play min-loading="9"><a href="/a.gif"><img src="/a.png" alt=""></a></click-to-play>',
        '<github-code href="https://github.com/a/b/blob/main/c.py#L1-L2">c.py</github-code>',
        "<markdown-copy><textarea># &lt;b&gt; *x*</textarea></markdown-copy>",
        '<p><a href="mailto:a@example.org" rel="me nofollow" hreflang="en">a</a> <a href="tel:+1">t</a></p>',
        '<p><img src="/m.png" alt="" usemap="#m"><map name="m">'
        '<area shape="rect" coords="0,0,1,1" href="/a" alt="a"></map></p>',
        '<div class="highlight highlight-source-shell"><pre><span class="pl-c1">x</span></pre></div>',
    ],
)
def test_allowed_html_is_unchanged(format, html):
    assert markup.render(html, format) == html


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<acronym title='t'>a</acronym>", '<abbr title="t">a</abbr>'),
        ("<tt>it's</tt>", "<code>it's</code>"),
        ("<strike>a</strike>", "<s>a</s>"),
        ("<big>a</big>", '<span class="larger">a</span>'),
        ("<font color='red'>a</font>", "a"),
        ("<center>a</center>", '<div class="align-center">a</div>'),
        ("<nobr class='x'>a</nobr>", '<span class="x nowrap">a</span>'),
        ("<xmp><b></xmp>", "<pre>&lt;b&gt;</pre>"),
        ("<a name='x'>a</a>", '<a id="x">a</a>'),
        ("<a href='/x' target='_blank' rel='me'>a</a>", '<a href="/x" rel="me">a</a>'),
        ("<p align='right'>a</p>", '<p class="align-right">a</p>'),
        ("<img src='a' align='left'>", '<img src="a" class="float-left">'),
        ("<table align='center'></table>", '<table class="centered"></table>'),
        ("<br clear='all'>", '<br class="clear">'),
        ("<p xml:lang='fr'>a</p>", '<p lang="fr">a</p>'),
        ("<noscript><img src='a'></noscript>", '<img src="a">'),
        ("<form action='/x'><button>a</button><input></form>", "a"),
        ("<textarea>a</textarea>", "<pre>a</pre>"),
        ("<main><custom-thing>a</custom-thing></main>", "a"),
        ("<video src='a' autoplay></video>", '<video src="a" controls preload="none"></video>'),
        ("<p id='a'>1</p><p id='a'>2</p><p id='b c'>3</p>", '<p id="a">1</p><p>2</p><p>3</p>'),
        ("<img src='a' width='20px' height='auto'>", '<img src="a" width="20">'),
        ("<blockquote cite='view-source:http://x/'>a</blockquote>", "<blockquote>a</blockquote>"),
    ],
)
def test_obsolete_html_is_modernised(old, new):
    assert render(old) == new


@pytest.mark.parametrize(
    ("style", "attributes"),
    [
        ("text-align: right;", {"class": ["align-right"]}),
        ("TEXT-DECORATION:underline", {"class": ["underline"]}),
        ("text-decoration: line-through; font-weight: bold", {"class": ["line-through", "bold"]}),
        ("background-color: yellow", {"class": ["marked"]}),
        ("max-width: 100%", {"class": ["fit-width"]}),
        ("width: 100% !important; height: auto", {"class": ["full-width"]}),
        ("width: 81%; margin: 1em auto", {"class": ["width-80", "centered"]}),
        ("width: 120px; height: 80.5px", {"width": "120", "height": "80"}),
        ("float: left; margin-right: 0.5em", {"class": ["float-left"]}),
        ("font-size: 0.9em", {"class": ["smaller"]}),
        ("font-size: 120%", {"class": ["larger"]}),
        ("display: none", {"hidden": ""}),
        ("color: red; position: fixed; background: url(javascript:x)", {}),
        ("{]:;nonsense", {}),
        ("x" * 5000, {}),
    ],
)
def test_styles_become_classes_and_sizes(style, attributes):
    assert one(render(f'<img style="{style}">'), "img").attrs == attributes


def test_attributes_win_over_styles_and_classes_are_merged():
    image = one(render('<img class="a" width="5" style="width: 9px; float: right">'), "img")

    assert image.attrs == {"class": ["a", "float-right"], "width": "5"}


class TestEmbeds:
    HOSTS = frozenset({"Player.example.org"})

    @pytest.mark.parametrize(
        "src", ["https://player.example.org/1?a=b&amp;c", "//player.example.org/1?a=b&amp;c"]
    )
    def test_an_iframe_of_an_allowed_host_becomes_an_embed_link(self, src):
        html = (
            f'<iframe src="{src}" width="560" height="315" allowfullscreen title="A film" allow="camera" '
            'onload="x()">a</iframe>'
        )

        link = one(render(html, iframe_hosts=self.HOSTS), "a")

        assert link.attrs == {
            "class": ["embed"],
            "href": "https://player.example.org/1?a=b&c",
            "data-src": "https://player.example.org/1?a=b&c",
            "data-width": "560",
            "data-height": "315",
        }
        assert link.text == "A film"

    @pytest.mark.parametrize(
        ("source", "page", "text"),
        [
            (
                "https://www.youtube.com/embed/abcdefghijk?start=9",
                "https://www.youtube.com/watch?v=abcdefghijk",
                "youtube.com",
            ),
            (
                "https://www.youtube-nocookie.com/embed/abcdefghijk",
                "https://www.youtube.com/watch?v=abcdefghijk",
                "youtube.com",
            ),
            ("https://player.vimeo.com/video/123?h=1", "https://vimeo.com/123", "vimeo.com"),
        ],
    )
    def test_the_link_of_a_player_leads_to_its_video_page(self, source, page, text):
        hosts = frozenset({"www.youtube.com", "www.youtube-nocookie.com", "player.vimeo.com"})

        link = one(render(f'<iframe src="{source}"></iframe>', iframe_hosts=hosts), "a")

        assert (link["href"], link["data-src"], link.text) == (page, source, text)

    def test_lite_youtube_contains_an_embed_link(self):
        html = '<lite-youtube videoid="abcdefghijk" params="start=9" playlabel="A film"></lite-youtube>'

        link = one(
            render(html, iframe_hosts=frozenset({"www.youtube-nocookie.com"})), "lite-youtube > a.embed"
        )

        assert link["href"] == "https://www.youtube.com/watch?v=abcdefghijk"
        assert link["data-src"] == "https://www.youtube-nocookie.com/embed/abcdefghijk?start=9"
        assert link.text == "A film"
        assert one(render(html), "lite-youtube > a").attrs == {"href": link["href"]}

    def test_github_code_contains_a_link_to_the_code(self):
        link = one(render('<github-code href="https://github.com/a/b/blob/main/c.py#L1"></github-code>'), "a")

        assert (link["href"], link.text) == (
            "https://github.com/a/b/blob/main/c.py#L1",
            "github.com/a/b/blob/main/c.py#L1",
        )

    @pytest.mark.parametrize(
        "src",
        [
            "https://example.org/",
            "http://player.example.org/",
            "https://player.example.org.example.net/",
            "https://example.net/player.example.org",
            "https://example.net\\@player.example.org/",
            "https://player.example.org@example.net/",
            "https://user@player.example.org/",
            "https://player.example.org\\.example.net/",
            "https://player.example.org\t.example.net/",
        ],
    )
    def test_an_iframe_of_any_other_host_becomes_a_plain_link(self, src):
        html = render(f'a <iframe src="{src}" title="A film"></iframe> b', iframe_hosts=self.HOSTS)

        assert not soup(html).select("iframe")
        assert one(html, "a").text == "A film"
        assert soup(html).text == "a A film b"

    @pytest.mark.parametrize("src", ["javascript:alert(1)", "data:text/html,x", "", "/local", "about:blank"])
    def test_an_iframe_without_a_web_url_is_dropped(self, src):
        assert render(f'a<iframe src="{src}"></iframe>b', iframe_hosts=self.HOSTS) == "ab"

    @pytest.mark.parametrize("format", FORMATS)
    def test_no_host_is_allowed_by_default(self, format):
        assert "<iframe" not in markup.render('<iframe src="https://example.org/"></iframe>', format)

    @pytest.mark.parametrize(
        "html",
        [
            '<object data="https://example.org/a"></object>',
            '<object><param name="movie" value="https://example.org/a"></param></object>',
            '<object><embed src="https://example.org/a"></embed></object>',
            '<embed src="https://example.org/a">',
        ],
    )
    def test_plugins_become_links(self, html):
        assert render(f"x {html} y") == 'x <a href="https://example.org/a">example.org/a</a> y'

    def test_an_object_with_fallback_content_becomes_that_content(self):
        assert render('<object data="/a.svg"><img src="/a.png"></object>') == '<img src="/a.png">'


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<iframe src='https://x.y/'/>b</p>", "ax.y/b"),
        ("<div/>a<p/>b", "ab"),
        ("<lite-youtube videoid='x'/>a", "a"),
        ("<script src='x'/>a", "a"),
        ("<textarea/>a", "a"),
        ("<p>a<br/>b<hr/></p>", "ab"),
    ],
)
def test_self_closing_tags_do_not_swallow_what_follows(format, html, text):
    assert soup(markup.render(html, format)).text.strip() == text


@pytest.mark.parametrize(
    ("html", "balanced"),
    [
        ("<p>a<b>b", "<p>a<b>b</b></p>"),
        ("a</b></div>", "a"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b><i>b</i>"),
        ("<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ("a <", "a &lt;"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<pre>\n\na</pre>", "<pre>\n\na</pre>"),
    ],
)
def test_malformed_html_comes_out_balanced(html, balanced):
    assert render(html) == balanced


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java&#9;script:alert(1)",
        "java&Tab;script&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A&#x61vascript:alert(1)",
        "\x01javascript:alert(1)",
        "&#1;javascript:alert(1)",
        "java\x00script:alert(1)",
        "java&#xFFFE;script:alert(1)",
        "java\ufffescript:alert(1)",
        "java\ud800script:alert(1)",
        "\u00a0javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "view-source:javascript:alert(1)",
        "feed:javascript:alert(1)",
        "file:///etc/passwd",
        "blob:https://example.org/1",
    ],
)
def test_dangerous_urls_are_dropped_and_their_text_is_not(format, url):
    quoted = url.replace('"', "&quot;")
    html = (
        f'<p><a href="{quoted}">words</a> <img src="{quoted}" srcset="{quoted} 2x" data-thumb="{quoted}">'
        f'<video poster="{quoted}" src="{quoted}"></video><github-code href="{quoted}">x</github-code></p>'
        f'<blockquote cite="{quoted}">q</blockquote>'
    )

    clean = markup.render(html, format)

    assert not [danger for danger in dangers(clean) if "feed" not in danger]
    assert "words" in clean


@pytest.mark.parametrize("format", [*FORMATS, "inline"])
@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x.y/z></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<script<b>>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=x onerror\n=\nalert(1)>",
        "<img/src=x/onerror=alert(1)>",
        '<img src="x` `<script>alert(1)</script>"` `>',
        "<p onclick='alert(1)' onmouseover=alert(1)>a</p>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>",
        "<svg><desc><![CDATA[</desc><img src=x onerror=alert(1)>]]></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=f()&gt;'>",
        "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
        "<math href='javascript:alert(1)'>a</math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<style><img src=x onerror=alert(1)></style>",
        "<style>@import '//x.y/z';</style>",
        "<title><img src=x onerror=alert(1)></title>",
        "<textarea><img src=x onerror=alert(1)></textarea>",
        "<markdown-copy><textarea></textarea><script>alert(1)</script></markdown-copy>",
        "<markdown-copy><textarea>&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea></markdown-copy>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
        "<plaintext><script>alert(1)</script>",
        "<noembed><img src=x onerror=alert(1)></noembed>",
        "<template><img src=x onerror=alert(1)></template>",
        "<select><template><img src=x onerror=alert(1)></template></select>",
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--!><img src=x onerror=alert(1)>",
        "<!-- cutoff --!><img src=x onerror=alert(1)>-->",
        "<!-- cutoff > <img src=x onerror=alert(1)> -->",
        "<![CDATA[><img src=x onerror=alert(1)>]]>",
        "<?xml <img src=x onerror=alert(1)> ?>",
        "</p/x><img src=x onerror=alert(1)>",
        "<a href='x' style='background:url(javascript:alert(1))' srcdoc='<script>'>a</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><base href='javascript:/'>",
        "<link rel=stylesheet href='javascript:alert(1)'><link rel=import href=x>",
        "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>a</button></form>",
        "<isindex action='javascript:alert(1)'><input autofocus onfocus=alert(1)>",
        "<details open ontoggle=alert(1)>a</details><video src=x onerror=alert(1)></video>",
        "<marquee onstart=alert(1)>a</marquee>",
        "<table background='javascript:alert(1)'><td background='javascript:alert(1)'></table>",
        "<img srcset='javascript:alert(1) 1x, data:text/html,x 2x'>",
        "<img src='https://x.y/\" onerror=alert(1) x=\"'>",
        "<p title='\"><script>alert(1)</script>'>a</p>",
        "<p class='&quot; onclick=&quot;alert(1)'>a</p>",
        '<b data-x=1 data-"onclick=alert(1)>a</b>',
        "<x-y onclick=alert(1)>a</x-y><x onclick=alert(1) y>",
        "[a](javascript:alert(1)) ![b](javascript:alert(1)) <javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "[a](java\nscript:alert(1)) [a](&#106;avascript:alert(1))",
        '![a](x"onerror="alert(1)) [a](x \'title" onclick="alert(1)\')',
        "`<script>alert(1)</script>`\n\n```<script>alert(1)</script>\n<script>alert(1)</script>\n```",
        '```"><script>alert(1)</script>\nx\n```',
        '*[a]: "><script>alert(1)</script>\n\na',
        'a[^"><script>]\n\n[^"><script>]: <script>alert(1)</script>',
        "<div markdown='1'><script>alert(1)</script>\n\n<img src=x onerror=alert(1)></div>",
        "\x02wzxhzdk:0\x03 &#2;wzxhzdk:0&#3; <script>alert(1)</script>",
    ],
)
def test_no_script_gets_through(format, attack):
    options = markup.Options(iframe_hosts=frozenset({"x.y"}))

    if format == "inline":
        html = markup.render_inline(attack, options)
    else:
        html = markup.render(attack, format, options)

    assert not list(dangers(html))


@pytest.mark.parametrize("element", ["script", "style", "template", "title", "noframes", "svg", "math"])
def test_elements_without_visible_content_are_dropped_with_it(element):
    assert render(f"a<{element}>b &lt;b&gt; c</{element}>d") == "ad"
