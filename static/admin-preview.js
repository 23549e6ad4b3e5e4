// Shows a live preview of the post beside its form, and what saving will do.

import { fetchJson, snapshot } from "./admin-form.js";

const PAUSE = 250; // milliseconds between a change and the request for the page
const SETTING = "weblog-preview";

/** Parses the page without scripts and embeds, which would run or load something on every keystroke. */
export function inertPage(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const script of page.querySelectorAll("script, meta[http-equiv]")) script.remove();
  for (const frame of page.querySelectorAll("iframe")) {
    const link = page.createElement("a");
    link.href = frame.src;
    link.textContent = interpolate(gettext("[Embedded: %s]"), [frame.title || frame.src]);
    frame.replaceWith(link);
  }
  // Requests for other sites' images must not reveal the admin's URL.
  page.head.append(
    Object.assign(page.createElement("meta"), {
      name: "referrer",
      content: "no-referrer",
    }),
  );
  // Links open in a new window, to not replace the preview.
  page.head.append(
    Object.assign(page.createElement("base"), {
      target: "_blank",
    }),
  );
  return page;
}

class Preview {
  constructor(section) {
    this.section = section;
    this.form = document.getElementById(section.dataset.form);
    this.frame = section.querySelector("iframe");
    this.status = section.querySelector("[role=status]");
    this.outcome = document.getElementById("outcome");
    this.switch = document.getElementById("preview-switch");
    this.listen();
    this.toggle(localStorage.getItem(SETTING) !== "hidden");
  }

  listen() {
    // Date pickers and other scripts change fields without events that bubble, so also check after clicks and keys.
    for (const type of ["input", "change", "click", "keyup", "writing:restored"]) {
      this.form.addEventListener(type, () => this.changed());
    }
    this.switch.hidden = false;
    this.switch.addEventListener("click", () => {
      this.toggle(this.section.hidden);
      localStorage.setItem(SETTING, this.section.hidden ? "hidden" : "shown");
    });
  }

  toggle(isShown) {
    this.section.hidden = !isShown;
    this.switch.setAttribute("aria-expanded", String(isShown));
    this.switch.textContent = isShown ? gettext("Hide preview") : gettext("Show preview");
    this.shown = undefined;
    this.changed();
  }

  /** Throttles refreshes: one request at a time, and the next soon after while the author is typing. */
  changed() {
    this.timer ??= setTimeout(() => this.refresh(), PAUSE);
  }

  async refresh() {
    const fields = JSON.stringify(snapshot(this.form));
    if (fields !== this.shown) {
      this.shown = fields;
      await this.load(new URLSearchParams(JSON.parse(fields)));
    }
    this.timer = undefined;
    if (JSON.stringify(snapshot(this.form)) !== this.shown) this.changed();
  }

  async load(body) {
    body.set("post", this.section.dataset.post);
    try {
      const result = await fetchJson(this.form, this.section.dataset.url, {
        method: "POST",
        body,
      });
      this.outcome.textContent = result.outcome;
      this.status.textContent = "";
      if (!this.section.hidden) this.show(inertPage(result.html));
    } catch (error) {
      this.status.textContent =
        error.status === 401
          ? gettext("You are logged out. Log in again to update the preview.")
          : gettext("Can't update the preview right now.");
    }
  }

  /** Updates the loaded page in place, to keep its scroll position. */
  show(page) {
    const shown = this.frame.contentDocument;
    if (this.isFilled && shown?.body) {
      shown.title = page.title;
      shown.body.className = page.body.className;
      if (shown.body.innerHTML !== page.body.innerHTML) shown.body.innerHTML = page.body.innerHTML;
      return;
    }
    this.frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
    this.frame.addEventListener(
      "load",
      () => {
        this.isFilled = true;
      },
      {
        once: true,
      },
    );
  }
}

for (const section of document.querySelectorAll("#preview")) new Preview(section);
