/**
 * Where the reader is in the list, and the rule that nobody is pulled away from what they read.
 *
 * New messages scroll into view only for a reader who is at the end; others get a button. An answer taller
 * than the window is shown from its beginning.
 */

import { t } from "./strings.js";

const NEAR = 48;
const GAP = 12;

export class Scroller {
  #box;
  #button;
  #label;
  #missed = 0;
  #held = true; // at the end, as of the last scroll
  #onscroll;

  constructor({ box, button, label, onscroll }) {
    this.#box = box;
    this.#button = button;
    this.#label = label;
    this.#onscroll = onscroll;
    box.addEventListener("scroll", () => this.#moved(), { passive: true });
    button.addEventListener("click", () => {
      this.toEnd();
      box.focus({ preventScroll: true }); // the button is about to vanish; keep the keyboard here
    });
    new ResizeObserver(() => this.#held && this.toEnd()).observe(box);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight <= NEAR;
  }

  /** The lower edge of what can be seen, in window pixels. */
  get bottom() {
    return this.#box.getBoundingClientRect().bottom;
  }

  /** Runs `change`, which may return a new element, and follows it if the reader was at the end. */
  follow(change, { counts = true } = {}) {
    const held = this.#held;
    const element = change();
    if (held) this.#reveal(element);
    else if (element && counts) this.#missed += 1;
    this.#show();
    return element;
  }

  toEnd() {
    this.#held = true;
    this.#missed = 0;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#show();
  }

  #reveal(element) {
    const tall = element && element.offsetHeight + GAP > this.#box.clientHeight;
    if (!tall) return this.toEnd();
    const top = element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top;
    this.#box.scrollTop += top - GAP;
    this.#held = false;
  }

  #moved() {
    this.#held = this.atEnd;
    if (this.#held) this.#missed = 0;
    this.#show();
    this.#onscroll();
  }

  #show() {
    const far = !this.atEnd && !this.#held;
    this.#button.hidden = !far;
    this.#button.classList.toggle("news", this.#missed > 0);
    this.#label.textContent = t(this.#missed > 0 ? "new_messages" : "to_end");
  }
}
