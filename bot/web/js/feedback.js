/**
 * Two small buttons under an answer; after 👎 a reason, own words, or a person.
 *
 * The page's only way to the server is app.js, so a rating leaves as a "rate" event whose detail has `done(kept)`.
 */

import { icon, make } from "./element.js";
import { t } from "./strings.js";

const RATED = ["answered", "partial", "unknown", "out_of_scope"];
const REASONS = ["sai", "thieu", "khohieu", "cu", "khac"];
const MOST_COMMENT = 1_000;

/** The buttons of an answer, or null where it can't be rated; `rating` is what was said before. */
export function drawFeedback(answer, rating = null) {
  if (!answer?.turn || !RATED.includes(answer.status)) return null;
  const panel = make("div", { class: "why", hidden: true });
  const face = (name) =>
    make(
      "button",
      { type: "button", class: "thumb", "aria-label": t(`rate_${name}`), "aria-pressed": String(rating === name), "data-rating": name },
      icon(name),
    );
  const thumbs = { up: face("up"), down: face("down") };
  const box = make("div", { class: "feedback", role: "group", "aria-label": t("rate") }, thumbs.up, thumbs.down, panel);

  const send = (detail) =>
    new Promise((done) => box.dispatchEvent(new CustomEvent("rate", { bubbles: true, detail: { turn: answer.turn, ...detail, done } })));
  const show = (name) => {
    for (const [key, thumb] of Object.entries(thumbs)) thumb.setAttribute("aria-pressed", String(key === name));
  };
  const say = (key) => box.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: t(key) }));

  thumbs.up.addEventListener("click", async () => {
    if (!(await send({ rating: "up" }))) return say("rate_failed");
    show("up");
    panel.hidden = true;
    say("rate_thanks");
  });
  thumbs.down.addEventListener("click", async () => {
    if (!(await send({ rating: "down" }))) return say("rate_failed");
    show("down");
    panel.replaceChildren(...drawWhy(panel, send, say));
    panel.hidden = false;
    say("rate_why");
  });
  return box;
}

function drawWhy(panel, send, say) {
  const finish = async (detail) => {
    if (!(await send({ rating: "down", ...detail }))) return say("rate_failed");
    panel.replaceChildren(make("p", {}, t("rate_thanks")), drawPerson(panel));
    panel.querySelector("button").focus();
    say("rate_thanks");
  };
  const reasons = REASONS.map((reason) =>
    make("button", { type: "button", class: "reason", onclick: () => finish({ reason }) }, t(`reason_${reason}`)),
  );
  const words = make("input", { type: "text", maxlength: MOST_COMMENT, "aria-label": t("rate_words"), placeholder: t("rate_words") });
  const own = make("form", { class: "words" }, words, make("button", { type: "submit", class: "reason" }, t("send")));
  own.addEventListener("submit", (event) => {
    event.preventDefault();
    const comment = words.value.trim();
    if (comment) finish({ comment });
  });
  return [make("p", {}, t("rate_why")), make("div", { class: "reasons" }, ...reasons), own, drawPerson(panel)];
}

function drawPerson(panel) {
  const ask = () => panel.dispatchEvent(new CustomEvent("chip", { bubbles: true, detail: { title: t("to_person"), payload: "/nguoi_danhgia" } }));
  return make("button", { type: "button", class: "plain", onclick: ask }, t("to_person"));
}
