// The theme button in the footer. Other windows follow the change. An inline script in the page applies the stored
// theme earlier; without storage, the theme is that of the system.

const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;
const button = document.querySelector("button.theme-toggle");

const current = () => root.dataset.theme ?? "auto";

function apply(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  button.textContent = button.dataset[theme];
}

function store(theme) {
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage, the theme lasts for this page.
  }
}

button.addEventListener("click", () => {
  const theme = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length];
  store(theme);
  apply(theme);
});

addEventListener("storage", (event) => {
  if (event.key !== "theme" && event.key !== null) return;
  apply(THEMES.includes(event.newValue) ? event.newValue : "auto");
});

apply(current());
button.hidden = false;
