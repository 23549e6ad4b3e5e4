"""Contracts for the undocumented interfaces of bleach that blog/markup/html5.py uses.

When a new version of bleach breaks one of them, its test fails and names it.
"""

import inspect
from xml.etree.ElementTree import Element

import pytest
from bleach import html5lib_shim
from bleach.html5lib_shim import (
    BleachHTMLParser,
    BleachHTMLTokenizer,
    Filter,
    HTMLSerializer,
    InputStreamWithMemory,
)
from bleach.sanitizer import BleachSanitizerFilter

from blog.markup import html5

START, END, CHARACTERS = (
    html5lib_shim.TAG_TOKEN_TYPE_START,
    html5lib_shim.TAG_TOKEN_TYPE_END,
    html5lib_shim.TAG_TOKEN_TYPE_CHARACTERS,
)


def changed(interface):
    return f"bleach changed {interface}: see blog/markup/html5.py"


def parse(html, show_unknown_tags=False):
    parser = html5.Parser(show_unknown_tags)
    return parser, parser.parseFragment(html, scripting=False)


def is_too_complex(html):
    try:
        parse(html)
    except html5.TooComplex:
        return True
    return False


def sanitize(*tokens):
    """The tokens that pass, without the empty text that bleach adds."""
    sanitizer = html5.Sanitizer(
        tokens,
        allowed_tags={"a", "br"},
        attributes=lambda element, name, value: name != "onclick",
        allowed_protocols={"https"},
        strip_disallowed_tags=True,
    )
    return [token for token in sanitizer if token.get("data") != ""]


@pytest.mark.parametrize(
    ("owner", "method", "parameters"),
    [
        (BleachHTMLParser, "__init__", ["tags", "strip", "consume_entities", "kwargs"]),
        (BleachHTMLParser, "_parse", ["stream", "innerHTML", "container", "scripting", "kwargs"]),
        (BleachHTMLParser, "parseFragment", ["stream", "args", "kwargs"]),
        (BleachHTMLParser, "parseError", ["errorcode", "datavars"]),
        (BleachHTMLParser, "reset", []),
        (BleachHTMLParser, "mainLoop", []),
        (BleachHTMLTokenizer, "__init__", ["consume_entities", "kwargs"]),
        (BleachHTMLTokenizer, "__iter__", []),
        (BleachHTMLTokenizer, "emitCurrentToken", []),
        (BleachHTMLTokenizer, "beforeAttributeNameState", []),
        (BleachHTMLTokenizer, "afterAttributeNameState", []),
        (BleachHTMLTokenizer, "dataState", []),
        (InputStreamWithMemory, "get_tag", []),
        (BleachSanitizerFilter, "sanitize_token", ["token"]),
        (BleachSanitizerFilter, "sanitize_characters", ["token"]),
        (Filter, "__init__", ["source"]),
        (Filter, "__iter__", []),
        (HTMLSerializer, "render", ["treewalker", "encoding"]),
    ],
    ids=lambda value: getattr(value, "__name__", value) if not isinstance(value, list) else "",
)
def test_methods_have_the_signature_that_is_overridden_or_called(owner, method, parameters):
    message = changed(f"{owner.__name__}.{method}")
    function = getattr(owner, method, None)

    assert function is not None, message
    assert [name for name in inspect.signature(function).parameters if name != "self"] == parameters, message


def test_the_sanitizer_takes_the_options_that_are_passed():
    options = {"source", "allowed_tags", "attributes", "allowed_protocols", "strip_disallowed_tags"}

    found = set(inspect.signature(BleachSanitizerFilter.__init__).parameters)

    assert options <= found, changed("BleachSanitizerFilter.__init__")


def test_the_serializer_takes_the_options_that_are_passed():
    options = {
        "quote_attr_values",
        "quote_char",
        "omit_optional_tags",
        "escape_lt_in_attrs",
        "escape_rcdata",
        "resolve_entities",
    }

    assert options <= set(HTMLSerializer.options), changed("HTMLSerializer.options")


def test_the_known_tags_are_a_set_of_lower_case_names():
    assert {"a", "body", "wbr"} <= html5lib_shim.HTML_TAGS, changed("html5lib_shim.HTML_TAGS")
    assert all(name == name.lower() for name in html5lib_shim.HTML_TAGS), changed("html5lib_shim.HTML_TAGS")


def test_token_types_differ():
    assert len({START, END, CHARACTERS}) == 3, changed("html5lib_shim.TAG_TOKEN_TYPE_…")


def test_a_tag_token_has_a_type_a_name_its_attributes_and_a_self_closing_flag(monkeypatch):
    emit, tokens = BleachHTMLTokenizer.emitCurrentToken, []

    def record(tokenizer):
        tokens.append({**tokenizer.currentToken, "data": list(tokenizer.currentToken["data"])})
        emit(tokenizer)

    monkeypatch.setattr(BleachHTMLTokenizer, "emitCurrentToken", record)
    parse("<B ID=x>a</B><br/>")

    assert tokens, changed("BleachHTMLTokenizer.emitCurrentToken")
    found = [(token["type"], token["name"].lower(), token["data"], token["selfClosing"]) for token in tokens]
    assert found == [
        (START, "b", [["id", "x"]], False),
        (END, "b", [], False),
        (START, "br", [], True),
    ], changed("BleachHTMLTokenizer.currentToken")


def test_the_tokenizer_yields_what_is_queued_and_goes_on_in_the_state_that_is_set():
    _, tree = parse("a <unknown x='1'>b</unknown> <i>c</i>", show_unknown_tags=True)

    text = "".join(tree.itertext())
    assert text == "a <unknown x='1'>b</unknown> c", changed(
        "BleachHTMLTokenizer.tokenQueue, .state, .dataState or .stream.get_tag"
    )


def test_the_parser_uses_the_tokenizer_that_parse_gives_it():
    parser, _ = parse("<p>a")

    assert isinstance(parser.tokenizer, html5.Tokenizer), changed("BleachHTMLParser._parse")


@pytest.mark.parametrize(
    ("attribute", "state"), [("a{}=1", "beforeAttributeNameState"), ("a{}", "afterAttributeNameState")]
)
def test_every_attribute_passes_through_a_state_that_counts_it(attribute, state):
    attributes = " ".join(attribute.format(number) for number in range(html5.MAX_ATTRIBUTES + 2))

    assert is_too_complex(f"<p {attributes}>"), changed(f"BleachHTMLTokenizer.{state}")


@pytest.mark.parametrize("tag", ["div", "b"])
def test_the_tree_lists_its_open_and_its_formatting_elements(tag):
    parser, _ = parse("<p>a")

    for attribute in ("openElements", "activeFormattingElements"):
        assert hasattr(parser.tree, attribute), changed(f"BleachHTMLParser.tree.{attribute}")
    assert is_too_complex(f"<{tag}>" * (html5.MAX_DEPTH + 10)), changed("BleachHTMLParser.tree")


def test_an_open_element_has_its_namespace():
    _, tree = parse("<svg><g/>a</svg><div/>b")

    group = next(element for element in tree.iter() if element.tag.endswith("}g"))
    assert group.tail == "a", changed("the namespace of BleachHTMLParser.tree.openElements")
    assert tree.find("div").tail == "b", changed("the namespace of BleachHTMLParser.tree.openElements")


def test_a_fragment_is_an_element_without_namespaces_in_its_names():
    _, tree = parse("a<p title='b'>c<!--d--></p>e")

    [paragraph] = tree
    assert isinstance(tree, Element), changed("BleachHTMLParser.parseFragment")
    assert (tree.text, paragraph.tag, paragraph.tail) == ("a", "p", "e"), changed("BleachHTMLParser")
    assert dict(paragraph.attrib) == {"title": "b"}, changed("the attributes of elements")
    assert callable(paragraph[0].tag), changed("the tag of comments")


def test_character_references_are_resolved():
    _, tree = parse("<p title='&amp;lt;'>&amp;lt;")

    assert (tree[0].text, tree[0].get("title")) == ("&lt;", "&lt;"), changed(
        "BleachHTMLParser(consume_entities=…)"
    )


def test_scripting_is_off_when_asked():
    _, tree = parse("<noscript><b>a</b></noscript>")

    assert tree.find("noscript/b") is not None, changed("BleachHTMLParser._parse(scripting=…)")


def test_errors_are_not_collected():
    parser, _ = parse("</b><p id=1 id=2>&nothing;")

    assert parser.errors == [], changed("BleachHTMLParser.parseError")


def test_the_sanitizer_reads_the_tokens_of_the_walker():
    link = {(None, "href"): "https://example.com/", (None, "onclick"): "x()"}
    script = {(None, "href"): "javascript:x()"}
    tokens = [
        {"type": "StartTag", "name": "a", "namespace": None, "data": link},
        {"type": "Characters", "data": "a & b"},
        {"type": "EndTag", "name": "a", "namespace": None},
        {"type": "StartTag", "name": "script", "namespace": None, "data": {}},
        {"type": "EmptyTag", "name": "br", "namespace": None, "data": {}},
        {"type": "StartTag", "name": "a", "namespace": None, "data": script},
    ]

    found = sanitize(*tokens)

    assert [(token["type"], token.get("name")) for token in found] == [
        ("StartTag", "a"),
        ("Characters", None),
        ("EndTag", "a"),
        ("EmptyTag", "br"),
        ("StartTag", "a"),
    ], changed("BleachSanitizerFilter.sanitize_token")
    assert found[0]["data"] == {(None, "href"): "https://example.com/"}, changed("the attribute filter")
    assert found[1]["data"] == "a & b", changed("BleachSanitizerFilter.sanitize_characters")
    assert found[4]["data"] == {}, changed("BleachSanitizerFilter.allowed_protocols")


def test_the_sanitizer_drops_a_token_for_none():
    found = sanitize({"type": "Comment", "data": "x"}, {"type": "Comment", "data": "cutoff"})

    assert found == [{"type": "Comment", "data": " cutoff "}], changed("BleachSanitizerFilter.__iter__")


def test_a_filter_passes_on_the_tokens_of_its_source():
    assert list(Filter([{"type": "Comment"}])) == [{"type": "Comment"}], changed("Filter.__iter__")


def test_the_serializer_renders_the_tokens_of_the_walker():
    _, tree = parse('<p title="&quot;&lt;&amp;">a &amp; b<br><b>c</b><textarea>&lt;</textarea><!--d-->')

    html = html5.serializer().render(html5.tokens(tree))

    assert html == (
        '<p title="&quot;&lt;&amp;">a &amp; b<br><b>c</b><textarea>&lt;</textarea><!--d--></p>'
    ), changed("HTMLSerializer.render")
