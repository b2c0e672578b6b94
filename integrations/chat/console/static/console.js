// The page keeps no state of its own beyond what is typed: the server draws
// everything, and says over one WebSocket what changed since the revision that
// this page has. Nothing that came from a person is ever put into the page but
// as text, or as HTML that the server escaped.

import { $, body, narrow, now } from "./page.js";
import { connect } from "./link.js";
import { atBottom, bottom, grown, hold, mark, place, region, scrolled, seen } from "./draw.js";
import { complete, enterThread, forgetDrafts, grow, keepDraft, leaveThread, note, submitLine, takeOffer, typing } from "./compose.js";
import { press } from "./press.js";
import { count, seek, sendForm } from "./forms.js";
import { choose, drop, missing } from "./pictures.js";
import { endNight, night } from "./stage.js";
import { drawer, go, settle } from "./turn.js";

let leaving = false; // the page loads anew: nothing more is drawn into this one

// received brings the page to the state that the server says.
function received(news) {
  if (leaving) return;
  if (news.epoch !== body.dataset.epoch || news.mode !== body.dataset.mode) {
    if (news.epoch !== body.dataset.epoch) forgetDrafts();
    leaving = true;
    return location.reload();
  }
  if (news.pane !== body.dataset.pane) return; // sent before the page turned: what it shows now comes by itself
  const puts = news.puts || [];
  const stick = atBottom();
  for (const put of puts) place(put);
  for (const [name, html] of Object.entries(news.regions || {})) region(name, html);
  now.seq = Math.max(now.seq, news.seq);
  now.point = news.point || null;
  mark();
  if (puts.length && stick) bottom();
  else if (puts.some((put) => put.say && !put.parent)) $("newer").hidden = false;
  seen();
  night();
}

document.addEventListener("click", (event) => {
  const at = event.target.closest("a, button, .offer, [data-drawer-close]");
  for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(event.target)) open.open = false;
  if (!at) return;
  const item = at.closest("li.msg");
  const data = at.dataset;
  if (at.matches("[data-pane-link]") && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    go(at.getAttribute("href"));
  } else if (data.do) {
    press(at, { kind: "click", message: item.id, callback: data.do });
  } else if (data.shortcut) {
    press(at, { kind: "shortcut", message: item.id, text: data.shortcut });
  } else if (data.tour) {
    press(at, { kind: "tour", text: data.tour });
    if (at.closest(".night")) endNight();
  } else if (data.lang) {
    if (at.getAttribute("aria-pressed") !== "true") press(at, { kind: "lang", text: data.lang });
  } else if ("reply" in data) {
    enterThread(item);
  } else if ("threadClose" in data) {
    leaveThread();
    $("say").focus();
  } else if ("drawer" in data) {
    drawer(true);
  } else if ("drawerClose" in data) {
    drawer(false);
    document.querySelector("[data-drawer]")?.focus();
  } else if ("close" in data) {
    at.closest("dialog").close();
  } else if ("yes" in data && at.closest("#confirm-dialog")) {
    $("confirm-dialog").close("yes");
  } else if ("no" in data && at.closest("#confirm-dialog")) {
    $("confirm-dialog").close("no");
  } else if ("drop" in data) {
    drop(at);
  } else if (at.matches(".offer")) {
    takeOffer(at);
  } else if (at.id === "newer") {
    bottom();
    seen();
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.id === "composer") return submitLine();
  if (form.dataset.form) return void sendForm(form);
  if (form.dataset.menu) {
    const values = new FormData(form).getAll("choice").filter(Boolean);
    const many = form.querySelector("fieldset");
    if (!values.length && !many) return;
    press(form.querySelector("button"), { kind: "click", message: form.closest("li.msg").id, callback: form.dataset.menu, values: { choice: values } });
  }
});

document.addEventListener("input", (event) => {
  if (event.target.id === "say") {
    keepDraft();
    grow();
    note("");
    complete();
  }
  if (event.target.dataset.max) count(event.target);
  if (event.target.matches(".seek")) seek(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.type === "file") choose(event.target);
});

document.addEventListener("toggle", (event) => { // a menu that opened below the edge comes into sight
  if (event.target.matches?.("details.more[open]")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);
document.addEventListener("load", grown, true); // of pictures, which come after what they stand in
document.addEventListener("error", (event) => event.target.matches?.("img") && missing(event.target), true);

document.addEventListener("keydown", (event) => {
  if (event.target.id === "say" && typing(event)) return;
  if (event.key === "Enter" && event.target.matches(".seek")) return event.preventDefault(); // it sends nothing
  if (event.key === "Escape") {
    const open = document.querySelector("details.more[open], details.switch[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (body.classList.contains("drawer-open")) {
      drawer(false);
      document.querySelector("[data-drawer]")?.focus();
    }
  }
  if (event.key === "Tab") trap(event);
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && $("rail")) {
    const links = [...$("rail").querySelectorAll("[data-pane-link]")];
    const now = links.findIndex((one) => one.getAttribute("aria-current"));
    const to = links[(now + (event.key === "ArrowDown" ? 1 : -1) + links.length) % links.length];
    event.preventDefault();
    if (to) go(to.getAttribute("href"));
  }
});

// trap keeps Tab inside the open drawer.
function trap(event) {
  if (!body.classList.contains("drawer-open") || !narrow.matches) return;
  const all = [...$("rail").querySelectorAll("a, button, summary")].filter((one) => one.offsetParent);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement === edge) {
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0]).focus();
  }
}

document.addEventListener("pointerdown", () => hold(true));
for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, () => setTimeout(() => hold(false)));
document.addEventListener("pointermove", (event) => event.buttons === 0 && hold(false)); // released outside the window
window.addEventListener("blur", () => hold(false));
document.addEventListener("visibilitychange", seen);
document.addEventListener("scroll", (event) => {
  if (event.target.id === "scroll") scrolled();
}, true);
window.addEventListener("popstate", () => go(location.pathname + location.search, false));
window.addEventListener("pagehide", keepDraft);

for (const picture of document.images) if (picture.complete && !picture.naturalWidth) missing(picture); // failed before this ran
settle();
connect(received);
body.classList.add("ready"); // clicks are heard from here on
if ($("say") && !narrow.matches) $("say").focus();
