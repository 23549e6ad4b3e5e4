// Turns a tags field into chips with autocompletion. The field stays in the form as comma-separated text, so what
// is submitted is the same without this script.

import { editString, fold, parse, takeComplete, unique } from "./admin-tag-parsing.js";

const PAUSE = 150; // milliseconds without a keystroke before suggestions are fetched

function element(name, properties = {}, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

class TagInput {
  names = [];
  suggestions = [];
  active = -1;

  constructor(field) {
    this.field = field;
    this.build();
    this.add(parse(field.value), {
      isSilent: true,
    });
    this.listen();
  }

  build() {
    const { field } = this;
    const id = field.id || field.name;
    this.chips = element(
      "ul",
      {
        className: "tag-chips",
      },
      {
        role: "list",
      },
    );
    this.list = element(
      "ul",
      {
        className: "tag-suggestions",
        id: `${id}_suggestions`,
        hidden: true,
      },
      {
        role: "listbox",
        "aria-label": gettext("Suggestions"),
      },
    );
    this.entry = element(
      "input",
      {
        type: "text",
        id: `${id}_entry`,
        autocomplete: "off",
        spellcheck: false,
      },
      {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
        autocapitalize: "off",
      },
    );
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) this.entry.setAttribute(name, field.getAttribute(name));
    }
    this.status = element(
      "span",
      {
        className: "tag-status",
      },
      {
        role: "status",
      },
    );
    this.box = element(
      "div",
      {
        className: "tag-input",
      },
      {},
      this.chips,
      this.entry,
      this.list,
      this.status,
    );
    for (const label of Array.from(field.labels)) label.htmlFor = this.entry.id;
    field.type = "hidden";
    field.after(this.box);
  }

  listen() {
    this.entry.addEventListener("input", (event) => this.typed(event));
    this.entry.addEventListener("compositionend", () => this.typed({}));
    this.entry.addEventListener("keydown", (event) => this.pressed(event));
    this.entry.addEventListener("blur", () => this.finish());
    this.box.addEventListener("click", (event) => this.clicked(event));
    // Clicking a suggestion must not take the focus from the input: blur would add what is typed so far.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.field.form?.addEventListener("submit", () => this.finish());
    // FormData includes the tag that is still being typed.
    this.field.form?.addEventListener("formdata", (event) => this.addTyped(event.formData));
    this.field.addEventListener("change", () => this.reread());
  }

  typed(event) {
    if (event.isComposing) return;
    const [names, rest] = takeComplete(this.entry.value);
    if (names.length || /^[\s,]*$/.test(this.entry.value)) {
      this.entry.value = rest;
      this.add(names);
    }
    if (this.entry.value) this.activate(-1);
    else this.close();
    this.scheduleRequest();
  }

  pressed(event) {
    if (event.isComposing) return;
    const keys = {
      Enter: "enter",
      ArrowDown: "next",
      ArrowUp: "previous",
      Escape: "escape",
      Backspace: "erase",
    };
    if (event.key in keys && this[keys[event.key]]()) event.preventDefault();
  }

  /** Never submits the form, which could publish the post by accident. */
  enter() {
    if (this.active >= 0) this.choose(this.active);
    else this.finish();
    return true;
  }

  next() {
    return this.activate(this.active + 1);
  }

  previous() {
    return this.activate(this.active - 1);
  }

  escape() {
    const wasOpen = !this.list.hidden;
    this.close();
    return wasOpen;
  }

  erase() {
    if (this.entry.value || !this.names.length) return false;
    this.remove(this.names.at(-1));
    return true;
  }

  clicked(event) {
    const option = event.target.closest("[role=option]");
    const button = event.target.closest("button");
    if (option) this.choose([...this.list.children].indexOf(option));
    if (button) this.remove(this.names[[...this.chips.children].indexOf(button.parentElement)]);
    this.entry.focus();
  }

  /** Adds what is typed as one tag or several. */
  finish() {
    const text = this.entry.value;
    this.close();
    if (!text.trim()) return;
    const [names, rest] = takeComplete(`${text},`);
    this.entry.value = "";
    this.add([...names, ...parse(rest)]);
  }

  addTyped(data) {
    const typed = this.entry.value.trim();
    if (typed) data.set(this.field.name, [this.field.value, typed].filter(Boolean).join(", "));
  }

  choose(index) {
    const { name } = this.suggestions[index];
    this.entry.value = "";
    this.close();
    this.add([name]);
  }

  add(names, { isSilent = false } = {}) {
    const existing = new Set(this.names.map(fold));
    const added = unique(names).filter((name) => !existing.has(fold(name)));
    this.names.push(...added);
    this.chips.append(...added.map((name) => this.chip(name)));
    if (!isSilent) this.changed(added.length ? interpolate(gettext("Added %s."), [added.join(", ")]) : "");
  }

  remove(name) {
    const index = this.names.indexOf(name);
    this.names.splice(index, 1);
    this.chips.children[index].remove();
    this.changed(interpolate(gettext("Removed %s."), [name]));
  }

  chip(name) {
    const button = element(
      "button",
      {
        type: "button",
        textContent: "×",
      },
      {
        "aria-label": interpolate(gettext("Remove %s"), [name]),
      },
    );
    return element(
      "li",
      {},
      {},
      element("span", {
        textContent: name,
      }),
      button,
    );
  }

  /** Writes the names into the field, with the events that typing would fire, for other scripts. */
  changed(message) {
    this.status.textContent = message;
    const text = editString(this.names);
    if (text === this.field.value) return;
    this.field.value = text;
    for (const type of ["input", "change"])
      this.field.dispatchEvent(
        new Event(type, {
          bubbles: true,
        }),
      );
  }

  /** Rebuilds the chips if another script changed the field. */
  reread() {
    if (this.field.value === editString(this.names)) return;
    this.names = [];
    this.chips.replaceChildren();
    this.add(parse(this.field.value), {
      isSilent: true,
    });
  }

  scheduleRequest() {
    clearTimeout(this.pause);
    this.request?.abort();
    if (this.entry.value.trim()) this.pause = setTimeout(() => this.fetchSuggestions(), PAUSE);
  }

  async fetchSuggestions() {
    this.request = new AbortController();
    const url = `${this.field.dataset.tagSuggestions}?q=${encodeURIComponent(this.entry.value.trim())}`;
    try {
      const response = await fetch(url, {
        signal: this.request.signal,
      });
      const body = await response.json();
      if (response.ok) this.show(body.tags);
      else this.status.textContent = body.error;
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = gettext("Can't load suggestions right now.");
    }
  }

  show(tags) {
    const existing = new Set(this.names.map(fold));
    this.suggestions = tags.filter((tag) => !existing.has(fold(tag.name)));
    this.active = -1;
    this.list.replaceChildren(...this.suggestions.map((tag, index) => this.option(tag, index)));
    this.toggle(this.suggestions.length > 0);
    const number = this.suggestions.length;
    const sentence = ngettext("%s suggestion.", "%s suggestions.", number);
    this.status.textContent = number ? interpolate(sentence, [number]) : "";
  }

  option(tag, index) {
    const uses = element("span", {
      className: "tag-uses",
      textContent: tag.uses.toLocaleString(document.documentElement.lang),
    });
    const attributes = {
      role: "option",
      "aria-selected": "false",
    };
    return element(
      "li",
      {
        id: `${this.list.id}_${index}`,
      },
      attributes,
      `${tag.name} `,
      uses,
    );
  }

  /** Highlights the suggestion at the index, wrapping around. -1 is the typed text. */
  activate(index) {
    if (this.list.hidden) return false;
    const number = this.suggestions.length;
    this.active = index < -1 ? number - 1 : index >= number ? -1 : index;
    for (const [n, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(n === this.active));
      if (n === this.active)
        option.scrollIntoView({
          block: "nearest",
        });
    }
    if (this.active < 0) this.entry.removeAttribute("aria-activedescendant");
    else this.entry.setAttribute("aria-activedescendant", this.list.children[this.active].id);
    return true;
  }

  close() {
    clearTimeout(this.pause);
    this.request?.abort();
    this.active = -1;
    this.toggle(false);
  }

  toggle(isOpen) {
    this.list.hidden = !isOpen;
    this.entry.setAttribute("aria-expanded", String(isOpen));
    this.entry.removeAttribute("aria-activedescendant");
  }
}

for (const field of document.querySelectorAll("input[data-tag-suggestions]")) new TagInput(field);
