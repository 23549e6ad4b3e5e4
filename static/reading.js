// Reading aids: keyboard scrolling of wide elements, copy buttons for code, links to headings, videos that load on
// click, and galleries. Without this script, posts still have all their text, links and images.

const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}");

/** The elements with authors' content. */
const CONTENT = ":is(.e-content, .description)";

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

function make(tag, attributes) {
  return Object.assign(document.createElement(tag), attributes);
}

/** Makes elements that overflow focusable, so that the keyboard scrolls them in every browser. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function addCopyButton(code) {
  const box = make("div", {
    className: "boxed",
  });
  const button = make("button", {
    type: "button",
    textContent: messages.copy,
  });
  code.replaceWith(box);
  box.append(code, button);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
      button.textContent = messages.copied;
    } catch {
      button.textContent = messages.notCopied;
    }
    setTimeout(() => {
      button.textContent = messages.copy;
    }, 2000);
  });
}

function addHeadingLink(heading) {
  const link = make("a", {
    className: "anchor",
    href: `#${heading.id}`,
    textContent: "#",
  });
  link.setAttribute("aria-label", messages.section.replace("%", heading.textContent));
  heading.append(" ", link);
}

/** The frame is sandboxed: it may play and open windows, but neither navigate the page nor download. */
function play(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.currentTarget;
  const source = new URL(link.dataset.src, location);
  if (source.protocol !== "https:") return;
  event.preventDefault();
  if (/youtube|vimeo/.test(source.host)) source.searchParams.set("autoplay", "1");
  const frame = make("iframe", {
    title: link.textContent,
    allow: "autoplay; fullscreen; picture-in-picture",
    referrerPolicy: "strict-origin-when-cross-origin",
  });
  frame.sandbox =
    "allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation " +
    "allow-same-origin allow-scripts";
  frame.src = source.href;
  const { width, height } = link.dataset;
  if (width > 0 && height > 0) frame.style.aspectRatio = `${width} / ${height}`;
  link.replaceWith(frame);
  frame.focus();
}

each(`${CONTENT} pre`, (code) => {
  if (navigator.clipboard) addCopyButton(code);
});
each(`${CONTENT} :is(pre, table)`, (wide) => sizes.observe(wide));
each(".full .e-content :is(h2, h3, h4, h5, h6)[id]", addHeadingLink);
each("a.embed[data-src]", (link) => link.addEventListener("click", play));

if (document.querySelector("image-gallery, captioned-image-gallery")) {
  const module = document.querySelector("[data-gallery]").dataset.gallery;
  import(module).then((gallery) => gallery.start(messages)).catch(() => {}); // the images are still links
}
