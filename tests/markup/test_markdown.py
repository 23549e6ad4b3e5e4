import pytest

from blog import markup
from tests.markup.inspection import one, soup


def render(source, **options):
    return markup.render(source, markup.Format.MARKDOWN, **options)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("[a](/b 'c')", '<p><a href="/b" title="c">a</a></p>'),
        ("<https://example.org/>", '<p><a href="https://example.org/">https://example.org/</a></p>'),
        ("see https://example.org/", "<p>see https://example.org/</p>"),
        ("R&D &copy; <b>bold</b>", "<p>R&amp;D © <b>bold</b></p>"),
        ("A <q>q</q>\n\n*[A]: Letter", '<p><abbr title="Letter">A</abbr> <q>q</q></p>'),
        ("## The {name} tag", '<h2 id="the-name-tag">The {name} tag</h2>'),
        ("a list<int> of List<String>", "<p>a list&lt;int&gt; of List&lt;String&gt;</p>"),
        ("<think>hm</think>", "<p>&lt;think&gt;hm&lt;/think&gt;</p>"),
        ("<blockquote>a</blockquore></blockquote>", "<blockquote>a</blockquote>"),
        ("a <o:p>b</o:p> <x-y>c</x-y>", "<p>a b c</p>"),
        ("a\r\nb\r\n\r\nc", "<p>a\nb</p>\n<p>c</p>"),
    ],
)
def test_markdown_becomes_html(source, html):
    assert render(source) == html


def test_table_cells_are_aligned_by_class():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert [cell.get("class") for cell in soup(html).select("td")] == [None, ["align-right"]]
    assert "style" not in html


def test_markdown_inside_html_is_converted_on_request():
    html = render('<details markdown="1"><summary>More</summary>\n\n*text*\n\n</details>')

    assert one(html, "details > p > em").text == "text"


@pytest.mark.parametrize(
    "name", ["image-gallery", "captioned-image-gallery", "lite-youtube", "markdown-copy"]
)
def test_custom_elements_are_blocks(name):
    html = render(f"text\n\n<{name}>\n\n<b>a</b>\n\n</{name}>\n\ntext")

    assert one(html, name).parent.name == "[document]"
    assert not one(html, name).select("p")


def test_an_image_with_a_title_becomes_a_figure_with_a_caption():
    html = render('![A boat](/boat.jpg "At *sea*")\n\nText ![A boat](/boat.jpg "At sea")')

    figure = one(html, "figure")
    assert figure.img.attrs == {"src": "/boat.jpg", "alt": "A boat"}
    assert figure.figcaption.text == "At *sea*"
    assert one(html, "p > img")["title"] == "At sea"


class TestFences:
    def test_code_is_highlighted_by_class(self):
        html = render("```python\nimport re\n```")

        code = one(html, "div.highlight > pre > code.language-python")
        assert code.text == "import re\n"
        assert code.select("span.kn")
        assert "style" not in html

    @pytest.mark.parametrize("info", ["", "no-such-language", "text", "{.nothing #x}", "<b>"])
    def test_code_in_an_unknown_language_is_plain(self, info):
        html = render(f"```{info}\nif a < b & c:\n```")

        assert one(html, "div.highlight pre code").text == "if a < b & c:\n"

    @pytest.mark.parametrize(
        ("source", "selector"),
        [
            ("- item\n\n    ```py\n    a\n      b\n    ```\n\n- item", "ul > li > div.highlight"),
            ("- item\n  ```py\n  a\n    b\n  ```\n- item", "ul > li > div.highlight"),
            ("1. item\n   ```py\n   a\n     b\n   ```\n2. item", "ol > li > div.highlight"),
            ("- ```py\n  a\n    b\n  ```\n- item", "ul > li > div.highlight"),
            (
                "- x\n    - item\n        ```py\n        a\n          b\n        ```",
                "li > ul > li > div.highlight",
            ),
            ("> text\n> ```py\n> a\n>   b\n> ```\n> text", "blockquote > div.highlight"),
            ("> ```py\n> a\n>   b\n> ```", "blockquote > div.highlight"),
            ("> - item\n>   ```py\n>   a\n>     b\n>   ```", "blockquote > ul > li > div.highlight"),
            ("x[^1]\n\n[^1]: note\n\n    ```py\n    a\n      b\n    ```", "div.footnote li > div.highlight"),
            ("<div>\n\n```py\na\n  b\n```\n\n</div>", "div > div.highlight"),
            ("text\n```py\na\n  b\n```\ntext", "div.highlight"),
            ("   ~~~py\n   a\n     b\n   ~~~", "div.highlight"),
        ],
    )
    def test_fences_work_inside_other_blocks(self, source, selector):
        html = render(source)

        assert one(html, selector).text == "a\n  b\n"
        assert "```" not in html
        assert "<p></p>" not in html

    def test_a_list_continues_after_a_fence(self):
        html = render("1. one\n    ```\n    a\n    ```\n2. two")

        assert [item.text.split() for item in soup(html).select("ol > li")] == [["one", "a"], ["two"]]

    @pytest.mark.parametrize("source", ["```\nno end", "    ```\n    indented\n    ```", "a ``` b"])
    def test_unclosed_and_indented_fences_are_not_code_blocks(self, source):
        assert "```" in render(source)

    def test_tabs_blank_lines_and_markdown_in_code_are_preserved(self):
        code = "all:\n\techo *a* [b](c)\n\n\n# d\n"

        assert one(render(f"```make\n{code}```"), "code").text == code

    def test_a_longer_fence_can_contain_a_shorter_one(self):
        assert one(render("````md\n```py\nx\n```\n````"), "code").text == "```py\nx\n```\n"


class TestFootnotes:
    def test_ids_carry_the_prefix(self):
        html = render("a[^1] b[^long name]\n\n[^1]: x\n[^long name]: y", footnote_prefix="post-7")

        links = soup(html).select("a")
        assert len(links) == 4
        for link in links:
            assert one(html, f'[id="{link["href"][1:]}"]')
            assert ":post-7:" in link["href"]

    def test_two_posts_share_no_id(self):
        first, second = (render("a[^1]\n\n[^1]: x", footnote_prefix=prefix) for prefix in ("a", "b"))

        ids = [{element["id"] for element in soup(html).select("[id]")} for html in (first, second)]
        assert all(ids)
        assert ids[0].isdisjoint(ids[1])

    def test_no_state_carries_over_to_the_next_post(self):
        render("a[^1] [b]\n\n[^1]: x\n[b]: /c", footnote_prefix="a")

        assert render("a[^1] [b]") == "<p>a[^1] [b]</p>"


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "id"),
        [
            ("What's *new*?", "whats-new"),
            ("Über größere Änderungen", "über-größere-änderungen"),
            ("日本語 の 見出し", "日本語-の-見出し"),
            ("C++ & `code_here`", "c-code-here"),
            ("!!!", "section"),
        ],
    )
    def test_ids_are_made_of_the_words(self, heading, id):
        assert one(render(f"## {heading}"), "h2")["id"] == id

    def test_heading_ids_are_unique_within_the_text(self):
        html = render('<p id="a">x</p>\n\n## A\n\n### A\n\n## A 2\n\n<h2 id="own">A</h2>')

        ids = [element["id"] for element in soup(html).select("[id]")]
        assert ids == ["a", "a-2", "a-3", "a-2-2", "own"]


class TestInline:
    @pytest.mark.parametrize(
        ("source", "html"),
        [
            ("in *The Book*, [page 9](/x)", 'in <em>The Book</em>, <a href="/x">page 9</a>'),
            ("2024. A year", "2024. A year"),
            ("# 1 in the charts", "# 1 in the charts"),
            ("- a dash", "- a dash"),
            ("one\n\ntwo\n\n\nthree", "one<br>two<br>three"),
            ("<div>a</div><p>b</p>", "a<br>b"),
            ("<ul><li>a</li><li><b>b</b></li></ul>", "a<br><b>b</b>"),
            ("<table><tr><td>a</td></tr></table>", "a"),
            (
                "<iframe src='https://example.org/'></iframe>",
                '<a href="https://example.org/">example.org/</a>',
            ),
            ("", ""),
        ],
    )
    def test_inline_html_has_no_blocks(self, source, html):
        assert markup.render_inline(source) == html

    def test_inline_markdown_is_typeset_on_request(self):
        assert markup.render_inline("it's", markup.Options(smart_markdown=True)) == "it’s"
