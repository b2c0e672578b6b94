// What every part of the page shares: where it is, and how to find things in it.

export const body = document.body;
export const $ = (id) => document.getElementById(id);
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const narrow = matchMedia("(max-width: 760px)");

// now is what changes while the page is open.
export const now = {
  seq: Number(body.dataset.seq), // the newest revision that this page has
  thread: "", // the message that the next line answers
  point: null, // where the tour wants the next click
};

// fragment parses HTML that the server drew. Scripts in it would not run.
export function fragment(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

// fieldError says what is wrong with a field, "" for nothing, beside it.
export function fieldError(field, words) {
  const input = field.querySelector("input:not(.seek), textarea, select");
  field.querySelector(".field-error").textContent = words;
  field.classList.toggle("bad", Boolean(words));
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  return input;
}

export const longWords = () => document.querySelector("[data-long]").textContent;
export const lostWords = () => document.querySelector("[data-lost]").textContent;
