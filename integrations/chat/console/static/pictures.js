// Pictures. One for a form is sent as soon as it is chosen: it is shown there, or
// what is wrong with it is said at once.

import { fieldError, lostWords } from "./page.js";

const sent = new WeakMap(); // file input -> promise of what came of its file: {}, {path}, {wrong} or {wrong, lost}

// choose sends what a file input holds now.
export async function choose(input) {
  const field = input.closest(".field");
  const [progress, chosen, status] = ["progress", ".chosen", "[role=status]"].map((one) => field.querySelector(one));
  const file = input.files[0];
  const sending = file ? upload(input, file) : Promise.resolve({});
  sent.set(input, sending);
  fieldError(field, "");
  status.textContent = "";
  chosen.hidden = true;
  progress.hidden = !file;
  const { path, wrong } = await sending;
  if (sent.get(input) !== sending) return; // something else was chosen meanwhile
  progress.hidden = true;
  fieldError(field, wrong || "");
  chosen.hidden = !path;
  if (!path) return;
  chosen.querySelector("img").src = path;
  status.textContent = `${status.dataset.added} ${file.name}`;
}

// drop takes a picture out of its form.
export function drop(button) {
  const input = button.closest(".field").querySelector("input");
  input.value = "";
  choose(input);
  input.focus();
}

// brought is what a file input adds to its form. What was lost on the way is
// sent again.
export async function brought(input) {
  if ((await sent.get(input))?.lost) choose(input);
  return (await sent.get(input)) || {};
}

async function upload(input, file) {
  const { most, large, odd } = input.dataset;
  if (file.size > Number(most)) return { wrong: large };
  try {
    const response = await fetch("/upload?name=" + encodeURIComponent(file.name), { method: "POST", body: file });
    if (response.ok) return { path: await response.text() };
    if (response.status === 415) return { wrong: odd };
  } catch {
    // the connection is lost: the form waits for it, like everything else
  }
  return { wrong: lostWords(), lost: true };
}

// missing puts the words of a picture in its place when it can't be shown.
export function missing(picture) {
  const figure = picture.closest("figure[data-words]");
  if (!figure) return;
  const words = document.createElement("p");
  words.className = "no-picture";
  words.textContent = figure.dataset.words;
  figure.replaceChildren(words);
}
