/**
 * The visible list: messages in the server's order, grouped, with day pills, receipts and chips.
 *
 * Entries are kept as data and drawn once; `#arrange` then only moves classes and small parts, so that a new
 * message never redraws an old one (open sources stay open, selections stay).
 */

import { dayKey, dayLabel, instant } from "./clock.js";
import { icon, make } from "./element.js";
import { drawAnswer, drawNote, drawOwn, languageOf } from "./message.js";
import { t } from "./strings.js";

const GROUP = 5 * 60_000;
const STATES = ["sending", "stuck", "refused", "sent", "received", "seen"]; // a receipt only moves forward

export class Transcript {
  #list;
  #on;
  #titleOf;
  #entries = [];
  #receipts = new Map(); // seq → state that came before its message

  /** `on` has chip(suggestion), resend(id), edit(id); `titleOf(id)` is the face of the chip a message came from. */
  constructor(list, { on, titleOf }) {
    this.#list = list;
    this.#on = on;
    this.#titleOf = titleOf;
  }

  get lastSeq() {
    return Math.max(0, ...this.#live().map(({ seq }) => seq ?? 0));
  }

  /** The person's last message: {text, title}, or null. */
  get lastOwn() {
    const entry = findLast(this.#entries, ({ role }) => role === "user");
    return entry ? { text: entry.source.text, title: entry.source.title ?? this.#titleOf(entry.id) } : null;
  }

  get hasOwn() {
    return this.#entries.some(({ role }) => role === "user");
  }

  /** The assistant's newest message whose beginning is above `bottom` (in window pixels). */
  seenSeq(bottom) {
    const shown = ({ role, seq, element }) => role === "assistant" && seq && element.getBoundingClientRect().top < bottom;
    return findLast(this.#live(), shown)?.seq ?? 0;
  }

  /** Adds or completes a message of the server; returns its element, or null if it was already there. */
  put(message, { inferred = false } = {}) {
    const { seq, role, client_msg_id: id } = message;
    if (inferred && role === "assistant") this.#inferSeen(seq);
    const known = this.#live().find((entry) => (seq && entry.seq === seq) || (id && entry.id === id));
    if (known) {
      if (known.seq === null) this.#settle(known, seq);
      return null;
    }
    const entry = this.#entry({ role, seq, id, order: seq ?? 0, at: instant(message.at), source: message });
    if (role === "user") entry.state = this.#forward(message.state ?? "sent", this.#receipts.get(seq));
    return this.#insert(entry);
  }

  /** Adds a message that waits in the outbox; returns its element, or null if it was already there. */
  putWaiting(item) {
    if (this.#entries.some(({ id }) => id === item.id)) return null;
    const entry = this.#entry({ role: "user", seq: null, id: item.id, order: Infinity, at: instant(item.at), source: item });
    entry.state = item.refused ? "refused" : "sending";
    return this.#insert(entry);
  }

  /** The server took the message. */
  settle(id, seq) {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry && entry.seq === null) this.#settle(entry, seq);
  }

  /** A waiting message is sending, stuck or refused. */
  mark(id, state) {
    const entry = this.#entries.find((one) => one.id === id && one.seq === null);
    if (!entry || entry.state === state) return;
    entry.state = state;
    this.#arrange();
  }

  /** A receipt: this message got at least this far. */
  receipt(seq, state) {
    if (!STATES.includes(state)) return;
    this.#receipts.set(seq, this.#forward(state, this.#receipts.get(seq)));
    for (const entry of this.#live()) {
      if (entry.role === "user" && entry.seq === seq) entry.state = this.#forward(entry.state, state);
    }
    this.#arrange();
  }

  /** Takes away waiting messages that are no longer in the outbox. */
  keepWaiting(ids) {
    for (const entry of this.#entries.filter(({ seq, id, role }) => role === "user" && seq === null && !ids.includes(id))) {
      this.#remove(entry);
    }
    this.#arrange();
  }

  remove(id) {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry) this.#remove(entry);
    this.#arrange();
  }

  /** A line of the page's own; `key` is a string's name, so that it follows the language. */
  note({ key = null, text = null, problem = false, suggestions = [] }) {
    const source = { key, text, problem, answer: { suggestions } };
    return this.#insert(this.#entry({ role: "note", seq: null, id: null, order: this.lastSeq + 0.5, at: new Date(), source }));
  }

  /** What was said of an answer, so that drawing it again keeps it. */
  rated(turn, rating) {
    for (const { source } of this.#entries) if (source.answer?.turn === turn) source.rating = rating;
  }

  clear() {
    this.#entries = [];
    this.#receipts.clear();
    this.#list.replaceChildren();
  }

  /** A new session counts its messages anew: what is on the screen stays, as past. */
  archive() {
    for (const entry of this.#entries) {
      if (entry.role !== "user" || entry.seq !== null) Object.assign(entry, { past: true, order: -1 });
    }
    this.#receipts.clear();
    this.#arrange();
  }

  /** Draws everything again, for another language. */
  redraw() {
    for (const entry of this.#entries) {
      const old = entry.element;
      entry.element = this.#draw(entry);
      old.replaceWith(entry.element);
      entry.pill?.remove();
      entry.pill = entry.status = entry.chips = null;
    }
    this.#arrange();
  }

  /** Day pills change at midnight. */
  refreshDays() {
    for (const { pill, day } of this.#entries) if (pill) pill.firstChild.textContent = dayLabel(day);
  }

  #live() {
    return this.#entries.filter(({ past }) => !past);
  }

  #entry(facts) {
    const entry = { past: false, state: null, pill: null, status: null, chips: null, day: dayKey(facts.at), ...facts };
    entry.element = this.#draw(entry);
    return entry;
  }

  #draw({ role, at, id, source }) {
    if (role === "user") return drawOwn({ at, text: source.title ?? this.#titleOf(id) ?? source.text });
    if (role === "assistant") return drawAnswer({ at, text: source.text, answer: source.answer, rating: source.rating });
    return drawNote({ text: source.key ? t(source.key) : source.text, problem: source.problem });
  }

  #insert(entry) {
    let index = this.#entries.length;
    while (index > 0 && this.#entries[index - 1].order > entry.order) index -= 1;
    const next = this.#entries[index];
    this.#entries.splice(index, 0, entry);
    this.#list.insertBefore(entry.element, next ? (next.pill ?? next.element) : null);
    this.#arrange();
    return entry.element;
  }

  #remove(entry) {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    entry.element.remove();
    entry.pill?.remove();
  }

  /** Gives a waiting message its place in the server's order. */
  #settle(entry, seq) {
    if (this.#live().some((other) => other !== entry && other.seq === seq)) {
      this.#remove(entry);
    } else {
      Object.assign(entry, { seq, order: seq, past: false, state: this.#forward("sent", this.#receipts.get(seq)) });
      const index = this.#entries.indexOf(entry);
      const ordered = this.#entries.every(({ order }, i) => (i < index ? order <= seq : i > index ? order >= seq : true));
      if (!ordered) {
        this.#remove(entry);
        entry.pill = null;
        this.#insert(entry);
      }
    }
    this.#arrange();
  }

  /** Without receipts (history, polling), an answer shows that what came before it was read. */
  #inferSeen(seq) {
    for (const entry of this.#live()) {
      if (entry.role === "user" && entry.seq !== null && entry.seq < seq) entry.state = "seen";
    }
  }

  #forward(one, other) {
    return STATES.indexOf(other) > STATES.indexOf(one) ? other : one;
  }

  #arrange() {
    const lastOwn = findLast(this.#entries, ({ role }) => role === "user");
    const offering = this.#offering();
    const first = this.#entries.find(({ role }) => role !== "note");
    const welcome = first?.role === "assistant" ? first : null;
    this.#entries.forEach((entry, i) => {
      const before = this.#entries[i - 1];
      const after = this.#entries[i + 1];
      const { element } = entry;
      this.#pill(entry, before?.day !== entry.day);
      element.classList.toggle("first", !joined(before, entry));
      element.classList.toggle("last", !joined(entry, after));
      element.classList.toggle("welcome", entry === welcome);
      this.#status(entry, entry === lastOwn || ["stuck", "refused"].includes(entry.state) || entry.seq === null);
      this.#chips(entry, entry === offering);
    });
  }

  /** The newest message since the person last spoke that offers chips. */
  #offering() {
    for (const entry of [...this.#entries].reverse()) {
      if (entry.role === "user") return null;
      if (entry.source.answer?.suggestions?.length) return entry;
    }
    return null;
  }

  #pill(entry, wanted) {
    if (wanted && !entry.pill) {
      entry.pill = make("li", { class: "day" }, make("span", {}, dayLabel(entry.day)));
      entry.element.before(entry.pill);
    } else if (!wanted && entry.pill) {
      entry.pill.remove();
      entry.pill = null;
    }
  }

  #status(entry, wanted) {
    const state = entry.role === "user" && wanted && !entry.past ? entry.state : null;
    if ((entry.status?.dataset.state ?? null) === state) return;
    entry.status?.remove();
    entry.status = state && this.#drawStatus(entry, state);
    if (entry.status) entry.element.append(entry.status);
  }

  #drawStatus({ id }, state) {
    const failed = state === "stuck" || state === "refused";
    return make(
      "div", { class: `status${failed ? " failed" : ""}`, "data-state": state },
      failed ? icon("alert") : null,
      make("span", {}, t(`state_${state}`)),
      failed ? make("button", { type: "button", class: "plain", onclick: () => this.#on.resend(id) }, t("resend")) : null,
      state === "refused" ? make("button", { type: "button", class: "plain", onclick: () => this.#on.edit(id) }, t("edit")) : null,
    );
  }

  #chips(entry, wanted) {
    if (!wanted) {
      entry.chips?.remove();
      entry.chips = null;
    } else if (!entry.chips) {
      const draw = (suggestion) =>
        make("button", { type: "button", class: "chip", lang: languageOf(entry.source.answer, suggestion.title), onclick: () => this.#on.chip(suggestion) }, suggestion.title);
      entry.chips = make(
        "div", { class: "chips", role: "group", "aria-label": t("suggestions") },
        ...entry.source.answer.suggestions.map(draw),
      );
      entry.element.append(entry.chips);
    }
  }
}

/** Array.prototype.findLast, for browsers older than 2023. */
function findLast(list, test) {
  for (let i = list.length - 1; i >= 0; i -= 1) if (test(list[i])) return list[i];
  return undefined;
}

/** Whether two neighbours share avatar and time. */
function joined(one, other) {
  if (!one || !other || one.role !== other.role || one.day !== other.day || one.past !== other.past) return false;
  if (one.role !== "user" && one.role !== "assistant") return false;
  return Math.abs(other.at - one.at) < GROUP;
}
