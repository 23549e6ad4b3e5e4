// Saves working copies of the form: to the server after each pause, and in this browser until the server has them.

import { fetchJson, submissionOf, snapshot } from "./admin-form.js";

const PAUSE = 1500; // milliseconds without a change before the copy is sent to the server
const RETRY = 3000; // milliseconds
const PREFIX = "weblog-unsaved:";
const REASONS = {
  403: gettext("not allowed"),
  413: gettext("too large"),
};

/** One author's copies in this browser's localStorage, by the token of their form. */
export class LocalCopies {
  constructor(prefix) {
    this.prefix = prefix;
  }

  put(token, copy) {
    localStorage.setItem(this.prefix + token, JSON.stringify(copy));
  }

  remove(token) {
    localStorage.removeItem(this.prefix + token);
  }

  all() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => [key.slice(this.prefix.length), JSON.parse(localStorage.getItem(key))]);
  }
}

export function newToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}

export function clock(moment) {
  return moment.toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** Fills the form with a copy's fields. Checkboxes that are not among them are unchecked. */
export function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const own = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = own.includes(control.value);
    else if (!own.length) continue;
    else if (control.options)
      for (const option of control.options) option.selected = own.includes(option.value);
    else control.value = own.shift();
    control.dispatchEvent(new Event("change"));
  }
}

class Unsaved {
  queue = Promise.resolve();

  constructor(section) {
    this.section = section;
    this.data = section.dataset;
    this.form = section.closest("form");
    this.offers = section.appendChild(document.createElement("ul"));
    this.state = document.getElementById("writing-state");
    this.local = new LocalCopies(`${PREFIX}${this.data.author}:`);
    this.lastFields = JSON.stringify(snapshot(this.form));
    // A form returned with errors has text that is not in any post.
    this.initial = "isBound" in this.data ? "" : this.lastFields;
    this.submission = submissionOf(this.form);
    this.listen();
    if (!this.initial) this.store();
    this.catchUp();
  }

  get token() {
    return this.form.querySelector("[name=copy]").value;
  }

  listen() {
    for (const type of ["input", "change", "click", "keyup"]) {
      this.form.addEventListener(type, () => this.storeChanges());
    }
    this.submission.steps.storeText = (button) => this.storeBeforeSubmitting(button);
    for (const type of ["online", "focus"]) addEventListener(type, () => this.isWaiting && this.save());
    addEventListener("pagehide", () => this.storeChanges());
  }

  storeChanges() {
    const fields = JSON.stringify(snapshot(this.form));
    if (fields === this.lastFields || this.submission.isSubmitted) return;
    this.lastFields = fields;
    this.pending = undefined; // a text that is being edited again must not be published automatically
    this.store();
  }

  /** Stores the copy in this browser at once, and on the server after a pause. */
  store() {
    try {
      this.local.put(this.token, this.copy());
      this.isLocal = true;
    } catch {
      this.isLocal = false; // storage is full or disabled
    }
    this.schedule(PAUSE);
  }

  copy() {
    return {
      url: this.data.url,
      post: this.data.post,
      version: this.form.elements.version.value,
      fields: JSON.parse(this.lastFields),
      time: Date.now(),
    };
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** Sends the copy after any request under way. Resolves to whether the form may be submitted. */
  save() {
    this.queue = this.queue.then(() => this.send());
    return this.queue;
  }

  async send() {
    clearTimeout(this.timer);
    if (this.submission.isSubmitted) return true;
    const sent = this.lastFields;
    try {
      await this.upload(this.token, this.copy());
    } catch (error) {
      this.failed(error);
      return error.status >= 400 && error.status < 500 && error.status !== 401;
    }
    const wasWaiting = this.isWaiting;
    this.isWaiting = false;
    if (this.lastFields !== sent) return this.send();
    this.local.remove(this.token);
    this.state.textContent = interpolate(gettext("Unsaved changes stored on the server, %s."), [
      clock(new Date()),
    ]);
    if (wasWaiting && this.pending) this.submission.start(this.pending.button);
    return true;
  }

  upload(token, { url, time, ...copy }) {
    const body = JSON.stringify({
      token,
      age: (Date.now() - time) / 1000,
      ...copy,
    });
    return fetchJson(this.form, url, {
      method: "POST",
      body,
    });
  }

  failed(error) {
    const where = this.isLocal
      ? gettext("Your text is kept in this browser.")
      : gettext("This browser can't store it either. Copy your text to be safe.");
    const then = this.pending ? ` ${gettext("It will be saved as soon as possible.")}` : "";
    this.isWaiting = true;
    if (error.status === 401) {
      const link = Object.assign(document.createElement("a"), {
        href: this.data.login,
        target: "_blank",
        textContent: gettext("Log in in a new window"),
      });
      this.say(gettext("You are logged out."), " ", where, then, " ", link);
      this.schedule(RETRY);
    } else if (error.status >= 400 && error.status < 500) {
      const reason = REASONS[error.status] ? `${error.status}: ${REASONS[error.status]}` : error.status;
      this.say(interpolate(gettext("The server refused the save (%s)."), [reason]), " ", where);
    } else {
      this.say(gettext("Can't reach the server."), " ", where, then);
      this.schedule(RETRY);
    }
  }

  say(...parts) {
    const message = document.createElement("span");
    message.append(...parts);
    // An unchanged message stays, so that its link keeps the focus and screen readers don't repeat it.
    if (message.textContent !== this.state.textContent) this.state.replaceChildren(message);
  }

  /** Stores the text on the server before submitting, in case the submission ends on the login page. */
  async storeBeforeSubmitting(button) {
    this.storeChanges();
    this.pending = {
      button,
    };
    this.store();
    const maySubmit = await this.save();
    if (maySubmit) this.pending = undefined;
    return maySubmit;
  }

  /** Uploads the copies that other windows left in this browser, then offers all copies of this form. */
  async catchUp() {
    for (const [token, copy] of this.local.all()) {
      if (token === this.token) continue;
      try {
        await this.upload(token, copy);
        this.local.remove(token);
      } catch {
        continue; // the next form will retry
      }
    }
    try {
      const url = `${this.data.url}?post=${encodeURIComponent(this.data.post)}`;
      const { copies } = await fetchJson(this.form, url);
      for (const copy of copies.filter((copy) => copy.token !== this.token)) this.offer(copy);
    } catch {
      this.say(gettext("Can't check for unsaved text right now."));
    }
  }

  offer({ token, saved, excerpt }) {
    const item = document.createElement("li");
    const moment = new Date(saved);
    const text = document.createElement("span");
    const parts = [clock(moment), moment.toLocaleDateString(document.documentElement.lang), excerpt];
    text.textContent = interpolate(gettext("Unsaved text from %s, %s: “%s”"), parts);
    item.append(text, " ");
    for (const [label, action] of [
      [gettext("Restore"), () => this.restore(token)],
      [gettext("Discard"), () => this.discard(token)],
    ]) {
      const button = document.createElement("button");
      Object.assign(button, {
        type: "button",
        className: "button",
        textContent: label,
      });
      button.addEventListener("click", async () => {
        try {
          await action();
          item.remove();
          this.section.hidden = !this.section.querySelector("li");
        } catch {
          this.say(gettext("That didn't work. Try again in a while."));
        }
      });
      item.append(button, " ");
    }
    this.offers.append(item);
    this.section.hidden = false;
  }

  copyUrl(token) {
    return `${this.data.url}${encodeURIComponent(token)}/`;
  }

  /** Loads the copy into the form. What was typed so far stays on the server under its own token. */
  async restore(token) {
    const copy = await fetchJson(this.form, this.copyUrl(token));
    this.storeChanges();
    const own = this.form.querySelector("[name=copy]");
    if (this.lastFields !== this.initial) {
      await this.save();
      own.value = newToken();
    }
    const restored = own.cloneNode();
    restored.value = token;
    own.after(restored);
    if (copy.version) this.form.elements.version.value = copy.version;
    fill(this.form, copy.fields);
    this.storeChanges();
    this.form.dispatchEvent(new Event("writing:restored"));
  }

  discard(token) {
    return fetchJson(this.form, this.copyUrl(token), {
      method: "DELETE",
    });
  }
}

for (const section of document.querySelectorAll("#unsaved")) new Unsaved(section);
