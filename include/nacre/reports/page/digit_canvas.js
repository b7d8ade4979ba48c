R"js(
// A canvas to draw a digit on, and the preparation that MNIST's digits went through (LeCun, Cortes and Burges, "The
// MNIST database of handwritten digits"): cropped to the ink, fitted into 20 x 20 pixels keeping the aspect, grey by
// averaging, and centred by their centre of mass in a field of 28 x 28.

const fieldSize = 28;
const boxSize = 20;

// The smallest rectangle that holds all ink, or null where there is none.
function inkBounds({ink, height, width}) {
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (ink[y * width + x] === 0) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
    }
  }
  return bottom > top ? {top, left, height: bottom - top, width: right - left} : null;
}

// How much of each source cell from `start` on lies in cell `index` of `count` that share `extent` cells.
function shares(index, count, start, extent) {
  const first = start + index * extent / count;
  const last = start + (index + 1) * extent / count;
  const covered = [];
  for (let cell = Math.floor(first); cell < last; ++cell) {
    covered.push([cell, Math.min(cell + 1, last) - Math.max(cell, first)]);
  }
  return covered;
}

// The ink inside `bounds` as height x width pixels, each the average of the area that it covers.
function shrink({ink, width: stride}, bounds, height, width) {
  const pixels = new Float32Array(height * width);
  const area = (bounds.height / height) * (bounds.width / width);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      let sum = 0;
      for (const [row, tall] of shares(y, height, bounds.top, bounds.height)) {
        for (const [column, wide] of shares(x, width, bounds.left, bounds.width)) {
          sum += tall * wide * ink[row * stride + column];
        }
      }
      pixels[y * width + x] = sum / area;
    }
  }
  return pixels;
}

// Where a picture of `size` cells goes so that its centre of mass lies in the middle of the field; never over its edge.
const centred = (mass, size) => Math.max(0, Math.min(fieldSize - size, Math.round(fieldSize / 2 - mass)));

// The drawing as MNIST would have it: 28 x 28 levels from 0 (paper) to 1 (ink).
function prepareDigit(drawing) {
  const field = new Float32Array(fieldSize * fieldSize);
  const bounds = inkBounds(drawing);
  if (!bounds) return field;
  const scale = boxSize / Math.max(bounds.height, bounds.width);
  const height = Math.max(1, Math.round(bounds.height * scale));
  const width = Math.max(1, Math.round(bounds.width * scale));
  const pixels = shrink(drawing, bounds, height, width);
  let [total, massY, massX] = [0, 0, 0];
  pixels.forEach((ink, i) => {
    total += ink;
    massY += ink * (Math.floor(i / width) + 0.5);
    massX += ink * (i % width + 0.5);
  });
  const top = centred(massY / total, height);
  const left = centred(massX / total, width);
  pixels.forEach((ink, i) => { field[(top + Math.floor(i / width)) * fieldSize + left + i % width] = ink; });
  return field;
}

// The canvas, its pen, and who is told when the drawing changes.
class DigitCanvas {
  // `paper` and `ink` are the features of an empty and of a full pixel; in between there are bytes.
  constructor(canvas, {paper, ink}) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", {willReadFrequently: true});
    this.level = (share) => paper + Math.round(255 * share) / 255 * (ink - paper);
    this.listeners = [];
    this.pointer = null;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => { if (event.pointerId === this.pointer) this.pointer = null; });
    }
    this.clear();
  }

  onChange(listener) { this.listeners.push(listener); }
  changed(empty) { this.listeners.forEach((listener) => listener(empty)); }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.changed(true);
  }

  position(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * this.canvas.width / box.width,
      (event.clientY - box.top) * this.canvas.height / box.height];
  }

  begin(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.position(event);
    this.stroke(this.last);
  }

  draw(event) {
    if (event.pointerId !== this.pointer) return;
    for (const step of event.getCoalescedEvents?.() ?? []) this.stroke(this.position(step));
    this.stroke(this.position(event));
  }

  stroke(to) {
    const pen = this.context;
    pen.strokeStyle = "white";
    pen.lineWidth = this.canvas.width * 0.07;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...this.last);
    pen.lineTo(...to);
    pen.stroke();
    this.last = to;
    this.changed(false);
  }

  // 28 x 28 levels of ink, from 0 to 1.
  digit() {
    const {width, height} = this.canvas;
    const pixels = this.context.getImageData(0, 0, width, height).data;
    const ink = Float32Array.from({length: width * height}, (_, i) => pixels[4 * i + 3] / 255);
    return prepareDigit({ink, height, width});
  }

  // The digit as the network takes it.
  features() { return this.digit().map((ink) => this.level(ink)); }
}

// Draws the answer's bars, and what the network sees, whenever the drawing changes.
function setUpDrawing(drawing, model, classes) {
  const answer = document.getElementById("answer");
  const seen = document.getElementById("seen");
  const bars = Array.from(document.querySelectorAll("#probabilities li"));
  let due = false;
  const update = (empty) => {
    const probabilities = empty ? classes.map(() => 0) : model.probabilities(drawing.features());
    const best = probabilities.indexOf(Math.max(...probabilities));  // -1 where one is NaN
    bars.forEach((bar, label) => {
      bar.style.setProperty("--share", probabilities[label] || 0);
      bar.classList.toggle("best", !empty && label === best);
      bar.querySelector("output").textContent = empty ? "" : percent(probabilities[label]);
    });
    answer.textContent = empty ? "Draw a digit." : best < 0 ? "The model gives no probabilities."
      : `This looks like ${classes[best]} (${percent(probabilities[best])}).`;
    const digit = drawing.digit();
    repaint(seen, fieldSize, fieldSize, (y, x) => grey(clampByte(255 * digit[y * fieldSize + x])));
  };
  drawing.onChange((empty) => {
    drawing.canvas.classList.toggle("empty", empty);
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      update(drawing.canvas.classList.contains("empty"));
    });
  });
  document.getElementById("clear").addEventListener("click", () => drawing.clear());
  drawing.clear();
}
)js"
