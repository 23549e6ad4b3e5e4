// Suggests tags and posts while you type into a search box: a combobox with a listbox (ARIA 1.2, section 5.3).
// Without this script, the box still searches.

const DELAY = 150; // milliseconds

function option(label, url, number, index) {
  const link = document.createElement("a");
  link.href = url;
  link.id = `suggestion-${index}`;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  link.tabIndex = -1;
  link.textContent = label;
  if (number) {
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = ` ${number}`;
    link.append(count);
  }
  return link;
}

class Suggestions {
  constructor(box) {
    this.box = box;
    this.list = document.createElement("div");
    this.list.id = "suggestions";
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", box.getAttribute("aria-label"));
    box.after(this.list);
    box.autocomplete = "off";
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this.schedule());
    box.addEventListener("keydown", (event) => this.onKeyDown(event));
    box.addEventListener("blur", () => setTimeout(() => this.close(), DELAY));
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), DELAY);
  }

  async load() {
    const text = this.box.value.trim();
    this.request?.abort();
    if (text.length < 2) {
      this.close();
      return;
    }
    this.request = new AbortController();
    const url = `${this.box.dataset.suggestions}?q=${encodeURIComponent(text)}`;
    try {
      const response = await fetch(url, {
        signal: this.request.signal,
      });
      if (response.ok) {
        this.show(await response.json());
      }
    } catch {
      // Aborted by more typing, or offline: the box works without suggestions.
    }
  }

  show({ tags, posts }) {
    const found = [...tags, ...posts].map((item, index) => option(item.label, item.url, item.number, index));
    this.list.replaceChildren(...found);
    this.current = -1;
    this.open(found.length > 0);
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  /** Also aborts a pending request. */
  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
  }

  onKeyDown(event) {
    const options = [...this.list.children];
    if (event.key === "Escape") {
      if (!this.list.hidden) event.preventDefault();
      this.close();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && !this.list.hidden) {
      event.preventDefault();
      this.move(options, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden && this.current >= 0) {
      event.preventDefault();
      options[this.current].click();
    }
  }

  /** Move to the next or previous suggestion. Past either end, the focus returns to the box. */
  move(options, by) {
    options[this.current]?.setAttribute("aria-selected", "false");
    this.current += by;
    if (this.current < -1) this.current = options.length - 1;
    if (this.current >= options.length) this.current = -1;
    if (this.current < 0) {
      this.box.removeAttribute("aria-activedescendant");
      return;
    }
    options[this.current].setAttribute("aria-selected", "true");
    this.box.setAttribute("aria-activedescendant", options[this.current].id);
  }
}

const box = document.querySelector("input[data-suggestions]");
if (box) {
  new Suggestions(box);
}
