// Keeps what is typed into the capture form in this browser until it is sent, and offers what never was.

import { sending, snapshot } from "./admin-form.js";
import { LocalCopies, clock, fill, newToken } from "./admin-unsaved.js";

const PREFIX = "weblog-unsent:";
const SENT = "weblog-capture"; // in this window: the name of the copy of what is being sent
const RETRY = 3000;
const KEPT = 30 * 24 * 60 * 60 * 1000;

class Unsent {
  isTyped = false;

  constructor(form) {
    this.form = form;
    this.state = document.querySelector("#capture-state");
    this.section = document.querySelector("#unsent");
    this.local = new LocalCopies(`${PREFIX}${form.dataset.author}:`);
    // A form that came back goes on with its copy, whoever is logged in now.
    this.name = ("isBound" in form.dataset && sessionStorage.getItem(SENT)) || this.local.prefix + newToken();
    this.noted = this.fields();
    this.sending = sending(form);
    this.sending.steps.keep = (button) => this.keep(button);
    form.addEventListener("input", ({ target }) => {
      this.isTyped ||= !target.matches("[type=radio]");
    });
    for (const type of ["input", "change", "click", "keyup"]) form.addEventListener(type, () => this.look());
    if (!("isBound" in form.dataset)) this.offerAll();
  }

  fields() {
    return JSON.stringify(snapshot(this.form).filter(([name]) => name !== "popup"));
  }

  look() {
    const fields = this.fields();
    if (!this.isTyped || fields === this.noted || this.sending.isSent) return;
    this.noted = fields;
    clearTimeout(this.timer); // a text that is still being changed is not sent behind its author's back
    this.state.textContent = "";
    try {
      localStorage.setItem(
        this.name,
        JSON.stringify({
          fields: JSON.parse(fields),
          time: Date.now(),
        }),
      );
    } catch {
      this.state.textContent = gettext("This browser keeps no copy of what you type.");
    }
  }

  /** Whether the server is there: its own page to say that it is not would cost the text. */
  async keep(button) {
    this.look();
    clearTimeout(this.timer);
    sessionStorage.setItem(SENT, this.name);
    try {
      await fetch(this.form.dataset.earlier);
    } catch {
      this.state.textContent = gettext(
        "The server cannot be reached. This will be sent as soon as that is possible.",
      );
      this.timer = setTimeout(() => this.sending.start(button), RETRY);
      return false;
    }
    this.state.textContent = "";
    return true;
  }

  offerAll() {
    const copies = this.local.all().sort(([, one], [, other]) => other.time - one.time);
    for (const [token, copy] of copies) {
      if (Date.now() - copy.time > KEPT) this.local.remove(token);
      else this.offer(token, copy);
    }
  }

  offer(token, copy) {
    const values = Object.fromEntries(copy.fields);
    const words = (values.text || values.title || values.url || "").replace(/\s+/g, " ").slice(0, 80);
    const moment = new Date(copy.time);
    const item = document.createElement("li");
    const told = [clock(moment), moment.toLocaleDateString(document.documentElement.lang), words];
    item.append(interpolate(gettext("Not sent, from %s, %s: “%s”"), told), " ");
    this.button(item, gettext("Restore"), () => this.restore(token, copy));
    this.button(item, gettext("Discard"), () => this.local.remove(token));
    this.list ??= this.section.appendChild(document.createElement("ul"));
    this.list.append(item);
    this.section.hidden = false;
  }

  button(item, label, action) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "button",
      textContent: label,
    });
    button.addEventListener("click", () => {
      action();
      item.remove();
      this.section.hidden = !this.section.querySelector("li");
    });
    item.append(button, " ");
  }

  /** What was typed until now stays under its own name. */
  restore(token, copy) {
    this.look();
    this.name = this.local.prefix + token;
    fill(this.form, copy.fields);
    this.isTyped = true;
    this.form.elements.url.dispatchEvent(new Event("input"));
    this.form.elements.text.focus();
  }
}

new Unsent(document.querySelector("#capture"));
