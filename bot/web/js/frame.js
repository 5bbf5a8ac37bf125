/**
 * The chat inside another website: messages between this page and the loader that framed it.
 *
 * Only the window that frames us is heard, only from an origin that the server named, and nothing secret is told.
 */

const PREFIX = "award-chat:";

/** Whether the server made this page to be framed, and somebody frames it. */
export const framed = "framed" in document.documentElement.dataset && window.parent !== window;
if (!framed) delete document.documentElement.dataset.framed; // opened by itself it is the page like any other

export class Frame {
  #host = null; // the origin that said hello
  #open = true;
  #on;

  /** `on` has hello({language}), opened({asked}) and closed(). */
  constructor(on) {
    this.#on = on;
    if (framed) addEventListener("message", (event) => this.#hear(event));
  }

  /** Whether the chat can be seen, as far as the website around it says; a page of its own always can. */
  get open() {
    return this.#open;
  }

  close() {
    this.#tell("close");
  }

  unread(count) {
    this.#tell("unread", { count });
  }

  #hear({ source, origin, data }) {
    const known = this.#host ?? origin;
    if (source !== window.parent || origin !== known || typeof data?.type !== "string") return;
    if (!this.#host && !allowed().includes(origin)) return;
    if (data.type === `${PREFIX}hello` && !this.#host) {
      this.#host = origin;
      this.#open = false;
      this.#on.hello(data);
      this.#tell("ready");
    } else if (this.#host && data.type === `${PREFIX}opened`) {
      this.#open = true;
      this.#on.opened(data);
    } else if (this.#host && data.type === `${PREFIX}closed`) {
      this.#open = false;
      this.#on.closed?.();
    }
  }

  #tell(type, facts = {}) {
    if (this.#host) window.parent.postMessage({ type: PREFIX + type, ...facts }, this.#host);
  }
}

const allowed = () => [location.origin, ...document.documentElement.dataset.origins.split(" ")];
