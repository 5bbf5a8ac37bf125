/**
 * The two dialogs: a notice to read and a question to confirm. The browser keeps the focus inside.
 */

import { t } from "./strings.js";

/** Opens `dialog`; when it closes, the keyboard goes back to `opener`. */
export function openDialog(dialog, opener) {
  if (!dialog.dataset.ready) {
    dialog.dataset.ready = "yes";
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || target.closest("[value=close]")) dialog.close();
    });
  }
  dialog.addEventListener("close", () => opener.focus(), { once: true });
  dialog.showModal();
}

/** Asks with `title`, `text` and the button `yes`; `act` runs on yes, and the dialog stays open if it fails. */
export function confirmWith(dialog, { opener, title, text, yes, danger = false, act }) {
  const part = (name) => dialog.querySelector(`#confirm-${name}`);
  const button = part("yes");
  part("title").textContent = title;
  part("text").textContent = text;
  part("problem").textContent = "";
  button.textContent = yes;
  button.classList.toggle("danger", danger);
  button.onclick = async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await act();
      dialog.close();
    } catch (error) {
      part("problem").textContent = error.detail ?? t("action_failed");
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  openDialog(dialog, opener);
}
