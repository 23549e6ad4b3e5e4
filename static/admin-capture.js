// The capture form: recomposes the text when the kind changes, fills in empty fields from the page's metadata, and
// adds keyboard shortcuts. Without this script the server recomposes the text, and the author types the rest.

import { carry, compose } from "./admin-captured-text.js";

const PAUSE = 600; // milliseconds without a keystroke before the page is fetched

const form = document.querySelector("#capture");
const fields = form.elements;
const kinds = [...form.querySelectorAll("input[name=kind]")];

// The text of the post

/** The text that the form composes for a kind. */
function composeFor(kind) {
  const { style } = kinds.find((radio) => radio.value === kind).dataset;
  return compose(style, fields.selection.value, fields.url.value, fields.title.value);
}

let composed = composeFor(fields.shown_as.value);

/** Recomposes the text after a change of kind, URL or title. What the author typed stays. */
function recompose() {
  const old = composed;
  composed = composeFor(fields.kind.value);
  fields.shown_as.value = fields.kind.value;
  const text = carry(fields.text.value, old, composed);
  if (text !== fields.text.value) fields.text.value = text;
}

// The page's metadata, and earlier posts about it

async function fetchJson(path, parameters) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

const fetched = form.querySelector(".capture-fetched");
const canonical = form.querySelector(".capture-canonical");
const description = form.querySelector(".capture-description");
const fillable = {
  title: gettext("title"),
  author: gettext("author"),
};

function currentUrl() {
  const url = fields.url.value.trim();
  return /^https?:\/\/[^/]/i.test(url) ? url : "";
}

function offerCanonical(url) {
  canonical.hidden = !url;
  canonical.querySelector("span").textContent = url ?? "";
}

function fillIn(metadata) {
  const filled = Object.keys(fillable).filter((name) => metadata[name] && !fields[name].value.trim());
  for (const name of filled) fields[name].value = metadata[name];
  if (metadata.canonical) offerCanonical(metadata.canonical);
  if (description.hidden) {
    description.textContent = [metadata.site, metadata.description].filter(Boolean).join(": ");
    description.hidden = !description.textContent;
  }
  if (filled.length) recompose();
  return filled;
}

async function readPage(url) {
  if (Object.keys(fillable).every((name) => fields[name].value.trim())) return;
  fetched.textContent = gettext("Fetching the page…");
  let message;
  try {
    const metadata = await fetchJson(form.dataset.fetch, {
      url,
    });
    if (url !== currentUrl()) return;
    if (metadata.problem) message = interpolate(gettext("Can't read the page. %s"), [metadata.problem]);
    else {
      const filled = fillIn(metadata);
      const names = filled.map((name) => fillable[name]).join(", ");
      message = filled.length ? interpolate(gettext("Filled in from the page: %s."), [names]) : "";
    }
    if (metadata.canonical) showEarlier(url, metadata.canonical);
  } catch (error) {
    message = interpolate(gettext("Can't read the page. %s"), [error.message]);
  }
  fetched.textContent = message;
}

async function showEarlier(url, other = "") {
  try {
    const { html } = await fetchJson(form.dataset.earlier, {
      url,
      canonical: other,
    });
    if (url === currentUrl()) form.querySelector(".capture-earlier").innerHTML = html;
  } catch {
    // The form works without the list.
  }
}

let lastUrl = currentUrl();

function urlChanged() {
  const url = currentUrl();
  if (url === lastUrl) return;
  lastUrl = url;
  offerCanonical("");
  description.hidden = true;
  fetched.textContent = "";
  if (!url) return;
  readPageAndCheckLinks(url);
  showEarlier(url);
}

let pause;
fields.url.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(urlChanged, PAUSE);
});
for (const name of ["url", "title"]) fields[name].addEventListener("change", recompose);
canonical.querySelector("button").addEventListener("click", () => {
  fields.url.value = canonical.querySelector("span").textContent;
  lastUrl = currentUrl();
  offerCanonical("");
  recompose();
  fields.url.focus();
});

// Keyboard shortcuts

const keys = {
  Enter: "publish",
  s: "draft",
};

function keyPressed(event) {
  const digit = /^Digit([1-9])$/.exec(event.code);
  const save = keys[event.key === "S" ? "s" : event.key];
  if (event.altKey && !event.ctrlKey && !event.metaKey && digit && kinds[digit[1] - 1]) {
    event.preventDefault();
    kinds[digit[1] - 1].checked = true;
    recompose();
  } else if ((event.ctrlKey || event.metaKey) && !event.altKey && save) {
    event.preventDefault();
    form.requestSubmit(form.querySelector(`button[value=${save}]`));
  }
}

document.addEventListener("keydown", keyPressed);
for (const kind of kinds) kind.addEventListener("change", recompose);

async function readPageAndCheckLinks(url) {
  await readPage(url);
  // Triggers the publish check's link check while the author writes. The server has cached the page's own status.
  fields.url.dispatchEvent(
    new Event("change", {
      bubbles: true,
    }),
  );
}

if (lastUrl) readPageAndCheckLinks(lastUrl);
if (/Mac|iP/.test(navigator.platform)) {
  for (const key of form.querySelectorAll("kbd")) {
    key.textContent = key.textContent.replace("Ctrl", "⌘").replace("Alt", "⌥");
  }
}
