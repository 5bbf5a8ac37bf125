/**
 * Puts the page together; the only module that knows the others.
 */

import { Announcer } from "./announcer.js";
import { Api } from "./api.js";
import { dayKey } from "./clock.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { startConversationMenu } from "./conversation-menu.js";
import { Frame, framed } from "./frame.js";
import { choose, startLook, suggestLanguage } from "./look.js";
import { Menu } from "./menu.js";
import { spoken } from "./message.js";
import { Outbox } from "./outbox.js";
import { openPicture } from "./picture.js";
import { Presence } from "./presence.js";
import { Scroller } from "./scroller.js";
import { Session } from "./session.js";
import { t } from "./strings.js";
import { Transcript } from "./transcript.js";

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
const presence = new Presence({
  parts: { line: $("presence"), banner: $("banner"), bannerText: $("banner-text"), dots: $("typing") },
  follow: (change) => scroller.follow(change, { counts: false }),
  say: (sentence) => announcer.say(sentence),
});
const menu = new Menu({ button: $("menu-button"), panel: $("menu") });
const frame = new Frame({ hello: met, opened: shown });

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
  else if (event === "typing") presence.typing(value.on === true);
  else if (event === "receipt") transcript.receipt(value.seq, value.state);
  else if (event === "error") fail(value);
}

function arrive(message, polled) {
  if (message.role !== "user") presence.typing(false);
  if (message.answer?.anew) forget();
  const element = scroller.follow(() => transcript.put(message, { inferred: polled }), { counts: message.role !== "user" });
  if (!element || message.role === "user") return;
  announcer.say(message.role === "assistant" ? spoken(message) : message.text);
  if (away()) {
    missed += 1;
    document.title = `(${missed}) ${t("name")}`;
    frame.unread(missed);
  }
  reportSeen();
}

/** Nobody can see the chat: another tab is in front, or the website around it has closed it. */
const away = () => document.hidden || !frame.open;

/** Everything was deleted on request: what is on the screen goes too, only the sentence that says so stays. */
function forget() {
  session.note({ greeting: [] });
  outbox.clear();
  transcript.clear();
  composer.text = "";
}

/** An answer failed for good: say so once, with the id staff can look up, and offer to ask again. */
function fail({ detail, error_id: id }) {
  presence.typing(false);
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
    if (away() || !transcript.hasOwn || !current || current.token !== shownToken || seq <= (current.seen ?? 0)) return;
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
  if (error.status === 429) composer.complain(t("too_fast"));
  else if (stuck) scroller.follow(() => transcript.mark(id, "stuck"));
}

function refused({ id }, detail) {
  scroller.follow(() => transcript.mark(id, "refused"));
  composer.complain(detail ?? t("refused"));
}

function onstate(next) {
  if (presence.connection(next)) outbox.flush();
}

// ---- menu

for (const input of document.querySelectorAll("#menu input")) {
  input.addEventListener("change", () => scroller.follow(() => choose(input.name, input.value), { counts: false }));
}

startConversationMenu({
  menu, api, session, startOver,
  talked: () => transcript.hasOwn,
  onfailed: () => composer.complain(t("action_failed")),
  ondeleted: () => {
    transcript.note({ key: "deleted" });
    announcer.say(t("deleted"));
  },
});

/** Empties the page after `change` gave up the old conversation; the connection then opens the new one. */
async function startOver(change) {
  await change();
  outbox.clear();
  transcript.clear();
  composer.text = "";
  composer.complain("");
  presence.typing(false);
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

document.addEventListener("visibilitychange", () => document.hidden || back());

/** The person looks at the chat again. */
function back() {
  if (away()) return;
  missed = 0;
  document.title = t("name");
  outbox.flush();
  reportSeen();
}

/** A website that may show the chat has said hello: not before that is a conversation begun. */
function met({ language }) {
  suggestLanguage(language);
  connection.start();
}

/** The website around the chat opened it; the caret moves only for somebody who asked for that. */
function shown({ asked }) {
  back();
  scroller.toEnd();
  if (asked) composer.focus();
}

if (framed) {
  $("close-button").addEventListener("click", () => frame.close());
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && !document.querySelector("dialog[open]")) frame.close();
  });
}
addEventListener("online", () => outbox.flush());
document.addEventListener("rate", async ({ detail: { done, ...rated } }) => {
  const current = session.current;
  const kept = current && (await api.rate(current.token, rated).then(() => true, () => false));
  if (kept) transcript.rated(rated.turn, rated.rating);
  done(Boolean(kept));
});
document.addEventListener("zoom", ({ detail }) => openPicture($("picture"), detail));
document.addEventListener("chip", ({ detail }) => chip(detail));
document.addEventListener("say", ({ detail }) => announcer.say(detail));

startLook(() => {
  transcript.redraw();
  composer.redraw();
  presence.show();
});
for (const item of outbox.items()) transcript.putWaiting(item);
onstate("connecting");
if (!framed) {
  connection.start();
  composer.focus();
}
