R"js(
// The confusion matrix: a line that reads out the cell under the pointer or in focus, arrow keys that move between
// cells, and a click that shows the pictures behind one.

function setUpMatrix(matrix, classes, pictures) {
  const readout = document.getElementById("matrix-readout");
  const shelf = document.getElementById("matrix-pictures");
  const cells = Array.from(matrix.querySelectorAll("button"));
  const place = (cell) => [Number(cell.dataset.truth), Number(cell.dataset.predicted)];

  const read = (cell) => { readout.textContent = cell.getAttribute("aria-label"); };

  const show = (cell) => {
    const [truth, predicted] = place(cell);
    cells.forEach((other) => other.setAttribute("aria-pressed", String(other === cell)));
    read(cell);
    if (!pictures) return;
    const behind = pictures.samples.filter((sample) =>
      sample.top && sample.truth === truth && sample.top[0][0] === predicted);
    const count = Number(cell.dataset.count);
    const note = element("p", {className: "note"}, count === 0 ? "No sample is behind this cell."
      : behind.length < count ? `${behind.length} of the ${count} samples behind this cell are in the page.`
        : count === 1 ? "The sample behind this cell:" : `The ${count} samples behind this cell:`);
    const gallery = element("div", {className: "gallery"});
    fill(gallery, behind.map((sample) => testCard(pictures, classes, sample)), 24);
    shelf.replaceChildren(note, gallery);
  };

  const steps = {ArrowUp: -classes.length, ArrowDown: classes.length, ArrowLeft: -1, ArrowRight: 1};
  cells.forEach((cell, number) => {
    cell.addEventListener("pointerenter", () => read(cell));
    cell.addEventListener("focus", () => read(cell));
    cell.addEventListener("click", () => show(cell));
    cell.addEventListener("keydown", (event) => {
      const next = cells[number + steps[event.key]];
      if (!next) return;
      event.preventDefault();
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  });
}
)js"
