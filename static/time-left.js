// Warns before the session ends, and saves first what is being typed.
//
// The server decides when it ends, and any tab may have used it: so before it warns, a tab asks how much time is left,
// which prolongs nothing. Typing counts as use. When the session has ended the page leaves the screen, unless something
// typed here is not saved: that stays, with a way to sign in beside it.

const dialog = document.getElementById("time-left");
const form = dialog.querySelector("form");
const text = document.getElementById("time-left-text");
const stay = document.getElementById("time-left-stay");
const leave = document.getElementById("time-left-leave");

const UNUSED = 3 * 60_000; // how long before the end one is warned, where one may stay,
const LONGEST = 5 * 60_000; // and where the time is up whatever one does
const AGAIN = 15_000; // how often a tab that warns asks anew
const TYPING = 60_000; // how often typing is told to the server

let idleEnd, longestEnd, timer;
let told = Date.now();
let saw = false; // it is known that the day's time is nearly up
let ended = false;
const typed = new Set(); // forms in which something was typed that nothing saves by itself

left({ idle: Number(dialog.dataset.idle), longest: Number(dialog.dataset.longest) });
wait();
form.addEventListener("submit", staying);
dialog.addEventListener("cancel", (event) => event.preventDefault());
document.addEventListener("input", typing);
document.addEventListener("submit", (event) => typed.delete(event.target));
document.addEventListener("visibilitychange", () => document.hidden || look());

function left({ idle, longest }) {
  idleEnd = Date.now() + idle * 1000;
  longestEnd = Date.now() + longest * 1000;
}

function due() {
  return Math.min(idleEnd - UNUSED, saw ? longestEnd : longestEnd - LONGEST);
}

function wait() {
  clearTimeout(timer);
  if (ended) return;
  timer = setTimeout(look, dialog.open ? AGAIN : Math.max(1000, due() - Date.now()));
}

async function look() {
  if (ended) return;
  if (Date.now() >= due() || dialog.open) {
    await ask();
    if (!ended && Date.now() >= due()) {
      await save();
      await ask();
    }
    if (!ended) Date.now() >= due() ? warn() : dialog.close();
  }
  wait();
}

async function ask() {
  try {
    const answer = await fetch(dialog.dataset.ask, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) left(await answer.json());
  } catch {
    // No connection: what was known holds.
  }
  if (Date.now() >= Math.min(idleEnd, longestEnd)) over();
}

async function save() {
  const saving = [];
  document.dispatchEvent(new CustomEvent("app:save", { detail: saving }));
  await Promise.allSettled(saving);
}

function warn() {
  const timeIsUp = longestEnd <= idleEnd + 1000;
  const minutes = Math.max(1, Math.round((Math.min(idleEnd, longestEnd) - Date.now()) / 60_000));
  const when = `in about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  stay.textContent = timeIsUp ? "Go on until then" : "Stay signed in";
  say(
    timeIsUp
      ? `Nobody is signed in for longer than 10 hours. You will be signed out ${when}. ${kept()}`
      : `Nothing has happened here for a while. You will be signed out ${when}. ${kept()}`,
  );
  if (!dialog.open) dialog.showModal();
}

function kept() {
  if (unsaved()) return "What you typed on this page is not saved yet: save it.";
  return document.querySelector("form[data-autosave]") ? "What you typed is saved." : "";
}

function unsaved() {
  return typed.size > 0 || document.querySelector("form[data-unsaved]") !== null;
}

async function staying(event) {
  event.preventDefault();
  if (ended) return location.reload();
  if (longestEnd <= idleEnd + 1000) saw = true;
  else await use();
  if (!ended) dialog.close();
  wait();
}

async function use() {
  told = Date.now();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" });
    if (answer.ok) return left(await answer.json());
  } catch {
    // Asked below.
  }
  await ask();
}

function typing(event) {
  const where = event.target.form;
  if (where?.method === "post" && !where.dataset.autosave) typed.add(where);
  if (Date.now() - told > TYPING && !ended) use().then(wait);
}

function over() {
  ended = true;
  const signIn = `${dialog.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  if (!unsaved()) return location.assign(signIn);
  document.getElementById("time-left-title").textContent = "You have been signed out";
  say("What you typed is still on this page, and not saved. Sign in again in a new tab, then come back and save it.");
  stay.hidden = true;
  leave.textContent = "Sign in in a new tab";
  leave.href = dialog.dataset.signIn;
  leave.target = "_blank";
  leave.addEventListener("click", () => dialog.close());
  if (!dialog.open) dialog.showModal();
}

function say(words) {
  if (text.textContent !== words) text.textContent = words;
}
