// Closes the popup after what it says has been read, unless something in it is used.

const SECONDS = 3;

const notice = document.querySelector(".capture-close");
const closing = setTimeout(() => window.close(), SECONDS * 1000);

function stay() {
  clearTimeout(closing);
  notice.textContent = "";
}

notice.hidden = false;
for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, stay, {
  once: true
});
