// Makes and revokes the link for a friend without leaving the form, in which something may be unsaved.

import { csrfToken } from "./admin-form.js";

const place = document.getElementById("preview-link-place");

place?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  csrfToken(form);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, event.submitter),
      headers: {
        Accept: "text/x-fragment",
      },
      redirect: "error",
    });
    if (!response.ok) throw new Error(response.status);
    place.innerHTML = await response.text();
    place.querySelector("input[readonly], button")?.focus();
    place.querySelector("input[readonly]")?.select();
  } catch {
    const said = Object.assign(document.createElement("p"), {
      textContent: gettext("That is not possible now. Are you still logged in?"),
    });
    said.setAttribute("role", "alert");
    form.append(said);
  }
});
