// Before a post is published, says what may have been forgotten, each point with a click to mend it.
// It asks once: whoever presses Save again, or cannot reach the server, saves.

import { ask, element, sending } from "./admin-form.js";

/** Where the words are in the text, nearest to where they were when it was looked at; -1 if they are gone. */
export function nearest(text, words, at) {
  let best = -1;
  for (let found = text.indexOf(words); found >= 0; found = text.indexOf(words, found + 1)) {
    if (best < 0 || Math.abs(found - at) < Math.abs(best - at)) best = found;
  }
  return best;
}

class PublishCheck {
  constructor(body) {
    this.form = body.form;
    this.url = body.dataset.publishCheck;
    const isPublic = "isPublic" in (document.querySelector("#unsaved")?.dataset ?? {});
    this.title = isPublic ? gettext("Before it is saved") : gettext("Before it is published");
    this.label = isPublic ? gettext("Save anyway") : gettext("Publish anyway");
    sending(this.form).steps.check = (button) => this.check(button);
    // Links are looked at while the author goes on writing: the answers are remembered on the server.
    this.form.addEventListener("change", (event) => {
      if (event.target.matches("input[type=url], textarea")) this.ask().catch(() => {});
    });
  }

  isDraft(button) {
    return this.form.elements.is_draft?.checked || button?.value === "draft";
  }

  /** Whether nothing was forgotten. */
  async check(button) {
    if (this.isPassed || this.isDraft(button)) return true;
    this.isPassed = true;
    this.open(button);
    let points = [];
    try {
      points = await this.ask();
    } catch {
      // Saving says what is wrong.
    }
    if (points.length) this.show(points);
    return !points.length;
  }

  async ask() {
    const values = Object.fromEntries(
      [...new FormData(this.form)].filter(([, value]) => typeof value === "string"),
    );
    const address = new URL(location.href);
    const { points } = await ask(this.form, this.url, {
      method: "POST",
      body: JSON.stringify({
        referrer: address.searchParams.get("referrer") ?? "",
        pk: /\/(\d+)\/change\/$/.exec(address.pathname)?.[1] ?? "",
        ...values,
        csrfmiddlewaretoken: undefined,
      }),
    });
    return points;
  }

  open(button) {
    this.status = element("span", {
      textContent: gettext("Looking for what may have been forgotten…"),
    });
    this.status.setAttribute("role", "status");
    this.heading = element(
      "h2",
      {
        tabIndex: -1,
      },
      this.status,
    );
    this.list = element("ul");
    const publish = element("button", {
      type: "button",
      className: "button default",
      textContent: this.label,
    });
    publish.addEventListener("click", () => this.form.requestSubmit(button?.isConnected ? button : null));
    this.box = element(
      "section",
      {
        className: "publish-check",
      },
      this.heading,
      this.list,
      publish,
    );
    this.box.setAttribute("aria-label", this.title);
    const row = button?.closest(".submit-row, .capture-buttons");
    if (row) row.before(this.box);
    else this.form.append(this.box);
  }

  show(points) {
    this.status.textContent = this.title;
    this.list.replaceChildren(...points.map((point) => this.item(point)));
    this.heading.focus();
    this.box.scrollIntoView({
      block: "nearest",
    });
  }

  item(point) {
    const item = element("li");
    const show = element("button", {
      type: "button",
      className: "publish-check-point",
      textContent: point.message,
    });
    show.addEventListener("click", () => this.select(point));
    item.append(show);
    if (point.mend) {
      const mend = element("button", {
        type: "button",
        className: "button",
        textContent: point.mend.label,
      });
      mend.addEventListener("click", () => {
        this.mend(point);
        item.replaceChildren(
          element("s", {
            textContent: point.message,
          }),
          ` ${gettext("Mended.")}`,
        );
        this.heading.focus();
      });
      item.append(" ", mend);
    }
    return item;
  }

  field(name) {
    const field = this.form.elements[name];
    const details = field?.closest("details");
    if (details) details.open = true;
    return field;
  }

  select(point) {
    const field = this.field(point.field);
    if (!field) return;
    const shown = field.type === "hidden" ? document.querySelector(`#${CSS.escape(field.id)}_entry`) : field;
    shown?.focus();
    if (!point.words || field.type === "hidden") return;
    const at = nearest(field.value, point.words, point.at);
    if (at >= 0) field.setSelectionRange(at, at + point.words.length);
  }

  mend(point) {
    const { field: name, text, replaces: old } = point.mend;
    const field = this.field(name);
    if (field.type === "hidden") return this.replaceTag(field, old, text);
    const at = old ? nearest(field.value, old, point.at) : 0;
    if (at < 0) return;
    field.focus();
    field.setSelectionRange(at, old ? at + old.length : field.value.length);
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text);
    field.dispatchEvent(
      new Event("input", {
        bubbles: true,
      }),
    );
  }

  /** As the author would: the one is removed, and the other typed. */
  replaceTag(field, old, name) {
    const box = field.nextElementSibling;
    const chip = [...box.querySelectorAll(".tag-chips li")].find(
      (chip) => chip.firstElementChild.textContent === old,
    );
    const entry = box.querySelector("input");
    chip?.querySelector("button").click();
    entry.value = `${/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name},`;
    entry.dispatchEvent(
      new Event("input", {
        bubbles: true,
      }),
    );
  }
}

for (const body of document.querySelectorAll("textarea[data-publish-check]")) new PublishCheck(body);
