// Keeps what is being typed: posts the form marked data-autosave a moment after each change.
//
// Nothing is put into the browser's own storage: computers are shared. While something is not saved it stays in the
// page, saving is tried again, and leaving the page asks first.

const form = document.querySelector("form[data-autosave]");
const status = document.getElementById("autosave-status");

const AFTER_TYPING = 3_000;
const BETWEEN_TRIES = 15_000;

let changes = 0; // how many times something was changed,
let kept = 0; // and how many of those are saved
let saving = null; // the saving that is under way
let stopped = false; // saved by the worker's own hand, or not to be saved from here
let pressed = false; // a button was pressed while something was not saved
let timer = null;

if (form && status) {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submitted);
  addEventListener("online", save);
  document.addEventListener("app:save", (event) => event.detail.push(save())); // about to be signed out
  addEventListener("beforeunload", leaving);
  document.addEventListener("visibilitychange", save);
}

function changed(event) {
  if (event.target.type === "file" || event.target.name === "remove_files") return; // saved with the form alone
  changes += 1;
  form.toggleAttribute("data-unsaved", true);
  later(AFTER_TYPING);
}

function later(wait) {
  if (stopped) return;
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function save() {
  clearTimeout(timer);
  if (!saving && !stopped && kept < changes) {
    saving = send().finally(() => {
      saving = null;
    });
  }
  return saving;
}

async function send() {
  const about = changes;
  try {
    let answer = await post();
    if (answer.status === 403) answer = await again();
    if (answer.type === "opaqueredirect") return signedOut();
    if (answer.status === 409) return stop(await answer.json());
    if (answer.status === 404) return stop({ blocked: "This evidence has been removed, so it cannot be saved." });
    if (!answer.ok) throw new Error(answer.status);
    note(await answer.json());
    kept = about;
    form.toggleAttribute("data-unsaved", kept < changes);
    if (kept < changes) later(AFTER_TYPING);
  } catch {
    say("Not saved. Check your connection and keep this page open: it is tried again by itself.");
    later(BETWEEN_TRIES);
  }
}

function post() {
  const typed = new FormData(form);
  typed.delete("files");
  typed.delete("remove_files");
  return fetch(form.dataset.autosave, { method: "POST", body: typed, redirect: "manual", credentials: "same-origin" });
}

// Refused: the session has ended, or signing in again in another tab has changed the form's safety token.
async function again() {
  const page = await fetch(location.href, { redirect: "manual", credentials: "same-origin" });
  if (!page.ok) return page;
  const there = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = there.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return post();
}

function note(saved) {
  if (saved.nothing) return;
  form.elements.revision.value = saved.revision;
  form.dataset.autosave = saved.autosave;
  if (location.pathname !== saved.edit) history.replaceState(null, "", saved.edit); // reloading shows what is saved
  const now = new Date();
  const time = `${now.getHours() % 12 || 12}:${String(now.getMinutes()).padStart(2, "0")}${now.getHours() < 12 ? "am" : "pm"}`;
  const rest = saved.left_out.length ? `, except what is wrong in: ${saved.left_out.join(", ")}` : "";
  say(`Saved at ${time}${rest}`);
}

function signedOut() {
  say("Not saved: you have been signed out. ", link("Sign in again in a new tab", "/"), ", then come back to this one.");
  later(BETWEEN_TRIES);
}

function stop(answer) {
  stopped = true;
  if (answer.changed) {
    say(
      "Saving by itself has stopped: this evidence was changed in another tab. Save here to see both, or ",
      link("open what is saved in a new tab", answer.changed),
      ".",
    );
  } else {
    say(answer.blocked);
  }
}

// Before the page is left, what is typed is saved from it: if that fails, the worker is still here to see it. A second
// press sends the form whatever happened.
async function submitted(event) {
  clearTimeout(timer);
  if (stopped || pressed || !(saving || kept < changes)) {
    stopped = true;
    kept = changes;
    return;
  }
  event.preventDefault();
  pressed = true;
  await saving;
  await save();
  if (stopped || kept === changes) form.requestSubmit(event.submitter);
}

function leaving(event) {
  if (kept < changes) event.preventDefault();
}

function link(words, address) {
  const made = document.createElement("a");
  made.className = "govuk-link";
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener";
  made.textContent = words;
  return made;
}

function say(...parts) {
  status.replaceChildren(...parts);
}
