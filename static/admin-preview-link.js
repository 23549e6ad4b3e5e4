// Creates and revokes the preview link without leaving the form, which may have unsaved changes.

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
    const alert = Object.assign(document.createElement("p"), {
      textContent: gettext("That didn't work. Check that you are still logged in, then try again."),
    });
    alert.setAttribute("role", "alert");
    form.append(alert);
  }
});
