/**
 * The box people write in.
 *
 * Enter sends where there is a real keyboard and breaks the line on touch. Nothing is ever sent while an input
 * method has a word open: Vietnamese Telex and VNI compose letters from several keys, and Enter or a tap on the
 * button may only be closing the word.
 */

import { t } from "./strings.js";

const LIMIT = 2_000; // counted like the server: code points after NFC
const COUNT_FROM = 1_800;
const LINES = 5;
const DRAFT = "award.chat.draft"; // per tab, hence sessionStorage

export class Composer {
  #form;
  #input;
  #send;
  #counter;
  #problem;
  #onsend;
  #touch = matchMedia("(hover: none) and (pointer: coarse)");
  #composing = false;
  #sendWhenClosed = false;

  /** `onsend(text)` returns false to keep the text in the box. */
  constructor({ form, input, send, counter, problem, onsend }) {
    this.#form = form;
    this.#input = input;
    this.#send = send;
    this.#counter = counter;
    this.#problem = problem;
    this.#onsend = onsend;
    this.#listen();
    this.#input.value = readDraft();
    this.#changed();
  }

  get text() {
    return this.#input.value;
  }

  set text(value) {
    this.#input.value = value;
    this.#changed();
  }

  /** Puts the caret into the box, unless that would open a keyboard over half the screen. */
  focus({ evenTouch = false } = {}) {
    if (this.#touch.matches && !evenTouch) return false;
    this.#input.focus({ preventScroll: true });
    return true;
  }

  /** A sentence under the box; empty takes it away. */
  complain(sentence) {
    this.#problem.textContent = sentence;
    if (sentence) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  /** Texts again, after the language changed. */
  redraw() {
    this.#changed();
  }

  #listen() {
    const input = this.#input;
    input.addEventListener("compositionstart", () => (this.#composing = true));
    input.addEventListener("compositionend", () => this.#closed());
    input.addEventListener("blur", () => this.#closed());
    input.addEventListener("input", () => {
      this.complain("");
      this.#changed();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || this.#composing) return;
      const wanted = event.ctrlKey || event.metaKey || (!event.shiftKey && !event.altKey && !this.#touch.matches);
      if (!wanted) return;
      event.preventDefault();
      this.#submit();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#composing) return this.#submit();
      // Leaving the field closes the word; `compositionend` then sends what the person sees.
      this.#sendWhenClosed = true;
      input.blur();
      input.focus({ preventScroll: true });
    });
    this.#send.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the phone's keyboard up
    addEventListener("pagehide", () => keepDraft(input.value));
    addEventListener("resize", () => this.#grow());
  }

  #closed() {
    this.#composing = false;
    if (!this.#sendWhenClosed) return;
    this.#sendWhenClosed = false;
    setTimeout(() => this.#submit()); // the last letters arrive with the input event that follows
  }

  #submit() {
    const text = this.#input.value.normalize("NFC").trim();
    if (!text) return;
    if (count(text) > LIMIT) return this.complain(t("too_long"));
    this.complain("");
    if (this.#onsend(text) === false) return;
    this.text = "";
  }

  #changed() {
    const length = count(this.#input.value.normalize("NFC").trim());
    const over = length - LIMIT;
    this.#counter.hidden = length < COUNT_FROM;
    this.#counter.classList.toggle("over", over > 0);
    this.#counter.textContent = over > 0 ? t("counter_over", { n: over }) : t("counter", { n: -over });
    this.#send.setAttribute("aria-disabled", String(length === 0 || over > 0));
    keepDraft(this.#input.value);
    this.#grow();
  }

  #grow() {
    const input = this.#input;
    const style = getComputedStyle(input);
    const line = Number.parseFloat(style.lineHeight);
    const frame = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom);
    input.style.height = "auto";
    const height = Math.min(input.scrollHeight, LINES * line + frame);
    input.style.height = `${height}px`;
    input.classList.toggle("scrolls", input.scrollHeight > height + 1);
  }
}

const count = (text) => [...text].length;

function readDraft() {
  try {
    return sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    return "";
  }
}

function keepDraft(text) {
  try {
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
  } catch {
    // no storage: the draft lives as long as the page
  }
}
