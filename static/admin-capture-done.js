// Removes the browser's copy of the saved text. A popup closes after a few seconds unless the author interacts
// with it.

const SECONDS = 3;

localStorage.removeItem(sessionStorage.getItem("weblog-capture"));
sessionStorage.removeItem("weblog-capture");

const notice = document.querySelector(".capture-close");

function close() {
  const closing = setTimeout(() => window.close(), SECONDS * 1000);
  const cancel = () => {
    clearTimeout(closing);
    notice.textContent = "";
  };
  notice.hidden = false;
  for (const type of ["pointerdown", "keydown"])
    document.addEventListener(type, cancel, {
      once: true,
    });
}

if (notice) close();
