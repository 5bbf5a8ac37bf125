/* Sets theme, text size and language before the first paint, so that a dark page does not flash white.
   A classic script on purpose: modules run too late, and the page's policy allows no inline script. */
(() => {
  let look = {};
  try {
    look = JSON.parse(localStorage.getItem("award.chat.look")) ?? {};
  } catch {
    // Storage is blocked or holds something odd: the defaults do.
  }
  const page = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = look.theme === "dark" || look.theme === "light" ? look.theme : night ? "dark" : "light";
  page.dataset.theme = theme;
  page.dataset.size = ["s", "m", "l"].includes(look.size) ? look.size : "m";
  page.lang = look.language === "en" ? "en" : "vi";
})();
