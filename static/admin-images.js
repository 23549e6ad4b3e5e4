// Takes pictures that are pasted, dropped or chosen into a text, asks what each one shows, and puts it there.

import { csrfToken, element, sending } from "./admin-form.js";

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What stands for the picture in a text of that format. Markdown has no way to say that it only decorates. */
export function written(url, alt, format) {
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
      this.take(this.chooser.files);
      this.chooser.value = "";
    });
    textarea.addEventListener("paste", (event) => {
      // What word processors copy is text, with a picture of the text beside it.
      if (!event.clipboardData.types.includes("text/plain")) this.take(event.clipboardData.files, event);
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
    textarea.addEventListener("drop", (event) => this.take(event.dataTransfer.files, event));
    sending(textarea.form).steps.describe = () => this.hasNone();
  }

  /** Whether no picture is left out unseen: who saves while one waits is told so, once. */
  hasNone() {
    const asked = this.questions.childElementCount;
    const waiting = `${this.uploads} and ${asked}`;
    if ((!this.uploads && !asked) || this.told === waiting) return true;
    this.told = waiting;
    this.status.textContent = this.uploads
      ? gettext("A picture is still on its way.")
      : gettext("This picture is not in the text yet. Insert it or leave it out.");
    this.questions.querySelector("input")?.focus();
    return false;
  }

  /** One after the other, so that they arrive in their order. */
  async take(list, event) {
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
    this.status.textContent = problems.join(" ") || gettext("Uploaded. Say what the picture shows.");
    first?.focus();
  }

  async send(file) {
    const data = new FormData();
    data.append("image", file);
    return this.post(this.textarea.dataset.imageUpload, data);
  }

  async post(url, body) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "X-CSRFToken": csrfToken(this.textarea.form),
        },
      });
    } catch {
      throw new Error(gettext("The server cannot be reached."));
    }
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    const refusal = interpolate(gettext("The server refused it (%s)."), [response.status]);
    if (!response.ok) throw new Error(answer.error ?? refusal);
    return answer;
  }

  get format() {
    return this.textarea.form.elements.format?.value ?? "markdown";
  }

  /** Where the cursor is, as if it had been typed, so that it can be undone; on a line of its own after another. */
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

/** Asks what one picture shows. Nothing of it is sent with the form. */
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
      textContent: gettext("Say what the picture shows, or that it only decorates."),
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
          textContent: gettext("Alt text: what the picture shows"),
        }),
        this.alt,
        this.problem,
        element(
          "label",
          {
            className: "image-decorative",
          },
          this.decorative,
          ` ${gettext("It only decorates")}`,
        ),
        this.action(gettext("Insert"), () => this.insert(), "default"),
        this.action(gettext("Leave out"), () => this.close()),
      ),
    );
    this.alt.setAttribute("aria-describedby", this.problem.id);
    this.decorative.addEventListener("change", () => {
      this.alt.disabled = this.decorative.checked;
    });
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    // The form's own scripts should not take this for something that was written.
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

  /** Enter answers the question; it never sends the form, which may publish the post. */
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
    this.field.insert(written(this.image.url, alt, this.field.format));
    this.remember(alt);
    this.close();
  }

  /** For the next time. The text has it in any case. */
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
