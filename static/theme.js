// The theme that the reader chose, before anything is painted; then the button in the footer that changes it.
// Without this script, and where storage is blocked, the theme is that of the system.

(() => {
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;

  function stored() {
    try {
      const theme = localStorage.getItem("theme");
      return THEMES.includes(theme) ? theme : "auto";
    } catch {
      return "auto";
    }
  }

  function store(theme) {
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // It holds for this page then.
    }
  }

  function apply(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("button.theme")) {
      button.textContent = button.dataset[theme];
    }
  }

  let current = stored();
  apply(current);

  addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button.theme")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length];
        store(current);
        apply(current);
      });
    }
    apply(current);
  });

  addEventListener("storage", (event) => {
    if (event.key === "theme" || event.key === null) {
      current = stored();
      apply(current);
    }
  });
})();
