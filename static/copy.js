// Buttons that copy the text of the element they name. Without this script they are not there.

const said = document.getElementById("copied");

function selected(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.innerText.trim());
      said.textContent = "Copied";
      button.firstChild.textContent = "Copied";
    } catch {
      selected(text);
      said.textContent = "Selected. Copy it with your keyboard.";
    }
  });
}
