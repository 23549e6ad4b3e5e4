// Filters the tag cloud as you type. Without this script, the form submits a search.

const box = document.querySelector("input[data-filters]");
const items = box ? [...document.querySelectorAll(box.dataset.filters)] : [];
const names = items.map((item) => item.querySelector("a").textContent.toLowerCase());
const status = document.querySelector("[data-filter-status]");

function filter() {
  const terms = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = names.map((name) => terms.every((term) => name.includes(term)));
  items.forEach((item, index) => {
    item.hidden = !shown[index];
  });
  for (const list of new Set(items.map((item) => item.parentElement))) {
    list.previousElementSibling.hidden = !list.querySelector("li:not([hidden])");
  }
  const number = shown.filter(Boolean).length;
  status.textContent = terms.length ? status.dataset.filterStatus.replace("{}", number) : "";
}

box?.addEventListener("input", filter);
