// Passkeys: asks the browser to make one or to use one, and sends what it answers with the form.
//
// Without JavaScript, or in a browser that has no passkeys, the forms stay hidden: codes and passwords need neither.

const status = document.getElementById("passkey-status");
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

set("new-passkey", ({ publicKey }) =>
  navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) }),
);
set("passkey", ({ publicKey }) =>
  navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) }),
);

function set(id, ask) {
  const form = document.getElementById(id);
  if (!form) return;
  if (!able) {
    if (!form.hasAttribute("data-quiet")) say("This browser cannot use passkeys.");
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    try {
      form.elements.credential.value = JSON.stringify((await ask(await options(form))).toJSON());
      form.submit();
    } catch {
      say("The passkey was not used. Try again, or choose another way.");
    }
  });
}

// Of the page, or, before anybody has said who they are, asked for when the button is pressed.
async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return (await answer.json()).request_options;
}

function say(words) {
  status.textContent = words;
}
