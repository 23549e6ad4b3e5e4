// Uploads images that are pasted, dropped or chosen into a text, asks for alt text, and inserts them.

import { csrfToken, element, submissionOf } from "./admin-form.js";

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The image's markup in the given format. A decorative image needs HTML, since Markdown can't express it. */
export function imageMarkup(url, alt, format) {
  if (!alt || format === "html") return `<img src="${url}" alt="${escapeHtml(alt)}">`;
  const text = alt
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\[\]*_`]/g, "\\$&");
  return `![${text}](${url})`;
}

let number = 0;

class ImageField {
  uploads = 0;

  constructor(textarea) {
    this.textarea = textarea;
    this.types = textarea.dataset.imageTypes.split(",");
    this.build();
    this.listen();
  }

  build() {
    this.chooser = element("input", {
      type: "file",
      multiple: true,
      hidden: true,
      accept: this.types.join(","),
    });
    this.button = element("button", {
      type: "button",
      className: "button",
      textContent: gettext("Image…"),
    });
    this.status = element("span", {
      className: "image-status",
    });
    this.status.setAttribute("role", "status");
    this.questions = element("div", {
      className: "image-questions",
    });
    this.box = element(
      "div",
      {
        className: "image-tools",
      },
      this.button,
      this.chooser,
      this.status,
      this.questions,
    );
    const row = this.textarea.closest(".flex-container") ?? this.textarea;
    row.after(this.box);
  }

  listen() {
    const { textarea } = this;
    this.button.addEventListener("click", () => this.chooser.click());
    this.chooser.addEventListener("change", () => {
      this.upload(this.chooser.files);
      this.chooser.value = "";
    });
    textarea.addEventListener("paste", (event) => {
      // Word processors copy text together with an image of it.
      if (!event.clipboardData.types.includes("text/plain")) this.upload(event.clipboardData.files, event);
    });
    for (const type of ["dragenter", "dragover"]) {
      textarea.addEventListener(type, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        textarea.classList.add("image-drop");
      });
    }
    for (const type of ["dragleave", "drop"]) {
      textarea.addEventListener(type, () => textarea.classList.remove("image-drop"));
    }
    textarea.addEventListener("drop", (event) => this.upload(event.dataTransfer.files, event));
    submissionOf(textarea.form).steps.describeImages = () => this.hasNonePending();
  }

  /** Returns whether the form may be submitted. Images still waiting cancel the first attempt with a message. */
  hasNonePending() {
    const open = this.questions.childElementCount;
    const pending = `${this.uploads} and ${open}`;
    if ((!this.uploads && !open) || this.reported === pending) return true;
    this.reported = pending;
    this.status.textContent = this.uploads
      ? gettext("An image is still being uploaded.")
      : gettext("This image is not in the text yet. Insert it or discard it.");
    this.questions.querySelector("input")?.focus();
    return false;
  }

  /** Uploads the files one by one, so that they stay in order. */
  async upload(list, event) {
    const files = [...list];
    if (!files.length) return;
    event?.preventDefault();
    const problems = [];
    let first;
    this.uploads += files.length;
    for (const [n, file] of files.entries()) {
      this.status.textContent =
        files.length > 1
          ? interpolate(gettext("Uploading %s of %s: %s…"), [n + 1, files.length, file.name])
          : interpolate(gettext("Uploading: %s…"), [file.name]);
      try {
        const question = new Question(this, file.name, await this.send(file));
        first ??= question;
      } catch (error) {
        problems.push(`${file.name}: ${error.message}`);
      }
      this.uploads -= 1;
    }
    this.status.textContent = problems.join(" ") || gettext("Uploaded. Describe what the image shows.");
    first?.focus();
  }

  async send(file) {
    const data = new FormData();
    data.append("image", file);
    return this.post(this.textarea.dataset.imageUpload, data);
  }

  async post(url, data) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        body: data,
        headers: {
          "X-CSRFToken": csrfToken(this.textarea.form),
        },
      });
    } catch {
      throw new Error(gettext("Can't reach the server. Try again later."));
    }
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const body = isJson ? await response.json() : {};
    const message = interpolate(gettext("The server refused the image (error %s)."), [response.status]);
    if (!response.ok) throw new Error(body.error ?? message);
    return body;
  }

  get format() {
    return this.textarea.form.elements.format?.value ?? "markdown";
  }

  /** Inserts the text at the cursor, undoable like typing. An image right after another gets a line of its own. */
  insert(text) {
    const { textarea } = this;
    const before = textarea.value.slice(0, textarea.selectionStart);
    const separated = this.last && before.endsWith(this.last) ? `\n\n${text}` : text;
    this.last = text;
    textarea.focus();
    if (document.execCommand("insertText", false, separated)) return;
    textarea.setRangeText(separated, textarea.selectionStart, textarea.selectionEnd, "end");
    textarea.dispatchEvent(
      new Event("input", {
        bubbles: true,
      }),
    );
  }
}

/** Asks for an image's alt text. Its fields are not submitted with the form. */
class Question {
  constructor(field, name, image) {
    this.field = field;
    this.image = image;
    const id = `image-question-${number++}`;
    this.alt = element("input", {
      type: "text",
      id: `${id}-alt`,
      maxLength: 1000,
      value: image.alt,
      autocomplete: "off",
    });
    this.decorative = element("input", {
      type: "checkbox",
      id: `${id}-decorative`,
    });
    this.problem = element("p", {
      className: "errornote",
      id: `${id}-problem`,
      hidden: true,
      textContent: gettext("Describe what the image shows, or mark it as decorative."),
    });
    this.box = element(
      "fieldset",
      {
        className: "image-question",
      },
      element("legend", {
        textContent: name,
      }),
      element("img", {
        className: "image-thumbnail",
        src: image.thumbnail,
        alt: "",
      }),
      element(
        "div",
        {},
        element("label", {
          htmlFor: this.alt.id,
          textContent: gettext("Alt text: what the image shows"),
        }),
        this.alt,
        this.problem,
        element(
          "label",
          {
            className: "image-decorative",
          },
          this.decorative,
          ` ${gettext("Decorative image")}`,
        ),
        this.action(gettext("Insert"), () => this.insert(), "default"),
        this.action(gettext("Discard"), () => this.close()),
      ),
    );
    this.alt.setAttribute("aria-describedby", this.problem.id);
    this.decorative.addEventListener("change", () => {
      this.alt.disabled = this.decorative.checked;
    });
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    // Hides these events from the form's own scripts, which watch for changes to its fields.
    for (const type of ["input", "change"])
      this.box.addEventListener(type, (event) => event.stopPropagation());
    field.questions.append(this.box);
  }

  action(label, run, className = "") {
    const button = element("button", {
      type: "button",
      className: `button ${className}`,
      textContent: label,
    });
    button.addEventListener("click", run);
    return button;
  }

  focus() {
    this.alt.focus();
  }

  /** Enter inserts the image. It must not submit the form, which could publish the post. */
  pressed(event) {
    if (event.key === "Enter" && !event.isComposing && event.target.matches("input")) {
      event.preventDefault();
      this.insert();
    }
  }

  insert() {
    const alt = this.decorative.checked ? "" : this.alt.value.trim().replace(/\s+/g, " ");
    const isAnswered = Boolean(alt) || this.decorative.checked;
    this.problem.hidden = isAnswered;
    this.alt.setAttribute("aria-invalid", String(!isAnswered));
    if (!isAnswered) return this.focus();
    this.field.insert(imageMarkup(this.image.url, alt, this.field.format));
    this.remember(alt);
    this.close();
  }

  /** Stores the alt text for the image's next use. Failure doesn't matter: this text already has it. */
  remember(alt) {
    const data = new FormData();
    data.append("alt", alt);
    if (alt !== this.image.alt) this.field.post(this.image.describe, data).catch(() => {});
  }

  close() {
    const next = this.box.nextElementSibling ?? this.box.previousElementSibling;
    this.box.remove();
    this.field.status.textContent = "";
    (next?.querySelector("input[type=text]") ?? this.field.textarea).focus();
  }
}

for (const textarea of document.querySelectorAll("textarea[data-image-upload]")) new ImageField(textarea);
