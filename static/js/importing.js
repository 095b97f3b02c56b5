// On the page of an upload: one button ticks or unticks every write-up of the page.
const button = document.querySelector("[data-ticks]");
const boxes = [...document.querySelectorAll("input[name='entry']")];

function show() {
  const some = boxes.some((box) => box.checked);
  button.textContent = some ? "Untick all" : "Tick all";
  return some;
}

if (button && boxes.length > 1) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const some = show();
    for (const box of boxes) box.checked = !some;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
