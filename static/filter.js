// Narrows the tag cloud to the tags that contain what is typed. Without this script the same
// form searches.

const box = document.querySelector("input[data-filters]");
const items = box ? [...document.querySelectorAll(`${box.dataset.filters} > li`)] : [];
const status = document.querySelector("[data-filter-status]");

function filter() {
    const terms = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
        item.hidden = !terms.every((term) => item.dataset.name.includes(term));
        shown += item.hidden ? 0 : 1;
    }
    status.textContent = terms.length ? status.dataset.filterStatus.replace("%", shown) : "";
}

box?.addEventListener("input", filter);
