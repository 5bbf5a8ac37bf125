/**
 * Puts the chat onto another website: <script async src="https://…/widget.js"></script>
 *
 * - Nothing is shown before the server said that this website may show the chat.
 * - All of it lies in one shadow root; the chat itself in a frame of the server's, made when it is first opened.
 * - Messages pass between page and frame only with the server's origin, and no secret is among them.
 * A page that already has Zalo's <div class="zalo-chat-widget" data-…> keeps it: the names of its data are understood.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  const server = new URL(script.src).origin;
  const PREFIX = "award-chat:";
  const READY_WAIT = 15000;
  const SMALL = matchMedia("(max-width: 669.98px)");
  const TEXTS = {
    vi: {
      open: "Mở khung chat với trợ lý", close: "Đóng khung chat", title: "Trợ lý Giải thưởng Chất lượng Quốc gia",
      dismiss: "Ẩn lời mời", unread: "tin nhắn mới", failed: "Chưa mở được khung chat.", page: "Mở trang trò chuyện (thẻ mới)",
    },
    en: {
      open: "Open the chat with the assistant", close: "Close the chat", title: "National Quality Award Assistant",
      dismiss: "Hide the invitation", unread: "new messages", failed: "The chat could not be opened.", page: "Open the chat page (new tab)",
    },
  };
  const STYLE = `
    :host { all: initial; color: #141415; font: 16px/1.4 -apple-system, system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; border: 0; padding: 0; cursor: pointer; color: inherit; background: none; }
    :focus-visible { outline: 3px solid #0250b6; outline-offset: 2px; }
    .place { position: fixed; right: calc(20px + env(safe-area-inset-right)); bottom: calc(20px + env(safe-area-inset-bottom)); z-index: 2147483000;
      display: flex; align-items: flex-end; gap: 12px; }
    .launch { position: relative; display: grid; place-items: center; width: 56px; height: 56px; border-radius: 50%; background: #006af5; color: #fff;
      border: 2px solid #fff; box-shadow: 0 4px 16px rgb(8 28 54 / 30%); }
    .badge { position: absolute; top: -6px; right: -6px; min-width: 24px; padding: 1px 6px; border-radius: 12px; background: #c81a13; color: #fff; font-size: 13px; font-weight: 600; text-align: center; }
    .teaser { display: flex; align-items: flex-start; max-width: min(260px, calc(100vw - 120px)); border-radius: 12px; background: #fff; border: 1px solid #d6d9dc; box-shadow: 0 4px 16px rgb(8 28 54 / 18%); }
    .say { padding: 10px 0 10px 14px; text-align: left; overflow-wrap: anywhere; }
    .hide { flex: none; width: 36px; height: 36px; font-size: 18px; color: #53575a; }
    dialog { position: fixed; inset: auto 20px 88px auto; z-index: 2147483001; width: min(var(--width), calc(100vw - 40px)); height: min(var(--height), calc(100vh - 108px));
      max-width: none; max-height: none; margin: 0; padding: 0; border: 1px solid #d6d9dc; border-radius: 14px; background: #eef0f1; color: inherit; overflow: hidden;
      box-shadow: 0 12px 40px rgb(8 28 54 / 28%); }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .failed { padding: 24px; } .failed a { color: #0250b6; } .failed button { margin-top: 12px; min-height: 44px; padding: 0 18px; border: 1px solid #767a7f; border-radius: 8px; }
    @media (max-width: 669.98px) { dialog { inset: 0; width: 100%; height: 100vh; height: 100dvh; border: 0; border-radius: 0; } dialog::backdrop { background: #eef0f1; } }
    @media (forced-colors: active) { .launch, .badge { border: 2px solid ButtonText; } }
    @media print { .place, dialog { display: none !important; } }`;

  const make = (tag, facts = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(facts)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const drawing = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const facts = { viewBox: "0 0 24 24", width: 28, height: 28, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round", "stroke-linecap": "round", "aria-hidden": "true" };
    for (const [name, value] of Object.entries(facts)) svg.setAttribute(name, value);
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  /** Once in this visit: what was dismissed or opened by itself does not come again on the next page. */
  const once = (what) => {
    try {
      if (sessionStorage.getItem(PREFIX + what)) return false;
      sessionStorage.setItem(PREFIX + what, "1");
    } catch {
      // no storage: once a page, then
    }
    return true;
  };
  const number = (text, least, most, otherwise) => {
    const value = Number.parseInt(text, 10);
    return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
  };

  function show(wish) {
    const language = (wish.language || document.documentElement.lang || "vi").toLowerCase().startsWith("en") ? "en" : "vi";
    const t = TEXTS[language];
    const host = document.createElement("award-chat");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE); // a sheet made by script passes a policy that forbids inline styles
    root.adoptedStyleSheets = [sheet];
    const badge = make("span", { class: "badge", hidden: "" });
    const launch = make("button", { type: "button", class: "launch", "aria-label": t.open, "aria-expanded": "false" },
      drawing("M4 5h16v11H10l-5 4v-4H4z"), badge);
    const place = make("div", { class: "place" }, launch);
    const dialog = make("dialog", { "aria-label": t.title });
    dialog.style.setProperty("--width", `${number(wish.width, 280, 900, 380)}px`);
    dialog.style.setProperty("--height", `${number(wish.height, 320, 1000, 640)}px`);
    root.append(place, dialog);
    let frame = null;
    let ready = false;
    let wanted = false; // somebody asked for it, so the focus may go there
    let timer;

    const tell = (type, facts = {}) => ready && frame.contentWindow.postMessage({ type: PREFIX + type, ...facts }, server);
    const count = (unread) => {
      badge.hidden = !unread;
      badge.textContent = unread || "";
      launch.setAttribute("aria-label", dialog.open ? t.close : unread ? `${t.open} (${unread} ${t.unread})` : t.open);
    };
    const fail = () => {
      const again = make("button", { type: "button" }, t.close);
      again.addEventListener("click", () => close());
      const link = make("a", { href: `${server}/`, target: "_blank", rel: "noopener" }, t.page);
      dialog.replaceChildren(make("div", { class: "failed", role: "alert" }, make("p", {}, t.failed), link, make("br"), again));
      frame = null; // the next opening tries again
    };
    const load = () => {
      frame = make("iframe", { title: t.title, allow: "clipboard-write", src: `${server}/widget` });
      const loading = frame;
      loading.hidden = true;
      loading.addEventListener("load", () => loading.contentWindow.postMessage({ type: `${PREFIX}hello`, language }, server));
      dialog.replaceChildren(loading);
      clearTimeout(timer);
      timer = setTimeout(() => !ready && fail(), READY_WAIT);
    };
    const open = (asked) => {
      wanted = asked;
      root.querySelector(".teaser")?.remove();
      if (!frame) load();
      if (!asked) dialog.setAttribute("open", ""); // opened by itself: the focus stays where the reader is
      else if (SMALL.matches) dialog.showModal();
      else dialog.show();
      launch.setAttribute("aria-expanded", "true");
      count(0);
      arrive();
    };
    const arrive = () => {
      if (!ready) return;
      if (wanted) frame.focus();
      tell("opened", { asked: wanted });
    };
    const close = () => dialog.open && dialog.close();
    dialog.addEventListener("close", () => {
      launch.setAttribute("aria-expanded", "false");
      count(0);
      tell("closed");
      launch.focus();
    });
    launch.addEventListener("click", () => (dialog.open ? close() : open(true)));
    SMALL.addEventListener("change", () => {
      if (!dialog.open) return;
      dialog.removeAttribute("open"); // a turned phone: the same chat, in the other of its two forms
      open(true);
    });
    addEventListener("message", ({ source, origin, data }) => {
      if (origin !== server || !frame || source !== frame.contentWindow || typeof data?.type !== "string") return;
      if (data.type === `${PREFIX}ready` && !ready) {
        ready = true;
        clearTimeout(timer);
        frame.hidden = false;
        if (dialog.open) arrive();
      } else if (data.type === `${PREFIX}close`) close();
      else if (data.type === `${PREFIX}unread`) count(dialog.open ? 0 : number(data.count, 0, 99, 0));
    });

    if (wish.welcomeMessage && once("welcome")) {
      const say = make("button", { type: "button", class: "say" }, wish.welcomeMessage);
      const hide = make("button", { type: "button", class: "hide", "aria-label": t.dismiss }, "×");
      const teaser = make("div", { class: "teaser" }, say, hide);
      say.addEventListener("click", () => open(true));
      hide.addEventListener("click", () => (teaser.remove(), launch.focus()));
      place.prepend(teaser);
    }
    const seconds = number(wish.autopopup, 0, 3600, 0);
    if (seconds && !SMALL.matches) setTimeout(() => !dialog.open && once("popup") && open(false), seconds * 1000);
    document.body.append(host);
  }

  async function start() {
    try {
      const answer = await fetch(`${server}/widget/hello`, { credentials: "omit", cache: "no-store" });
      if (!answer.ok || document.querySelector("award-chat")) return;
      show({ ...document.querySelector(".award-chat-widget, .zalo-chat-widget")?.dataset, ...script.dataset });
    } catch {
      // away, or not for this website: the page stays as it is
    }
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
