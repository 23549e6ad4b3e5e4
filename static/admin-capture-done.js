// What was sent is let go of in this browser. A popup closes after what it says has been read, unless
// something in it is used.

const SECONDS = 3;

localStorage.removeItem(sessionStorage.getItem("weblog-capture"));
sessionStorage.removeItem("weblog-capture");

const notice = document.querySelector(".capture-close");

function close() {
  const closing = setTimeout(() => window.close(), SECONDS * 1000);
  const stay = () => {
    clearTimeout(closing);
    notice.textContent = "";
  };
  notice.hidden = false;
  for (const type of ["pointerdown", "keydown"])
    document.addEventListener(type, stay, {
      once: true,
    });
}

if (notice) close();
