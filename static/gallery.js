// Pictures of a gallery, one at a time over the whole window: by click, keys, swipe or screen reader. All
// galleries of a page are one sequence. Loaded only by pages that have one.

const SWIPE = 50; // pixels
const SWIPE_TIME = 600; // milliseconds

function make(tag, attributes = {}) {
  return Object.assign(document.createElement(tag), attributes);
}

function fullSize(image) {
  return image.dataset.fullsize || image.closest("a")?.href || image.src;
}

/** Pictures that lead nowhere lead to themselves, so that the keyboard finds them. */
function linked(image) {
  const link = image.closest("a");
  if (link) return link;
  const made = make("a", {
    href: fullSize(image),
  });
  image.replaceWith(made);
  made.append(image);
  return made;
}

class Viewer {
  constructor(images, words) {
    this.images = images;
    this.words = words;
    this.dialog = make("dialog", {
      className: "viewer",
    });
    this.dialog.setAttribute("aria-label", words.gallery);
    this.picture = make("img");
    this.caption = make("figcaption");
    this.counter = make("p", {
      className: "counter",
    });
    this.counter.setAttribute("aria-live", "polite");
    const figure = make("figure");
    figure.append(this.picture, this.caption);
    const buttons = make("div", {
      className: "buttons",
    });
    buttons.append(
      this.button("←", words.previous, () => this.move(-1)),
      this.counter,
      this.button("→", words.next, () => this.move(1)),
      this.button("×", words.close, () => this.dialog.close()),
    );
    this.dialog.append(figure, buttons);
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target === figure) this.dialog.close();
    });
    this.dialog.addEventListener("touchstart", (event) => this.touch(event), {
      passive: true,
    });
    this.dialog.addEventListener("touchend", (event) => this.release(event));
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
    this.picture.src = fullSize(image);
    this.picture.alt = image.alt;
    const caption = image.closest("figure")?.querySelector("figcaption");
    this.caption.replaceChildren(...(caption ? caption.cloneNode(true).childNodes : [image.title]));
    this.counter.textContent = `${this.index + 1} / ${this.images.length}`;
    if (!this.dialog.open) this.dialog.showModal();
  }

  move(by) {
    this.show(this.index + by);
  }

  key(event) {
    const forward = getComputedStyle(this.dialog).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      this.move(event.key === forward ? 1 : -1);
    }
  }

  touch(event) {
    this.start =
      event.touches.length === 1
        ? {
            x: event.touches[0].clientX,
            y: event.touches[0].clientY,
            time: event.timeStamp,
          }
        : null;
  }

  release(event) {
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

export function start(words) {
  const images = [...document.querySelectorAll(":is(image-gallery, captioned-image-gallery) img")];
  if (!images.length) return;
  const viewer = new Viewer(images, words);
  images.forEach((image, index) => {
    linked(image).addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      viewer.show(index);
    });
  });
}
