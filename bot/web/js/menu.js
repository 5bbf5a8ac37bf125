/**
 * The options behind the three dots: opens under its button, closes on Escape, on a click elsewhere and when
 * the keyboard leaves it.
 */

export class Menu {
  #button;
  #panel;

  constructor({ button, panel }) {
    this.#button = button;
    this.#panel = panel;
    button.addEventListener("click", () => (this.open ? this.close() : this.#open()));
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.open) return;
      event.preventDefault(); // Escape has done its work: a chat inside a website stays open
      this.close();
      button.focus();
    });
    addEventListener("pointerdown", ({ target }) => !this.#holds(target) && this.close());
    panel.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.#holds(relatedTarget)) this.close();
    });
  }

  get open() {
    return !this.#panel.hidden;
  }

  close() {
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #open() {
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
  }

  #holds(node) {
    return this.#panel.contains(node) || this.#button.contains(node);
  }
}
