// Buttons that select all or no posts of the page, and a count of the selected ones.

const form = document.querySelector("#bulk");
const selection = form?.querySelector(".bulk-selection");
const boxes = [...(form?.querySelectorAll("input[name=posts]") ?? [])];

function updateCount() {
  const number = boxes.filter((box) => box.checked).length;
  selection.querySelector("[role=status]").textContent = interpolate(gettext("%s selected"), [number]);
}

if (form) {
  selection.hidden = false;
  selection.addEventListener("click", ({ target }) => {
    if (target.matches("button")) {
      for (const box of boxes) box.checked = target.value === "all";
      updateCount();
    }
  });
  form.addEventListener("change", updateCount);
  updateCount();
}
