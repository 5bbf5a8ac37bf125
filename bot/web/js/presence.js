/**
 * The line under the name and the banner: connected, lost, offline, the assistant is writing.
 *
 * A short break is nobody's business: "open" stays until the connection has been gone for three seconds.
 */

import { t } from "./strings.js";

const BANNER_AFTER = 3_000;
const TYPING_MAX = 60_000; // the server repeats "typing"; a lost "off" must not leave dots for ever

export class Presence {
  #parts;
  #follow;
  #say;
  #state = "connecting";
  #everOpen = false;
  #typing = false;
  #lost = false;
  #typingTimer;
  #bannerTimer = null;

  /** `parts` are line, banner, bannerText and dots; `follow(change)` keeps the reader's place; `say` speaks. */
  constructor({ parts, follow, say }) {
    this.#parts = parts;
    this.#follow = follow;
    this.#say = say;
    for (const change of ["online", "offline"]) addEventListener(change, () => this.show());
  }

  /** The connection is open, connecting or down; returns true where it has just become open. */
  connection(next) {
    const opened = next === "open" && this.#state !== "open";
    if (next === "open") {
      clearTimeout(this.#bannerTimer);
      this.#bannerTimer = null;
      if (this.#lost) this.#say(t("reconnected"));
      this.#lost = false;
      this.#everOpen = true;
    } else {
      this.typing(false);
      this.#bannerTimer ??= setTimeout(() => {
        this.#lost = true;
        this.#say(t(why()));
        this.show();
      }, BANNER_AFTER);
    }
    this.#state = next;
    this.show();
    return opened;
  }

  typing(on) {
    clearTimeout(this.#typingTimer);
    if (on) this.#typingTimer = setTimeout(() => this.typing(false), TYPING_MAX);
    if (this.#typing === on) return;
    this.#typing = on;
    this.#follow(() => void (this.#parts.dots.hidden = !on));
    this.show();
  }

  /** Draws it; again after the language changed. */
  show() {
    const { line, banner, bannerText } = this.#parts;
    const shown = this.#lost ? "down" : this.#typing ? "typing" : this.#everOpen ? "open" : "connecting";
    line.dataset.state = shown;
    write(line, `presence_${shown}`);
    write(bannerText, why());
    if (banner.hidden === this.#lost) this.#follow(() => void (banner.hidden = !this.#lost));
  }
}

const why = () => (navigator.onLine === false ? "offline" : "reconnecting");

function write(node, key) {
  node.dataset.t = key;
  node.textContent = t(key);
}
