/**
 * One message as a list item. What surrounds it (grouping, receipts, chips) belongs to the transcript.
 */

import { hourMinute, dayMonthYear } from "./clock.js";
import { icon, make, unseen } from "./element.js";
import { drawFeedback } from "./feedback.js";
import { drawSources } from "./sources.js";
import { t } from "./strings.js";
import { drawText, drawTyped, plainText, safeUrl } from "./text.js";

const TAGGED = ["partial", "unknown", "out_of_scope", "error"];
const MARKED = /[à-ỹđ]/i; // letters that English does not have
const COPIED = ["answered", "partial", "unknown", "out_of_scope", "refused", "handoff"];

/** A person's message. */
export function drawOwn({ text, at }) {
  return make(
    "li", { class: "message own" },
    make("div", { class: "bubble" }, unseen(`${t("you")}: `), ...drawTyped(text), drawTime(at)),
  );
}

/** The assistant's message, with status, notices, sources and copy button where there is an answer. */
export function drawAnswer({ text, at, answer, rating }) {
  const lang = languageOf(answer);
  const officer = answer?.author === "officer";
  const status = answer?.status;
  const citations = answer?.citations ?? [];
  return make(
    "li", { class: `message theirs${status ? ` is-${status}` : ""}` },
    make("img", { class: "face", src: "/static/icon.svg", alt: "", width: 32, height: 32 }),
    make(
      "div", { class: "bubble" },
      unseen(`${t(officer ? "officer" : "assistant")}: `),
      officer ? make("p", { class: "tag officer", "aria-hidden": "true" }, t("officer")) : null,
      TAGGED.includes(status) ? make("p", { class: "tag" }, icon("info"), t(`status_${status}`)) : null,
      make("div", { class: "text", lang }, ...drawText(text)),
      ...(answer?.notices ?? []).map((notice) => make("p", { class: "notice", lang }, icon("info"), make("span", {}, notice))),
      citations.length && answer.as_of ? make("p", { class: "as-of" }, asOf(answer)) : null,
      drawSources(citations),
      ...(answer?.attachments ?? []).map(drawAttachment),
      make("div", { class: "under" }, drawTime(at), drawFeedback(answer, rating), COPIED.includes(status) ? drawCopy({ text, answer }) : null),
    ),
  );
}

/** A file to download, or a picture; both are paths of this server. */
function drawAttachment({ kind, url, title, alt }) {
  const href = safeUrl(url);
  if (!href || new URL(href).origin !== location.origin) return null;
  if (kind === "image") return drawPicture(href, alt || title);
  return make("p", { class: "attachment" }, make("a", { href, download: true }, icon("file"), title));
}

/** A picture in its bubble; a press shows it large. */
function drawPicture(src, alt) {
  const button = make("button", { type: "button", class: "picture", "aria-label": `${t("picture_zoom")}: ${alt}` }, make("img", { src, alt, loading: "lazy" }));
  button.addEventListener("click", () => button.dispatchEvent(new CustomEvent("zoom", { bubbles: true, detail: { src, alt, opener: button } })));
  return make("p", { class: "attachment" }, button);
}

/** The language that an answer is written in, or one text of it: an English answer may offer a Vietnamese question. */
export const languageOf = (answer, text = "") => (answer?.language === "en" && !MARKED.test(text) ? "en" : "vi");

/** A line of the system's own, centred and small. */
export function drawNote({ text, problem }) {
  return make("li", { class: `note${problem ? " problem-note" : ""}` }, make("div", {}, ...drawText(text)));
}

/** What a screen reader hears when the message arrives. */
export function spoken({ text, answer }) {
  const parts = [`${t(answer?.author === "officer" ? "officer" : "assistant")}:`];
  if (TAGGED.includes(answer?.status)) parts.push(`${t(`status_${answer.status}`)}.`);
  parts.push(plainText(text).replace(/^\s*[-•]\s+/gm, ""), ...(answer?.notices ?? []));
  if (answer?.citations?.length) parts.push(t("said_sources", { n: answer.citations.length }));
  if (answer?.suggestions?.length) {
    parts.push(t("said_suggestions", { list: answer.suggestions.map(({ title }) => title).join("; ") }));
  }
  return parts.join(" ");
}

const asOf = (answer) => t("as_of", { date: dayMonthYear(answer.as_of) });

const drawTime = (at) => make("time", { class: "time", datetime: at.toISOString() }, hourMinute(at));

function drawCopy(message) {
  const face = make("span", {}, t("copy"));
  const button = make("button", { type: "button", class: "copy", "aria-label": t("copy_label") }, icon("copy"), face);
  button.addEventListener("click", async () => {
    const done = await copy(clipping(message));
    face.textContent = t(done ? "copied" : "copy_failed");
    button.setAttribute("aria-label", face.textContent);
    button.classList.toggle("done", done);
    button.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: face.textContent }));
    setTimeout(() => {
      face.textContent = t("copy");
      button.setAttribute("aria-label", t("copy_label"));
      button.classList.remove("done");
    }, 2_000);
  });
  return button;
}

/** The answer as it should read in a letter: text, then what it rests on. */
function clipping({ text, answer }) {
  const citations = answer?.citations ?? [];
  const lines = [plainText(text), ...(answer?.notices ?? [])];
  if (citations.length) {
    lines.push("", `${t("sources", { n: citations.length })}:`);
    lines.push(...citations.map(({ label, url }, i) => `${i + 1}. ${label}${url ? ` – ${safeUrl(url)}` : ""}`));
    if (answer.as_of) lines.push(asOf(answer));
  }
  return lines.join("\n");
}

/** Copies; without HTTPS there is no navigator.clipboard, so fall back to a selected field. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = make("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}
