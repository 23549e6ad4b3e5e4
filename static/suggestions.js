// Tags and posts for what is being typed into a search box: the list under it is a listbox,
// the box its combobox (ARIA 1.2, section 5.3). Without this script the box still searches.

const PAUSE = 150;

function option(label, url, note, index) {
  const link = document.createElement("a");
  link.href = url;
  link.id = `suggestion-${index}`;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  link.tabIndex = -1;
  link.textContent = label;
  if (note) {
    const number = document.createElement("span");
    number.className = "count";
    number.textContent = ` ${note}`;
    link.append(number);
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
    box.addEventListener("input", () => this.wait());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => setTimeout(() => this.close(), PAUSE));
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const text = this.box.value.trim();
    this.request?.abort();
    if (text.length < 2) {
      this.close();
      return;
    }
    this.request = new AbortController();
    const address = `${this.box.dataset.suggestions}?q=${encodeURIComponent(text)}`;
    try {
      const response = await fetch(address, {
        signal: this.request.signal,
      });
      if (response.ok) {
        this.show(await response.json());
      }
    } catch {
      // Aborted by more typing, or no network: the box works without.
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

  /** An answer that is still to come is not waited for. */
  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.open(false);
  }

  key(event) {
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

  /** To the next suggestion or the one before; past either end lies the box itself. */
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
