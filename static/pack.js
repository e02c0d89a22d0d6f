// Says how far something is that is being put together, and shows the page anew once it is there.

const shown = document.querySelector("[data-pack]");
const bar = document.getElementById("pack-progress");
const words = document.getElementById("pack-words");

const BETWEEN = 2_000;
const AFTER_A_FAULT = 15_000;

if (shown && bar && words) setTimeout(look, BETWEEN);

async function look() {
  let wait = BETWEEN;
  try {
    const answer = await fetch(shown.dataset.pack, { redirect: "error", cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const said = await answer.json();
    if (!said.waits) return location.reload();
    bar.max = said.max;
    bar.value = said.value;
    if (words.textContent !== said.words) words.textContent = said.words;
  } catch {
    wait = AFTER_A_FAULT; // “Look again” is there all the same
  }
  setTimeout(look, wait);
}
