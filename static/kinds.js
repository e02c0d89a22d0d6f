// Asks in the words of the kind of evidence that is chosen, in its order. Without this, they change with the next save.

const form = document.getElementById("evidence");
const told = JSON.parse(document.getElementById("kinds").textContent);

form.addEventListener("change", (event) => {
  if (event.target.name === "kind") ask(told[event.target.value]);
});

function ask(texts) {
  let above = null;
  for (const [field, label, hint] of texts) {
    const group = groupOf(field);
    group.querySelector("legend, label").textContent = label;
    group.querySelector(".govuk-hint").textContent = hint;
    if (above) above.after(group);
    above = group;
  }
}

function groupOf(field) {
  const control = document.getElementById(`id_${field}`) ?? document.getElementById(`id_${field}_0`);
  const fieldset = control.closest("fieldset");
  return (fieldset ?? control).closest(".govuk-form-group");
}
