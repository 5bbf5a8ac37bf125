/**
 * A picture of an answer, large: fitted to the window first, then at its own size to be scrolled.
 */

import { make } from "./element.js";
import { openDialog } from "./dialog.js";
import { t } from "./strings.js";

/** Shows `src` in `dialog`; the keyboard goes back to `opener`. */
export function openPicture(dialog, { src, alt, opener }) {
  const picture = make("img", { src, alt });
  const box = make("div", { class: "canvas", tabindex: "0", role: "group", "aria-label": t("picture") }, picture);
  const size = make("button", { type: "button", class: "button", "aria-pressed": "false" }, t("picture_actual"));
  const resize = () => {
    const actual = box.classList.toggle("actual");
    size.setAttribute("aria-pressed", String(actual));
  };
  size.addEventListener("click", resize);
  picture.addEventListener("click", resize);
  const open = make("a", { class: "button", href: src, target: "_blank", rel: "noopener" }, t("picture_open"));
  const close = make("button", { type: "button", class: "button primary", value: "close" }, t("close"));
  dialog.setAttribute("aria-label", alt || t("picture"));
  dialog.replaceChildren(box, make("div", { class: "actions" }, size, open, close));
  openDialog(dialog, opener);
  close.focus();
}
