// A full-window image viewer for galleries, controlled by mouse, keyboard, touch or screen reader. All galleries
// on a page form one sequence. Only pages with a gallery load this script.

const SWIPE = 50; // pixels
const SWIPE_TIME = 600; // milliseconds

function make(tag, attributes = {}) {
  return Object.assign(document.createElement(tag), attributes);
}

function fullSize(image) {
  return image.dataset.fullsize || image.closest("a")?.href || image.src;
}

/** The link around the image. An image without one is linked to itself, which makes it focusable. */
function linkAround(image) {
  const link = image.closest("a");
  if (link) return link;
  const newLink = make("a", { href: fullSize(image) });
  image.replaceWith(newLink);
  newLink.append(image);
  return newLink;
}

class Viewer {
  constructor(images, messages) {
    this.images = images;
    this.messages = messages;
    this.dialog = make("dialog", {
      className: "viewer",
    });
    this.dialog.setAttribute("aria-label", messages.gallery);
    this.image = make("img");
    this.caption = make("figcaption");
    this.counter = make("p", {
      className: "counter",
    });
    this.counter.setAttribute("aria-live", "polite");
    const figure = make("figure");
    figure.append(this.image, this.caption);
    const buttons = make("div", {
      className: "buttons",
    });
    buttons.append(
      this.button("←", messages.previous, () => this.move(-1)),
      this.counter,
      this.button("→", messages.next, () => this.move(1)),
      this.button("×", messages.close, () => this.dialog.close()),
    );
    this.dialog.append(figure, buttons);
    this.dialog.addEventListener("keydown", (event) => this.onKeyDown(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target === figure) this.dialog.close();
    });
    this.dialog.addEventListener("touchstart", (event) => this.onTouchStart(event), {
      passive: true,
    });
    this.dialog.addEventListener("touchend", (event) => this.onTouchEnd(event));
    document.body.append(this.dialog);
  }

  button(text, label, act) {
    const button = make("button", {
      type: "button",
      textContent: text,
    });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  show(index) {
    this.index = (index + this.images.length) % this.images.length;
    const image = this.images[this.index];
    this.image.src = fullSize(image);
    this.image.alt = image.alt;
    const caption = image.closest("figure")?.querySelector("figcaption");
    this.caption.replaceChildren(...(caption ? caption.cloneNode(true).childNodes : [image.title]));
    this.counter.textContent = `${this.index + 1} / ${this.images.length}`;
    if (!this.dialog.open) this.dialog.showModal();
  }

  move(by) {
    this.show(this.index + by);
  }

  onKeyDown(event) {
    const forward = getComputedStyle(this.dialog).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      this.move(event.key === forward ? 1 : -1);
    }
  }

  onTouchStart(event) {
    this.start =
      event.touches.length === 1
        ? {
            x: event.touches[0].clientX,
            y: event.touches[0].clientY,
            time: event.timeStamp,
          }
        : null;
  }

  onTouchEnd(event) {
    if (!this.start) return;
    const [x, y] = [
      event.changedTouches[0].clientX - this.start.x,
      event.changedTouches[0].clientY - this.start.y,
    ];
    const quick = event.timeStamp - this.start.time < SWIPE_TIME;
    if (quick && Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) this.move(x < 0 ? 1 : -1);
    this.start = null;
  }
}

export function start(messages) {
  const images = [...document.querySelectorAll(":is(image-gallery, captioned-image-gallery) img")];
  if (!images.length) return;
  const viewer = new Viewer(images, messages);
  images.forEach((image, index) => {
    linkAround(image).addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      viewer.show(index);
    });
  });
}
