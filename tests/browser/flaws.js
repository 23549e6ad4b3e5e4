// Detects layout flaws and returns a line for each. Lengths are CSS pixels.
() => {
  const MIN_TARGET = 24,
    MIN_FONT_SIZE = 11,
    MAX_LINE_LENGTH = 85; // characters
  const flaws = [];
  const name = (element) => {
    const classes = [...element.classList].map((each) => `.${each}`).join("");
    return `<${element.localName}${classes}> “${element.textContent.trim().slice(0, 40)}”`;
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length;
  const scrolls = (element) => element.closest("pre, table, .scrolls, [data-scrolls]");
  // The sticky bar that contains the element, if any. Bars may cover what scrolls beneath them.
  const barOf = (element) =>
    !element || getComputedStyle(element).position === "sticky" ? element : barOf(element.parentElement);

  const excess = document.documentElement.scrollWidth - innerWidth;
  if (excess > 0) flaws.push(`the page is ${excess} px wider than the window`);

  // Text: the box of each line.
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
    if (parseFloat(getComputedStyle(parent).fontSize) < MIN_FONT_SIZE)
      flaws.push(`small text: ${name(parent)}`);
  }
  for (const { box, parent } of lines) {
    if ((box.left < -1 || box.right > innerWidth + 1) && !scrolls(parent))
      flaws.push(`clipped: ${name(parent)}`);
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
        flaws.push(`overlap: ${name(one.parent)} and ${name(other.parent)}`);
      }
    }
  });

  // Targets: large enough, or far enough from others, or inline in a sentence (WCAG 2.2, 2.5.8).
  const inSentence = (element) =>
    getComputedStyle(element).display === "inline" &&
    element.closest("p, li, dd, blockquote, caption, td, span")?.textContent.trim().length >
      element.textContent.trim().length + 8;
  const targets = all("a[href], button, input:not([type=hidden]), select, summary, textarea")
    .filter((element) => shown(element) && !element.closest("svg, .skip-link"))
    .map((element) => ({ element, box: element.getBoundingClientRect() }));
  for (const { element, box } of targets) {
    if (Math.min(box.width, box.height) >= MIN_TARGET - 0.5 || inSentence(element)) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const near = targets.find((other) => {
      if (other.element === element || inSentence(other.element)) return false;
      if (element.contains(other.element) || other.element.contains(element)) return false;
      const isSmall = Math.min(other.box.width, other.box.height) < MIN_TARGET - 0.5;
      if (isSmall) {
        const across = x - (other.box.left + other.box.width / 2);
        const down = y - (other.box.top + other.box.height / 2);
        if (Math.hypot(across, down) < MIN_TARGET) return true;
      }
      const [right, below] = [other.box.right, other.box.bottom];
      return (
        Math.hypot(Math.max(other.box.left - x, 0, x - right), Math.max(other.box.top - y, 0, y - below)) <
        MIN_TARGET / 2
      );
    });
    if (near) {
      flaws.push(
        `small target: ${name(element)} ${box.width.toFixed()} × ${box.height.toFixed()} ` +
          `beside ${name(near.element)}`,
      );
    }
  }

  // Headings: exactly one h1, and none without content below it.
  if (all("h1").filter(shown).length !== 1) flaws.push(`${all("h1").filter(shown).length} h1 headings`);
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
      flaws.push(`empty section: ${name(heading)}`);
  }

  // Line length: short enough to find the beginning of the next line.
  for (const paragraph of all("main p").filter(shown)) {
    const style = getComputedStyle(paragraph);
    const letter = parseFloat(style.fontSize) * 0.46;
    const widest = Math.max(
      0,
      ...lines.filter((line) => paragraph.contains(line.parent)).map((line) => line.box.width),
    );
    if (widest / letter > MAX_LINE_LENGTH)
      flaws.push(`long lines: ${(widest / letter).toFixed()} in ${name(paragraph)}`);
  }
  return [...new Set(flaws)];
};
