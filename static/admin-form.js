// What the scripts of the form of a post share: what is typed in it, and how the server is asked.

const OF_THE_FORM_ITSELF = /^(csrfmiddlewaretoken$|_|version$|copy$)/;

/** The fields as they would be sent, as pairs of a name and a value. */
export function snapshot(form) {
  return [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !OF_THE_FORM_ITSELF.test(name));
}

/** The token that goes with the cookie: logging in again makes another one than the form came with. */
export function csrfToken(form) {
  const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
  return form.elements.csrfmiddlewaretoken.value;
}

export class Refused extends Error {
  constructor(status) {
    super(`The server answered ${status}.`);
    this.status = status;
  }
}

/** The server's answer as JSON. Throws Refused with its status, or a TypeError if there is no answer. */
export async function ask(form, url, options = {}) {
  const response = await fetch(url, {
    headers: {
      Accept: "application/json",
      "X-CSRFToken": csrfToken(form)
    },
    redirect: "error",
    ...options,
  });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}
