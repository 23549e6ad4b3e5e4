// Stores what is typed into the capture form in this browser until it is saved, and offers to restore it.

import { submissionOf, snapshot } from "./admin-form.js";
import { LocalCopies, clock, fill, newToken } from "./admin-unsaved.js";

const PREFIX = "weblog-unsent:";
const SUBMITTED = "weblog-capture"; // the key in sessionStorage for the name of the copy being submitted
const RETRY = 3000; // milliseconds
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;

class Unsent {
  isTyped = false;

  constructor(form) {
    this.form = form;
    this.state = document.querySelector("#capture-state");
    this.section = document.querySelector("#unsent");
    this.local = new LocalCopies(`${PREFIX}${form.dataset.author}:`);
    // A form that was returned with errors continues its copy, whoever is logged in now.
    this.name =
      ("isBound" in form.dataset && sessionStorage.getItem(SUBMITTED)) || this.local.prefix + newToken();
    this.lastFields = this.fields();
    this.submission = submissionOf(form);
    this.submission.steps.storeText = (button) => this.storeBeforeSubmitting(button);
    form.addEventListener("input", ({ target }) => {
      this.isTyped ||= !target.matches("[type=radio]");
    });
    for (const type of ["input", "change", "click", "keyup"])
      form.addEventListener(type, () => this.storeChanges());
    if (!("isBound" in form.dataset)) this.offerAll();
  }

  fields() {
    return JSON.stringify(snapshot(this.form).filter(([name]) => name !== "popup"));
  }

  storeChanges() {
    const fields = this.fields();
    if (!this.isTyped || fields === this.lastFields || this.submission.isSubmitted) return;
    this.lastFields = fields;
    clearTimeout(this.timer); // a text that is being edited again must not be submitted automatically
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
      this.state.textContent = gettext("This browser can't store your text. Save before you leave the page.");
    }
  }

  /** Checks that the server responds before the form is submitted: the browser's error page would replace the text. */
  async storeBeforeSubmitting(button) {
    this.storeChanges();
    clearTimeout(this.timer);
    sessionStorage.setItem(SUBMITTED, this.name);
    try {
      await fetch(this.form.dataset.earlier);
    } catch {
      this.state.textContent = gettext(
        "Can't reach the server. Your text is stored in this browser and will be sent as soon as possible.",
      );
      this.timer = setTimeout(() => this.submission.start(button), RETRY);
      return false;
    }
    this.state.textContent = "";
    return true;
  }

  offerAll() {
    const copies = this.local.all().sort(([, one], [, other]) => other.time - one.time);
    for (const [token, copy] of copies) {
      if (Date.now() - copy.time > MAX_AGE) this.local.remove(token);
      else this.offer(token, copy);
    }
  }

  offer(token, copy) {
    const values = Object.fromEntries(copy.fields);
    const excerpt = (values.text || values.title || values.url || "").replace(/\s+/g, " ").slice(0, 80);
    const moment = new Date(copy.time);
    const item = document.createElement("li");
    const parts = [clock(moment), moment.toLocaleDateString(document.documentElement.lang), excerpt];
    item.append(interpolate(gettext("Unsent text from %s, %s: “%s”"), parts), " ");
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

  /** Loads the copy into the form. What was typed so far stays stored under its own name. */
  restore(token, copy) {
    this.storeChanges();
    this.name = this.local.prefix + token;
    fill(this.form, copy.fields);
    this.isTyped = true;
    this.form.elements.url.dispatchEvent(new Event("input"));
    this.form.elements.text.focus();
  }
}

new Unsent(document.querySelector("#capture"));
