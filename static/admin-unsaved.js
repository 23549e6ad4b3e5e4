// Keeps what is typed: on the server after each pause, and in this browser until the server has it.

import { ask, sending, snapshot } from "./admin-form.js";

const PAUSE = 1500; // milliseconds without a change, after which the server is given the text
const RETRY = 3000;
const PREFIX = "weblog-unsaved:";

/** The texts of one author that this browser holds, by the token of their forms. */
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

/** Fill the form with a copy's fields. A box that is not among them is not ticked. */
export function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const those = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = those.includes(control.value);
    else if (!those.length) continue;
    else if (control.options)
      for (const option of control.options) option.selected = those.includes(option.value);
    else control.value = those.shift();
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
    this.noted = JSON.stringify(snapshot(this.form));
    // A form that was sent and came back with errors holds text that is in no post.
    this.initial = "isBound" in this.data ? "" : this.noted;
    this.sending = sending(this.form);
    this.listen();
    if (!this.initial) this.note();
    this.catchUp();
  }

  get token() {
    return this.form.querySelector("[name=copy]").value;
  }

  listen() {
    for (const type of ["input", "change", "click", "keyup"]) {
      this.form.addEventListener(type, () => this.look());
    }
    this.sending.steps.keep = (button) => this.keep(button);
    for (const type of ["online", "focus"]) addEventListener(type, () => this.isWaiting && this.save());
    addEventListener("pagehide", () => this.look());
  }

  look() {
    const fields = JSON.stringify(snapshot(this.form));
    if (fields === this.noted || this.sending.isSent) return;
    this.noted = fields;
    this.pending = undefined; // a text that is still being changed is not published behind its author's back
    this.note();
  }

  /** The browser has it at once, the server after a pause. */
  note() {
    try {
      this.local.put(this.token, this.copy());
      this.isLocal = true;
    } catch {
      this.isLocal = false; // full, or forbidden
    }
    this.schedule(PAUSE);
  }

  copy() {
    return {
      url: this.data.url,
      post: this.data.post,
      version: this.form.elements.version.value,
      fields: JSON.parse(this.noted),
      time: Date.now(),
    };
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** One request at a time. Whether the server has what stands in the form now. */
  save() {
    this.queue = this.queue.then(() => this.send());
    return this.queue;
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending.isSent) return true;
    const sent = this.noted;
    try {
      await this.give(this.token, this.copy());
    } catch (error) {
      this.failed(error);
      return error.status >= 400 && error.status < 500 && error.status !== 401;
    }
    const wasWaiting = this.isWaiting;
    this.isWaiting = false;
    if (this.noted !== sent) return this.send();
    this.local.remove(this.token);
    this.state.textContent = interpolate(gettext("Kept on the server, %s."), [clock(new Date())]);
    if (wasWaiting && this.pending) this.sending.start(this.pending.button);
    return true;
  }

  give(token, { url, time, ...copy }) {
    const body = JSON.stringify({
      token,
      age: (Date.now() - time) / 1000,
      ...copy,
    });
    return ask(this.form, url, {
      method: "POST",
      body,
    });
  }

  failed(error) {
    const where = this.isLocal
      ? gettext("Kept in this browser.")
      : gettext("It could not be kept in this browser either: copy it.");
    const then = this.pending ? ` ${gettext("It will be saved as soon as that is possible.")}` : "";
    this.isWaiting = true;
    if (error.status === 401) {
      const link = Object.assign(document.createElement("a"), {
        href: this.data.login,
        target: "_blank",
        textContent: gettext("Log in in a new window."),
      });
      this.say(gettext("You are logged out."), " ", where, then, " ", link);
      this.schedule(RETRY);
    } else if (error.status >= 400 && error.status < 500) {
      this.say(interpolate(gettext("The server did not take this (%s)."), [error.status]), " ", where);
    } else {
      this.say(gettext("The server cannot be reached."), " ", where, then);
      this.schedule(RETRY);
    }
  }

  say(...parts) {
    const said = document.createElement("span");
    said.append(...parts);
    // Said once: a link in it keeps the focus, and nothing is read out again and again.
    if (said.textContent !== this.state.textContent) this.state.replaceChildren(said);
  }

  /** The server gets the text first. It answers without costing the text; a page to log in would. */
  async keep(button) {
    this.look();
    this.pending = {
      button,
    };
    this.note();
    const mayGoOn = await this.save();
    if (mayGoOn) this.pending = undefined;
    return mayGoOn;
  }

  /** What this browser still holds from other windows goes to the server; then all that there is is offered. */
  async catchUp() {
    for (const [token, copy] of this.local.all()) {
      if (token === this.token) continue;
      try {
        await this.give(token, copy);
        this.local.remove(token);
      } catch {
        continue; // the next form tries again
      }
    }
    try {
      const url = `${this.data.url}?post=${encodeURIComponent(this.data.post)}`;
      const { copies } = await ask(this.form, url);
      for (const copy of copies.filter((copy) => copy.token !== this.token)) this.offer(copy);
    } catch {
      this.say(gettext("Whether there is unsaved text cannot be told now."));
    }
  }

  offer({ token, saved, words }) {
    const item = document.createElement("li");
    const moment = new Date(saved);
    const text = document.createElement("span");
    const told = [clock(moment), moment.toLocaleDateString(document.documentElement.lang), words];
    text.textContent = interpolate(gettext("Unsaved text from %s, %s: “%s”"), told);
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
          this.say(gettext("That is not possible now. Try again in a while."));
        }
      });
      item.append(button, " ");
    }
    this.offers.append(item);
    this.section.hidden = false;
  }

  address(token) {
    return `${this.data.url}${encodeURIComponent(token)}/`;
  }

  /** What stands in the form until now, stays on the server under the token that it had. */
  async restore(token) {
    const copy = await ask(this.form, this.address(token));
    this.look();
    const own = this.form.querySelector("[name=copy]");
    if (this.noted !== this.initial) {
      await this.save();
      own.value = newToken();
    }
    const restored = own.cloneNode();
    restored.value = token;
    own.after(restored);
    if (copy.version) this.form.elements.version.value = copy.version;
    fill(this.form, copy.fields);
    this.look();
    this.form.dispatchEvent(new Event("writing:restored"));
  }

  discard(token) {
    return ask(this.form, this.address(token), {
      method: "DELETE",
    });
  }
}

for (const section of document.querySelectorAll("#unsaved")) new Unsaved(section);
