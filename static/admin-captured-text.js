// Composes a post's text from a captured page. blog/authoring/capture.py does the same on the server, and both are
// tested against tests/data/captured_text.json.

const MARKDOWN_SYNTAX =
  /[\\`*[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|<(?=[/!?a-z])|&(?=#?[\p{L}\p{N}_]+;)|(?<![^\n])[#>](?=[\s>#])/giu;
const ENTITIES = { "<": "&lt;", "&": "&amp;" };

/** Escapes plain text so that Markdown renders it literally. */
export function asMarkdown(text) {
  return text.replace(MARKDOWN_SYNTAX, (mark) => ENTITIES[mark] ?? `\\${mark}`);
}

/** The Markdown text of a post, from the selection (already in Markdown) and the page it is from. */
export function compose(style, selection, url, title) {
  if (style === "verbatim") return selection;
  url = url.trim();
  const hasLink = style === "link-and-blockquote" && url;
  const link = hasLink ? `[${asMarkdown(title.trim() || url)}](${linkTarget(url)})` : "";
  return [link, blockquote(selection)].filter(Boolean).join("\n\n");
}

/** Replaces the composed part of an edited text, `old`, with `composed`. A text without `old` in it stays. */
export function carry(text, old, composed) {
  if (old === composed) return text;
  if (old && text.includes(old)) return text.replace(old, () => composed).trim();
  return old ? text : [composed, text].filter(Boolean).join("\n\n");
}

function blockquote(text) {
  if (!text) return "";
  const lines = text.split("\n").map((line) => `> ${line}`.trimEnd());
  return lines.join("\n");
}

/** Percent-encodes the brackets that would end a Markdown link's target. */
function linkTarget(url) {
  return url.replace(/[()<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
