// The capture form: the text follows the kind, the page fills in what is empty, keys do it all. Without this
// script the server does the first, and the rest is typed.

const PAUSE = 600; // milliseconds without a key, after which an address is looked at

const form = document.querySelector("#capture");
const fields = form.elements;
const kinds = [...form.querySelectorAll("input[name=kind]")];

// What the kinds make of the page

/** Plain text as Markdown that shows it to the letter, as the server writes it. */
function asMarkdown(text) {
  return text.replace(
    /[\\`*[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[/!?a-z])|&(?=#?\w+;)|^[#>](?=\s|>|#)/gim,
    (mark) =>
      ({
        "<": "&lt;",
        "&": "&amp;",
      })[mark] ?? `\\${mark}`,
  );
}

function compose(kind) {
  const selection = fields.selection.value;
  if (kind === "quotation") return selection;
  const quotation = selection
    ? selection
        .split("\n")
        .map((line) => `> ${line}`.trimEnd())
        .join("\n")
    : "";
  const url = fields.url.value.trim();
  if (kind !== "note" || !url) return quotation;
  const target = url.replace(/[()<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [`[${asMarkdown(fields.title.value.trim() || url)}](${target})`, quotation]
    .filter(Boolean)
    .join("\n\n");
}

let composed = compose(fields.shown_as.value);

/** Replaces what the last kind, or the last title, had put into the text; what was typed stays. */
function carry() {
  const chosen = fields.kind.value;
  const old = composed;
  composed = compose(chosen);
  fields.shown_as.value = chosen;
  if (old === composed) return;
  const { value } = fields.text;
  if (old && value.includes(old)) fields.text.value = value.replace(old, () => composed).trim();
  else if (!old) fields.text.value = [composed, value].filter(Boolean).join("\n\n");
}

// What the page says of itself, and what was linked before

async function ask(path, parameters) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

const fetched = form.querySelector(".capture-fetched");
const canonical = form.querySelector(".capture-canonical");
const description = form.querySelector(".capture-description");
const fillable = {
  title: gettext("title"),
  author: gettext("author"),
};

function address() {
  const url = fields.url.value.trim();
  return /^https?:\/\/[^/]/i.test(url) ? url : "";
}

function offerCanonical(url) {
  canonical.hidden = !url;
  canonical.querySelector("span").textContent = url ?? "";
}

function fill(facts) {
  const filled = Object.keys(fillable).filter((name) => facts[name] && !fields[name].value.trim());
  for (const name of filled) fields[name].value = facts[name];
  if (facts.canonical) offerCanonical(facts.canonical);
  if (description.hidden) {
    description.textContent = [facts.site, facts.description].filter(Boolean).join(": ");
    description.hidden = !description.textContent;
  }
  if (filled.length) carry();
  return filled;
}

async function readPage(url) {
  if (Object.keys(fillable).every((name) => fields[name].value.trim())) return;
  fetched.textContent = gettext("Asking the page for its title …");
  let message;
  try {
    const facts = await ask(form.dataset.fetch, {
      url,
    });
    if (url !== address()) return;
    if (facts.problem) message = interpolate(gettext("The page could not be read. %s"), [facts.problem]);
    else {
      const filled = fill(facts);
      const names = filled.map((name) => fillable[name]).join(", ");
      message = filled.length ? interpolate(gettext("Filled in from the page: %s."), [names]) : "";
    }
    if (facts.canonical) showEarlier(url, facts.canonical);
  } catch (error) {
    message = interpolate(gettext("The page could not be read. %s"), [error.message]);
  }
  fetched.textContent = message;
}

async function showEarlier(url, other = "") {
  try {
    const { html } = await ask(form.dataset.earlier, {
      url,
      canonical: other,
    });
    if (url === address()) form.querySelector(".capture-earlier").innerHTML = html;
  } catch {
    // It is a help, and the form works without.
  }
}

let looked = address();

function lookAtAddress() {
  const url = address();
  if (url === looked) return;
  looked = url;
  offerCanonical("");
  description.hidden = true;
  fetched.textContent = "";
  if (!url) return;
  lookAtAll(url);
  showEarlier(url);
}

let pause;
fields.url.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(lookAtAddress, PAUSE);
});
for (const name of ["url", "title"]) fields[name].addEventListener("change", carry);
canonical.querySelector("button").addEventListener("click", () => {
  fields.url.value = canonical.querySelector("span").textContent;
  looked = address();
  offerCanonical("");
  carry();
  fields.url.focus();
});

// Keys

const keys = {
  Enter: "publish",
  s: "draft",
};

function press(event) {
  const digit = /^Digit([1-9])$/.exec(event.code);
  const save = keys[event.key === "S" ? "s" : event.key];
  if (event.altKey && !event.ctrlKey && !event.metaKey && digit && kinds[digit[1] - 1]) {
    event.preventDefault();
    kinds[digit[1] - 1].checked = true;
    carry();
  } else if ((event.ctrlKey || event.metaKey) && !event.altKey && save) {
    event.preventDefault();
    form.requestSubmit(form.querySelector(`button[value=${save}]`));
  }
}

document.addEventListener("keydown", press);
for (const kind of kinds) kind.addEventListener("change", carry);

async function lookAtAll(url) {
  await readPage(url);
  // Whether the links lead anywhere is asked while the author writes; of the page itself it is known by now.
  fields.url.dispatchEvent(
    new Event("change", {
      bubbles: true,
    }),
  );
}

if (looked) lookAtAll(looked);
if (/Mac|iP/.test(navigator.platform)) {
  for (const key of form.querySelectorAll("kbd")) {
    key.textContent = key.textContent.replace("Ctrl", "⌘").replace("Alt", "⌥");
  }
}
