// Shared by the scripts of the post forms: reading fields, requests to the server, and the steps before submitting.

const TECHNICAL_FIELDS = /^(csrfmiddlewaretoken$|_|version$|copy$)/;

/** Creates an element with these properties and children. */
export function element(name, properties = {}, ...children) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

/** The fields as they would be submitted: pairs of name and value. */
export function snapshot(form) {
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !TECHNICAL_FIELDS.test(name),
  );
}

/** The CSRF token that matches the cookie. Logging in again changes it, so the form's own may be outdated. */
export function csrfToken(form) {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
  return form.elements.csrfmiddlewaretoken.value;
}

export class HttpError extends Error {
  constructor(status) {
    super(interpolate(gettext("The server responded with error %s."), [status]));
    this.status = status;
  }
}

/** Fetches JSON. Throws HttpError with the status, or TypeError if there is no response. */
export async function fetchJson(form, url, options = {}) {
  const response = await fetch(url, {
    headers: {
      Accept: "application/json",
      "X-CSRFToken": csrfToken(form),
    },
    redirect: "error",
    ...options,
  });
  if (!response.ok) throw new HttpError(response.status);
  return response.json();
}

// The order of the steps before a form is submitted.
const STEPS = ["describeImages", "storeText", "check"];

/** The buttons that Ctrl or ⌘ with a key press. */
const KEYS = {
  Enter: "_save",
  s: "_continue",
};

/** Runs steps in order between pressing Save and submitting the form. A step cancels the submission by returning
 * false. Pressing Save again starts over. */
class Submission {
  steps = {};
  attempts = 0;

  constructor(form) {
    this.form = form;
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("pageshow", () => {
      this.isSubmitted = false;
    });
  }

  submitted(event) {
    if (this.isSubmitted) return;
    event.preventDefault();
    this.start(event.submitter);
  }

  pressed(event) {
    const isAlone = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const button = isAlone && this.form.elements[KEYS[event.key]];
    if (!button) return;
    event.preventDefault();
    this.form.requestSubmit(button[0] ?? button); // there is one above the form and one below
  }

  async start(button) {
    const attempt = ++this.attempts;
    await new Promise((then) => setTimeout(then)); // let a tag that is being typed be added first
    for (const name of STEPS) {
      const mayContinue = await (this.steps[name]?.(button) ?? true);
      if (!mayContinue || attempt !== this.attempts) return;
    }
    this.send(button?.isConnected ? button : null);
  }

  send(button) {
    if (this.isSubmitted) return;
    this.isSubmitted = true;
    csrfToken(this.form);
    this.form.requestSubmit(button);
  }
}

const submissions = new WeakMap();

/** The form's `Submission`. */
export function submissionOf(form) {
  if (!submissions.has(form)) submissions.set(form, new Submission(form));
  return submissions.get(form);
}
