// Puts what the server drew into the page, without disturbing the reader: focus,
// scroll and unfolded quotes stay.

import { $, body, fragment, now } from "./page.js";
import { send } from "./link.js";
import { endNight } from "./stage.js";

let spoken = Promise.resolve(); // one announcement after the other

// While a button is held down nothing under it is replaced, or the click would
// be lost; what came meanwhile is drawn on release.
let held = false;
const later = new Map();

export function hold(down) {
  if (held === down) return;
  held = down;
  if (held) return;
  const all = [...later];
  later.clear();
  for (const [name, html] of all) region(name, html);
}

// region replaces a part of the page, and gives the focus back to where it was.
export function region(name, html) {
  const old = $(name);
  if (!old) return;
  if (held) return void later.set(name, html);
  const next = fragment(html);
  if (next.innerHTML === old.innerHTML) return;
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const key = focus && (focus.id ? "#" + CSS.escape(focus.id) : focus.dataset.paneLink ? `[data-pane-link="${CSS.escape(focus.dataset.paneLink)}"]` : "");
  const opened = [...old.querySelectorAll("details[open][id]")].map((one) => one.id);
  const nightOpen = old.querySelector(".night:not([hidden])");
  if (nightOpen && next.querySelector(`[data-night="${CSS.escape(nightOpen.dataset.night)}"]`)) return;
  if (nightOpen) endNight();
  const said = sentence();
  old.replaceChildren(...next.childNodes);
  if (sentence() !== said) announce(sentence());
  for (const id of opened) if ($(id)) $(id).open = true;
  if (key) old.querySelector(key)?.focus();
  else if (focus) (old.querySelector(".stage-main") || $("say") || $("pane-name"))?.focus();
}

// sentence is what the tour says.
const sentence = () => document.querySelector(".stage-sentence")?.textContent || "";

// place puts a message where it belongs: new at its place, changed in place.
export function place(put) {
  const old = $(put.id);
  if (put.gone) {
    if (old) old.remove();
    days();
    return empty();
  }
  const item = fragment(put.html).querySelector("li.msg");
  if (!item) return;
  if (old) change(old, item);
  else insert(item, put);
  empty();
  if (put.say) announce(put.say);
  if (put.mine && !old) $(put.id).scrollIntoView({ block: "nearest" });
}

function change(old, item) {
  const before = old.querySelector(":scope > .body");
  const after = item.querySelector(":scope > .body");
  const focus = before.contains(document.activeElement) ? document.activeElement : null;
  const folds = [...before.querySelectorAll("details.fold")].map((one) => one.open);
  const same = old.dataset.edits === item.dataset.edits; // drawn anew, but saying the same
  old.dataset.edits = item.dataset.edits;
  before.replaceWith(after);
  after.querySelectorAll("details.fold").forEach((one, i) => { one.open = Boolean(folds[i]); });
  old.className = item.className;
  if (!same) flash(old);
  if (focus) {
    const again = focus.dataset.do && after.querySelector(`[data-do="${CSS.escape(focus.dataset.do)}"]`);
    const to = again || after.querySelector("button, a, select") || after;
    if (to === after) after.tabIndex = -1;
    to.focus({ preventScroll: true });
  }
}

function flash(item) {
  item.classList.remove("changed");
  void item.offsetWidth; // restarts the animation
  item.classList.add("changed");
}

function insert(item, put) {
  const parent = put.parent && $(put.parent);
  const list = parent ? parent.querySelector(":scope > .thread") : $("stream");
  if (!list) return;
  const later = [...list.children].find((one) => (newestFirst() ? Number(one.dataset.seq) < put.seq : Number(one.dataset.seq) > put.seq));
  list.insertBefore(item, later || null);
  item.classList.add("arrived");
  days();
}

const newestFirst = () => body.dataset.pane === "outside";

// threads moves replies under what they answer, in a page just drawn.
export function threads() {
  for (const item of document.querySelectorAll("#stream > li[data-parent]")) {
    const list = $(item.dataset.parent)?.querySelector(":scope > .thread");
    if (list) list.append(item);
  }
}

// days says the day above the first message of each.
export function days() {
  let day = "";
  for (const item of document.querySelectorAll("#stream > li.msg")) {
    const first = item.dataset.day !== day;
    day = item.dataset.day;
    let sign = item.querySelector(":scope > .day");
    if (!first && sign) sign.remove();
    if (first && !sign) {
      sign = document.createElement("p");
      sign.className = "day";
      sign.textContent = item.dataset.dayIn;
      item.prepend(sign);
    }
  }
}

function empty() {
  if ($("empty")) $("empty").hidden = Boolean($("stream").querySelector("li.msg"));
}

// mark draws the eye to the next click.
export function mark() {
  document.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
  if (!now.point || now.point.pane !== body.dataset.pane || !now.point.action) return;
  const arg = now.point.arg ? `[data-arg="${CSS.escape(now.point.arg)}"]` : "";
  const all = document.querySelectorAll(`#stream [data-action="${CSS.escape(now.point.action)}"]${arg}`);
  const last = all[all.length - 1];
  if (last) last.classList.add("here");
}

export function announce(text) {
  spoken = spoken.then(() => new Promise((done) => {
    $("announce").textContent = text;
    setTimeout(done, 150);
  }));
}

let toastTimer = 0;
export function toast(text) {
  const box = $("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 7000);
}

// The end of the messages stays in sight when the space for them shrinks.
let stuck = true;
const room = new ResizeObserver(() => stuck && bottom());
export function watchRoom() {
  room.disconnect();
  stuck = true;
  if ($("scroll")) room.observe($("scroll"));
}

// grown keeps the end in sight when a picture took its place.
export const grown = () => stuck && bottom();

const scroller = () => $("scroll");
export function scrolled() {
  stuck = atBottom();
  if (!stuck) return;
  $("newer").hidden = true;
  seen();
}
export function atBottom() {
  const box = scroller();
  return !box || newestFirst() || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}
export function bottom() {
  const box = scroller();
  if (box) box.scrollTop = newestFirst() ? 0 : box.scrollHeight;
  if ($("newer")) $("newer").hidden = true;
}
export function seen() {
  if (document.visibilityState === "visible" && $("stream") && atBottom()) {
    send({ kind: "seen", channel: body.dataset.pane, seq: now.seq });
  }
}
