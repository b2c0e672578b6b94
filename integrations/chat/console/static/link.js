// The one WebSocket. What was asked and not answered is asked again, with the
// same ID, once the connection is back; the server does it once.

import { $, body, longWords, now } from "./page.js";

let socket = null;
let attempts = 0;
let wasLost = false;
let hears = () => {};
const waiting = new Map(); // op ID -> { op, done }

export const isOpen = () => socket !== null && socket.readyState === WebSocket.OPEN;

// isAway says that the connection was lost and is not back. Before it is first
// there, what is asked simply waits for it.
export const isAway = () => wasLost;

// connect opens the connection, and again whenever it is lost; heard gets
// everything that is not an answer.
export function connect(heard) {
  hears = heard || hears;
  const address = new URL("/socket", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("person", body.dataset.person);
  socket = new WebSocket(address);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (event) => received(JSON.parse(event.data)));
  socket.addEventListener("close", lost);
}

function opened() {
  attempts = 0;
  look();
  for (const { op } of waiting.values()) socket.send(JSON.stringify(op));
  body.classList.remove("offline");
  if (wasLost) connection("back");
  wasLost = false;
  if ($("send")) $("send").disabled = false;
}

function lost() {
  wasLost = true;
  body.classList.add("offline");
  connection("lost");
  if ($("send")) $("send").disabled = true;
  attempts++;
  setTimeout(connect, Math.min(250 * 2 ** (attempts - 1), 5000));
}

// connection says how the connection is: "lost", "back", or "" for nothing.
export function connection(state) {
  const area = $("connection");
  area.querySelector("[data-lost]").hidden = state !== "lost";
  area.querySelector("[data-back]").hidden = state !== "back";
  area.dataset.state = state;
  if (state === "back") setTimeout(() => area.dataset.state === "back" && connection(""), 4000);
}

// look says which pane this page shows, and what it already has of it.
export function look() {
  send({ kind: "look", channel: body.dataset.pane, seq: now.seq, epoch: body.dataset.epoch });
}

export function send(op) {
  if (isOpen()) socket.send(JSON.stringify(op));
}

// ask sends what is answered, to done. What the server would not read is not
// sent: the connection would end.
export function ask(op, done) {
  op.id = name();
  op.channel = op.channel || body.dataset.pane;
  if (new TextEncoder().encode(JSON.stringify(op)).length > Number(body.dataset.most)) return done({ state: "failed", text: longWords() }, op);
  waiting.set(op.id, { op, done });
  send(op);
}

function received(news) {
  if (news.ack === undefined) return hears(news);
  const asked = waiting.get(news.ack);
  if (!asked) return;
  waiting.delete(news.ack);
  asked.done(news, asked.op);
}

function name() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
