/**
 * What the reader chose: text size, theme, language. Kept in this browser, shared by its tabs.
 */

import { load, save, watch } from "./storage.js";
import { setLanguage } from "./strings.js";

const KEY = "look";
const DEFAULT = { size: "m", theme: "auto", language: "vi" };
const BAR = { light: "#006af5", dark: "#252627" };
const night = matchMedia("(prefers-color-scheme: dark)");

/** The current choices. */
export const look = () => ({ ...DEFAULT, ...load(KEY) });

/** The language of whoever has not chosen one: that of the website around the chat. */
export function suggestLanguage(name) {
  if (name !== "vi" && name !== "en") return;
  DEFAULT.language = name;
  apply();
}

/** Changes one choice and shows it. */
export function choose(name, value) {
  save(KEY, { ...look(), [name]: value });
  apply();
}

/** Applies the choices now and whenever the device or another tab changes them; `onlanguage` redraws texts. */
export function startLook(onlanguage) {
  languageChanged = onlanguage;
  night.addEventListener("change", apply);
  watch(KEY, apply);
  apply();
}

let languageChanged = () => {};
let language = null;

function apply() {
  const chosen = look();
  const theme = chosen.theme === "auto" ? (night.matches ? "dark" : "light") : chosen.theme;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.size = chosen.size;
  document.querySelector('meta[name="theme-color"]').content = BAR[theme];
  for (const input of document.querySelectorAll("#menu input")) input.checked = chosen[input.name] === input.value;
  if (language !== chosen.language) {
    language = chosen.language;
    setLanguage(language);
    languageChanged();
  }
}
