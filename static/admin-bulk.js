// Selects all posts of the page, or none, and counts those that are selected.

const form = document.querySelector("#bulk");
const selection = form?.querySelector(".bulk-selection");
const boxes = [...(form?.querySelectorAll("input[name=posts]") ?? [])];

function tell() {
  const number = boxes.filter((box) => box.checked).length;
  selection.querySelector("[role=status]").textContent = interpolate(gettext("%s selected"), [number]);
}

if (form) {
  selection.hidden = false;
  selection.addEventListener("click", ({ target }) => {
    if (target.matches("button")) {
      for (const box of boxes) box.checked = target.value === "all";
      tell();
    }
  });
  form.addEventListener("change", tell);
  tell();
}
