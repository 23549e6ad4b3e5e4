// What can be told of the look of a page without looking: a line for each flaw. Pixels are those of CSS.
() => {
  const TARGET = 24,
    SMALLEST = 11,
    LONGEST_LINE = 85;
  const found = [];
  const name = (element) => {
    const classes = [...element.classList].map((each) => `.${each}`).join("");
    return `<${element.localName}${classes}> “${element.textContent.trim().slice(0, 40)}”`;
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length;
  const scrolls = (element) => element.closest("pre, table, .scrolls, [data-scrolls]");
  // The bar, if any, that stays in view and has this in it. It may lie over what scrolls below.
  const barOf = (element) =>
    !element || getComputedStyle(element).position === "sticky" ? element : barOf(element.parentElement);

  const excess = document.documentElement.scrollWidth - innerWidth;
  if (excess > 0) found.push(`the page is ${excess} px wider than the window`);

  // Texts: where each line stands.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || !shown(parent) || parent.closest("script, svg, .skip-link, .visually-hidden"))
      continue;
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width > 1 && box.height > 1) lines.push({ box, parent });
    }
    if (parseFloat(getComputedStyle(parent).fontSize) < SMALLEST) found.push(`small text: ${name(parent)}`);
  }
  for (const { box, parent } of lines) {
    if ((box.left < -1 || box.right > innerWidth + 1) && !scrolls(parent))
      found.push(`cut off: ${name(parent)}`);
  }
  lines.sort((a, b) => a.box.top - b.box.top);
  lines.forEach((one, index) => {
    for (const other of lines.slice(index + 1, index + 60)) {
      if (other.box.top > one.box.bottom) break;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const least = Math.min(one.box.height, other.box.height);
      if (
        across > 2 &&
        down > least * 0.6 &&
        !scrolls(one.parent) &&
        !scrolls(other.parent) &&
        barOf(one.parent) === barOf(other.parent)
      ) {
        found.push(`one over the other: ${name(one.parent)} and ${name(other.parent)}`);
      }
    }
  });

  // Targets: large enough, or alone in their place, or words in a sentence (WCAG 2.2, 2.5.8).
  const inSentence = (element) =>
    getComputedStyle(element).display === "inline" &&
    element.closest("p, li, dd, blockquote, caption, td, span")?.textContent.trim().length >
      element.textContent.trim().length + 8;
  const targets = all("a[href], button, input:not([type=hidden]), select, summary, textarea")
    .filter((element) => shown(element) && !element.closest("svg, .skip-link"))
    .map((element) => ({ element, box: element.getBoundingClientRect() }));
  for (const { element, box } of targets) {
    if (Math.min(box.width, box.height) >= TARGET - 0.5 || inSentence(element)) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const near = targets.find((other) => {
      if (other.element === element || inSentence(other.element)) return false;
      if (element.contains(other.element) || other.element.contains(element)) return false;
      const isSmall = Math.min(other.box.width, other.box.height) < TARGET - 0.5;
      if (isSmall) {
        const across = x - (other.box.left + other.box.width / 2);
        const down = y - (other.box.top + other.box.height / 2);
        if (Math.hypot(across, down) < TARGET) return true;
      }
      const [right, below] = [other.box.right, other.box.bottom];
      return (
        Math.hypot(Math.max(other.box.left - x, 0, x - right), Math.max(other.box.top - y, 0, y - below)) <
        TARGET / 2
      );
    });
    if (near) {
      found.push(
        `small target: ${name(element)} ${box.width.toFixed()} × ${box.height.toFixed()} ` +
          `beside ${name(near.element)}`,
      );
    }
  }

  // Headings: one of the page, none without anything below it.
  if (all("h1").filter(shown).length !== 1)
    found.push(`${all("h1").filter(shown).length} headings of the page`);
  for (const heading of all("main :is(h1, h2)").filter(
    (each) => shown(each) && !each.closest(".e-content"),
  )) {
    const below = document.createRange();
    const next = all("h1, h2, footer").find(
      (other) => shown(other) && heading.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    below.setStartAfter(heading);
    if (next) below.setEndBefore(next);
    const drawn = below.cloneContents().querySelector("input, select, textarea, img, svg, table");
    if (!drawn && !below.toString().trim() && heading.localName !== "h1")
      found.push(`nothing below: ${name(heading)}`);
  }

  // The measure: no line of a paragraph is too long to find the next.
  for (const paragraph of all("main p").filter(shown)) {
    const style = getComputedStyle(paragraph);
    const letter = parseFloat(style.fontSize) * 0.46;
    const widest = Math.max(
      0,
      ...lines.filter((line) => paragraph.contains(line.parent)).map((line) => line.box.width),
    );
    if (widest / letter > LONGEST_LINE)
      found.push(`long lines: ${(widest / letter).toFixed()} in ${name(paragraph)}`);
  }
  return [...new Set(found)];
};
