// What the scripts of the form of a post share: what is typed in it, and how the server is asked.

const OF_THE_FORM_ITSELF = /^(csrfmiddlewaretoken$|_|version$|copy$)/;

/** An element with these properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The fields as they would be sent, as pairs of a name and a value. */
export function snapshot(form) {
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !OF_THE_FORM_ITSELF.test(name),
  );
}

/** The token that goes with the cookie: logging in again makes another one than the form came with. */
export function csrfToken(form) {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
  return form.elements.csrfmiddlewaretoken.value;
}

export class Refused extends Error {
  constructor(status) {
    super(interpolate(gettext("The server answered %s."), [status]));
    this.status = status;
  }
}

/** The server's answer as JSON. Throws Refused with its status, or a TypeError if there is no answer. */
export async function ask(form, url, options = {}) {
  const response = await fetch(url, {
    headers: {
      Accept: "application/json",
      "X-CSRFToken": csrfToken(form),
    },
    redirect: "error",
    ...options,
  });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}

// The order in which a form is seen to before it is sent.
const STEPS = ["describe", "keep", "check"];

/** Which button a key with Ctrl or ⌘ presses. */
const KEYS = {
  Enter: "_save",
  s: "_continue",
};

/** What happens between pressing Save and the form going to the server: one step after the other, each of
 * which may keep the form here by answering false. Pressing Save again starts anew. */
class Sending {
  steps = {};
  attempts = 0;

  constructor(form) {
    this.form = form;
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("pageshow", () => {
      this.isSent = false;
    });
  }

  submitted(event) {
    if (this.isSent) return;
    event.preventDefault();
    this.start(event.submitter);
  }

  pressed(event) {
    const isAlone = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const button = isAlone && this.form.elements[KEYS[event.key]];
    if (!button) return;
    event.preventDefault();
    this.form.requestSubmit(button[0] ?? button); // one above the form, one below
  }

  async start(button) {
    const attempt = ++this.attempts;
    await new Promise((then) => setTimeout(then)); // a tag that is being typed joins the others first
    for (const name of STEPS) {
      const mayGoOn = await (this.steps[name]?.(button) ?? true);
      if (!mayGoOn || attempt !== this.attempts) return;
    }
    this.send(button?.isConnected ? button : null);
  }

  send(button) {
    if (this.isSent) return;
    this.isSent = true;
    csrfToken(this.form);
    this.form.requestSubmit(button);
  }
}

const sendings = new WeakMap();

/** The one for the form. */
export function sending(form) {
  if (!sendings.has(form)) sendings.set(form, new Sending(form));
  return sendings.get(form);
}
