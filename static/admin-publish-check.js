// Runs the publish check when the author presses Save, and lists its findings with one-click fixes.
// It never blocks: pressing Save again saves, and so does an unreachable server.

import { fetchJson, element, submissionOf } from "./admin-form.js";
import { editString } from "./admin-tag-parsing.js";

/** The index of the excerpt in the text that is nearest to the given position; -1 if it is gone. */
export function nearestIndex(text, excerpt, position) {
  let best = -1;
  for (let index = text.indexOf(excerpt); index >= 0; index = text.indexOf(excerpt, index + 1)) {
    if (best < 0 || Math.abs(index - position) < Math.abs(best - position)) best = index;
  }
  return best;
}

class PublishCheck {
  constructor(body) {
    this.form = body.form;
    this.url = body.dataset.publishCheck;
    const isPublic = "isPublic" in (document.querySelector("#unsaved")?.dataset ?? {});
    this.title = isPublic ? gettext("Before you save") : gettext("Before you publish");
    this.label = isPublic ? gettext("Save anyway") : gettext("Publish anyway");
    submissionOf(this.form).steps.check = (button) => this.check(button);
    // Checks links while the author is still writing. The server caches the results.
    this.form.addEventListener("change", (event) => {
      if (event.target.matches("input[type=url], textarea")) this.fetchFindings().catch(() => {});
    });
  }

  isDraft(button) {
    return this.form.elements.is_draft?.checked || button?.value === "draft";
  }

  /** Resolves to true if the form may be submitted: no findings, a draft, or already checked. */
  async check(button) {
    if (this.isPassed || this.isDraft(button)) return true;
    this.isPassed = true;
    this.open(button);
    let findings = [];
    try {
      findings = await this.fetchFindings();
    } catch {
      // Saving will report the problem.
    }
    if (findings.length) this.show(findings);
    return !findings.length;
  }

  async fetchFindings() {
    const values = Object.fromEntries(
      [...new FormData(this.form)].filter(([, value]) => typeof value === "string"),
    );
    const page = new URL(location.href);
    const { findings } = await fetchJson(this.form, this.url, {
      method: "POST",
      body: JSON.stringify({
        referrer: page.searchParams.get("referrer") ?? "",
        pk: /\/(\d+)\/change\/$/.exec(page.pathname)?.[1] ?? "",
        ...values,
        csrfmiddlewaretoken: undefined,
      }),
    });
    return findings;
  }

  open(button) {
    this.status = element("span", {
      textContent: gettext("Checking the post…"),
    });
    this.status.setAttribute("role", "status");
    this.heading = element(
      "h2",
      {
        tabIndex: -1,
      },
      this.status,
    );
    this.list = element("ul");
    const publish = element("button", {
      type: "button",
      className: "button default",
      textContent: this.label,
    });
    publish.addEventListener("click", () => this.form.requestSubmit(button?.isConnected ? button : null));
    this.box = element(
      "section",
      {
        className: "publish-check",
      },
      this.heading,
      this.list,
      publish,
    );
    this.box.setAttribute("aria-label", this.title);
    const row = button?.closest(".submit-row, .capture-buttons");
    if (row) row.before(this.box);
    else this.form.append(this.box);
  }

  show(findings) {
    this.status.textContent = this.title;
    this.list.replaceChildren(...findings.map((finding) => this.item(finding)));
    this.heading.focus();
    this.box.scrollIntoView({
      block: "nearest",
    });
  }

  item(finding) {
    const item = element("li");
    const show = element("button", {
      type: "button",
      className: "publish-check-finding",
      textContent: finding.message,
    });
    show.addEventListener("click", () => this.select(finding));
    item.append(show);
    if (finding.fix) {
      const fix = element("button", {
        type: "button",
        className: "button",
        textContent: finding.fix.label,
      });
      fix.addEventListener("click", () => {
        this.apply(finding);
        item.replaceChildren(
          element("s", {
            textContent: finding.message,
          }),
          ` ${gettext("Fixed.")}`,
        );
        this.heading.focus();
      });
      item.append(" ", fix);
    }
    return item;
  }

  field(name) {
    const field = this.form.elements[name];
    const details = field?.closest("details");
    if (details) details.open = true;
    return field;
  }

  select(finding) {
    const field = this.field(finding.field);
    if (!field) return;
    const shown = field.type === "hidden" ? document.querySelector(`#${CSS.escape(field.id)}_entry`) : field;
    shown?.focus();
    if (!finding.excerpt || field.type === "hidden") return;
    const start = nearestIndex(field.value, finding.excerpt, finding.position);
    if (start >= 0) field.setSelectionRange(start, start + finding.excerpt.length);
  }

  apply(finding) {
    const { field: name, text, replaces: old } = finding.fix;
    const field = this.field(name);
    if (field.type === "hidden") return this.replaceTag(field, old, text);
    const start = old ? nearestIndex(field.value, old, finding.position) : 0;
    if (start < 0) return;
    field.focus();
    field.setSelectionRange(start, old ? start + old.length : field.value.length);
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text);
    field.dispatchEvent(
      new Event("input", {
        bubbles: true,
      }),
    );
  }

  /** Removes one tag and types the other, as the author would. */
  replaceTag(field, old, name) {
    const box = field.nextElementSibling;
    const chip = [...box.querySelectorAll(".tag-chips li")].find(
      (chip) => chip.firstElementChild.textContent === old,
    );
    const entry = box.querySelector("input");
    chip?.querySelector("button").click();
    entry.value = `${editString([name])},`;
    entry.dispatchEvent(
      new Event("input", {
        bubbles: true,
      }),
    );
  }
}

for (const body of document.querySelectorAll("textarea[data-publish-check]")) new PublishCheck(body);
