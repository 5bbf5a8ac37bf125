/**
 * Puts the page together; the only module that knows the others.
 */

import { Announcer } from "./announcer.js";
import { Api } from "./api.js";
import { dayKey, dayMonthYear, instant } from "./clock.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { confirmWith, openDialog } from "./dialog.js";
import { choose, startLook } from "./look.js";
import { Menu } from "./menu.js";
import { spoken } from "./message.js";
import { Outbox } from "./outbox.js";
import { Scroller } from "./scroller.js";
import { Session } from "./session.js";
import { t } from "./strings.js";
import { drawText } from "./text.js";
import { Transcript } from "./transcript.js";

const BANNER_AFTER = 3_000;
const TYPING_MAX = 60_000; // the server repeats "typing"; a lost "off" must not leave dots for ever
const SEEN_DELAY = 400;
const TAB_WAIT = 1_500;
const PAGE = 20; // a shorter page of history is surely the last

const $ = (id) => document.getElementById(id);

const api = new Api();
const session = new Session(api);
const announcer = new Announcer($("live"));
const outbox = new Outbox({
  send: async (item) => api.send((await session.ensure()).token, item),
  on: { sent, waiting, refused, unauthorized: renew },
});
const transcript = new Transcript($("list"), {
  on: { chip, resend, edit },
  titleOf: (id) => outbox.title(id),
});
const scroller = new Scroller({ box: $("scroll"), button: $("jump"), label: $("jump-label"), onscroll: reportSeen });
const composer = new Composer({
  form: $("composer"), input: $("input"), send: $("send"), counter: $("counter"), problem: $("problem"), onsend: submit,
});
const connection = new Connection({ api, prepare, onframe, onstate, onunauthorized: renew });
const menu = new Menu({ button: $("menu-button"), panel: $("menu") });

let shownToken = null; // whose messages are on the screen
let replacedToken = null; // stream and outbox may both learn that it expired
let missed = 0; // arrived while the tab was hidden

// ---- session and history

/** Session and history, both there before the stream opens; returns the token. */
async function prepare() {
  const current = await session.ensure();
  if (shownToken !== current.token) await showSession(current);
  return current.token;
}

/** Loads one conversation onto the screen, in place of another one if there was one. */
async function showSession(current) {
  const past = [];
  for (let after = 0, more = true; more; ) {
    const page = await api.history(current.token, after);
    past.push(...page);
    const last = past.at(-1)?.seq ?? 0;
    more = page.length >= PAGE && last > after;
    after = last;
  }
  if (session.current?.token !== current.token || shownToken === current.token) return;
  if (shownToken !== null) transcript.clear();
  shownToken = current.token;
  for (const message of [...past, ...(current.greeting ?? [])]) transcript.put(message, { inferred: true });
  for (const item of outbox.items()) transcript.putWaiting(item);
  connection.cursor = transcript.lastSeq;
  scroller.toEnd();
  reportSeen();
  outbox.flush();
}

/** The server refused `token`: go on in a new session, with what is on the screen kept as past. */
async function renew(token) {
  const fresh = await session.ensure(token);
  if (token === replacedToken || shownToken === fresh.token) return;
  replacedToken = token;
  const talked = transcript.hasOwn;
  if (shownToken !== null && talked) {
    transcript.archive();
    shownToken = fresh.token;
    for (const item of outbox.items()) transcript.putWaiting(item);
    connection.start(Math.max(0, ...(fresh.greeting ?? []).map(({ seq }) => seq)));
  } else {
    connection.start();
  }
  scroller.follow(() => transcript.note({ key: "renewed" }));
  announcer.say(t("renewed"));
  outbox.flush();
}

/** Another tab began or deleted a conversation. */
session.watch(() => {
  const token = session.current?.token ?? null;
  if (token === shownToken) return;
  if (token) return connection.start();
  connection.stop();
  transcript.clear();
  shownToken = null;
  setTimeout(() => shownToken === null && connection.start(), TAB_WAIT); // the other tab opens the next one
});

outbox.watch(() => {
  const items = outbox.items();
  transcript.keepWaiting(items.map(({ id }) => id));
  for (const item of items) transcript.putWaiting(item);
});

// ---- what the server sends

function onframe(event, value, polled) {
  if (event === "message") arrive(value, polled);
  else if (event === "typing") setTyping(value.on === true);
  else if (event === "receipt") transcript.receipt(value.seq, value.state);
  else if (event === "error") fail(value);
}

function arrive(message, polled) {
  if (message.role !== "user") setTyping(false);
  if (message.answer?.anew) forget();
  const element = scroller.follow(() => transcript.put(message, { inferred: polled }), { counts: message.role !== "user" });
  if (!element || message.role === "user") return;
  announcer.say(message.role === "assistant" ? spoken(message) : message.text);
  if (document.hidden) {
    missed += 1;
    document.title = `(${missed}) ${t("name")}`;
  }
  reportSeen();
}

/** Everything was deleted on request: what is on the screen goes too, only the sentence that says so stays. */
function forget() {
  session.note({ greeting: [] });
  outbox.clear();
  transcript.clear();
  composer.text = "";
}

/** An answer failed for good: say so once, with the id staff can look up, and offer to ask again. */
function fail({ detail, error_id: id }) {
  setTyping(false);
  const sentence = detail ?? t("error_reply");
  const question = transcript.lastOwn;
  const suggestions = question ? [{ title: t("ask_again"), payload: question.text, face: question.title ?? question.text }] : [];
  const text = id ? `${sentence}\n${t("error_id", { id })}` : sentence;
  scroller.follow(() => transcript.note({ text, problem: true, suggestions }));
  announcer.say(sentence);
}

let seenTimer;
function reportSeen() {
  clearTimeout(seenTimer);
  seenTimer = setTimeout(async () => {
    const seq = transcript.seenSeq(scroller.bottom);
    const current = session.current;
    if (document.hidden || !transcript.hasOwn || !current || current.token !== shownToken || seq <= (current.seen ?? 0)) return;
    session.note({ seen: seq });
    await api.seen(current.token, seq).catch(() => {}); // the next receipt covers this one
  }, SEEN_DELAY);
}

// ---- what the person sends

function submit(text, title = null) {
  if (outbox.full) {
    composer.complain(t("outbox_full"));
    return false;
  }
  const item = outbox.add(text, title);
  transcript.putWaiting(item);
  scroller.toEnd();
  outbox.flush();
  return true;
}

function chip({ title, payload, face = title }) {
  if (!submit(payload, face)) return;
  moveOn();
}

/** The button just used is going away: give the keyboard a place to stay. */
function moveOn() {
  if (!composer.focus()) $("scroll").focus({ preventScroll: true });
}

function resend(id) {
  composer.complain("");
  transcript.mark(id, "sending");
  outbox.retry(id);
  moveOn();
  connection.wake(false);
}

function edit(id) {
  const item = outbox.items().find((one) => one.id === id);
  outbox.remove(id);
  transcript.remove(id);
  if (item) composer.text = [composer.text, item.text].filter(Boolean).join("\n");
  composer.focus({ evenTouch: true });
}

function sent({ id }, seq) {
  transcript.settle(id, seq);
  composer.complain("");
  connection.expectReply();
}

function waiting({ id }, error, stuck) {
  if (error.status === 429) composer.complain(error.detail ?? t("too_fast"));
  else if (stuck) scroller.follow(() => transcript.mark(id, "stuck"));
}

function refused({ id }, detail) {
  scroller.follow(() => transcript.mark(id, "refused"));
  composer.complain(detail ?? t("refused"));
}

// ---- presence

let state = "connecting";
let typing = false;
let lost = false;
let typingTimer;
let bannerTimer;

function onstate(next) {
  if (next === "open") {
    clearTimeout(bannerTimer);
    bannerTimer = null;
    if (lost) announcer.say(t("reconnected"));
    lost = false;
    if (state !== "open") outbox.flush();
  } else {
    setTyping(false);
    bannerTimer ??= setTimeout(() => {
      lost = true;
      announcer.say(t("reconnecting"));
      showPresence();
    }, BANNER_AFTER);
  }
  state = next;
  showPresence();
}

function setTyping(on) {
  clearTimeout(typingTimer);
  if (on) typingTimer = setTimeout(() => setTyping(false), TYPING_MAX);
  if (typing === on) return;
  typing = on;
  scroller.follow(() => void ($("typing").hidden = !on), { counts: false });
  showPresence();
}

function showPresence() {
  // A short break is nobody's business: "open" stays until the banner comes.
  const shown = lost ? "down" : typing ? "typing" : everOpen() ? "open" : "connecting";
  const line = $("presence");
  line.dataset.state = shown;
  line.dataset.t = `presence_${shown}`;
  line.textContent = t(line.dataset.t);
  if ($("banner").hidden === lost) scroller.follow(() => void ($("banner").hidden = !lost), { counts: false });
}

let opened = false;
function everOpen() {
  opened ||= state === "open";
  return opened;
}

// ---- menu

for (const input of document.querySelectorAll("#menu input")) {
  input.addEventListener("change", () => scroller.follow(() => choose(input.name, input.value), { counts: false }));
}

$("privacy-button").addEventListener("click", () => {
  menu.close();
  const until = session.current?.expires_at;
  const text = t("privacy_text", { date: until ? dayMonthYear(dayKey(instant(until))) : "…" });
  $("privacy-text").replaceChildren(...drawText(text));
  openDialog($("privacy"), $("menu-button"));
});

$("new-button").addEventListener("click", () => {
  menu.close();
  const act = () => startOver(() => session.replace());
  if (!transcript.hasOwn) return void act().catch(() => composer.complain(t("action_failed")));
  confirmWith($("confirm"), {
    opener: $("menu-button"), title: t("new_chat"), text: t("new_chat_ask"), yes: t("new_chat_yes"), act,
  });
});

$("delete-button").addEventListener("click", () => {
  menu.close();
  confirmWith($("confirm"), {
    opener: $("menu-button"), title: t("delete_chat"), text: t("delete_ask"), yes: t("delete_yes"), danger: true,
    act: async () => {
      await startOver(() => session.erase());
      transcript.note({ key: "deleted" });
      announcer.say(t("deleted"));
    },
  });
});

/** Empties the page after `change` gave up the old conversation; the connection then opens the new one. */
async function startOver(change) {
  await change();
  outbox.clear();
  transcript.clear();
  composer.text = "";
  composer.complain("");
  setTyping(false);
  shownToken = null;
  connection.start();
}

// ---- the page itself

/** iOS lays its keyboard over the page instead of resizing it: follow the part that can be seen. */
function fitKeyboard() {
  const view = window.visualViewport;
  const covered = view.scale === 1 && window.innerHeight - view.height > 80;
  if (!covered) return document.documentElement.style.removeProperty("--height");
  document.documentElement.style.setProperty("--height", `${view.height}px`);
  window.scrollTo(0, 0);
}
window.visualViewport?.addEventListener("resize", fitKeyboard);

let today = dayKey(new Date());
setInterval(() => {
  if (today === dayKey(new Date())) return;
  today = dayKey(new Date());
  transcript.refreshDays();
}, 30_000);

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  missed = 0;
  document.title = t("name");
  outbox.flush();
  reportSeen();
});
addEventListener("online", () => outbox.flush());
document.addEventListener("rate", async ({ detail: { done, ...rated } }) => {
  const current = session.current;
  const kept = current && (await api.rate(current.token, rated).then(() => true, () => false));
  if (kept) transcript.rated(rated.turn, rated.rating);
  done(Boolean(kept));
});
document.addEventListener("chip", ({ detail }) => chip(detail));
document.addEventListener("say", ({ detail }) => announcer.say(detail));

startLook(() => {
  transcript.redraw();
  composer.redraw();
  showPresence();
});
for (const item of outbox.items()) transcript.putWaiting(item);
onstate("connecting");
connection.start();
composer.focus();
