// What helps reading a post: keys for what is wide, buttons that copy code, links to headings, films that load
// when they are asked for, and galleries. Without this script posts have all their texts, links and pictures.

const words = JSON.parse(document.getElementById("messages")?.textContent ?? "{}");

/** Where authors write. */
const TEXTS = ":is(.e-content, .description)";

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

function make(tag, attributes) {
  return Object.assign(document.createElement(tag), attributes);
}

/** What is wider than the text can be scrolled with the keyboard in every browser. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function offerCopy(code) {
  const box = make("div", {
    className: "boxed",
  });
  const button = make("button", {
    type: "button",
    textContent: words.copy,
  });
  code.replaceWith(box);
  box.append(code, button);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
      button.textContent = words.copied;
    } catch {
      button.textContent = words.notCopied;
    }
    setTimeout(() => {
      button.textContent = words.copy;
    }, 2000);
  });
}

function linkHeading(heading) {
  const link = make("a", {
    className: "anchor",
    href: `#${heading.id}`,
    textContent: "#",
  });
  link.setAttribute("aria-label", words.section.replace("%", heading.textContent));
  heading.append(" ", link);
}

/** The frame is locked in: it may play and open windows, but neither navigate the page nor download. */
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

each(`${TEXTS} pre`, (code) => {
  if (navigator.clipboard) offerCopy(code);
});
each(`${TEXTS} :is(pre, table)`, (wide) => sizes.observe(wide));
each(".full .e-content :is(h2, h3, h4, h5, h6)[id]", linkHeading);
each("a.embed[data-src]", (link) => link.addEventListener("click", play));

if (document.querySelector("image-gallery, captioned-image-gallery")) {
  const module = document.querySelector("[data-gallery]").dataset.gallery;
  import(module).then((gallery) => gallery.start(words)).catch(() => {}); // the pictures are there all the same
}
