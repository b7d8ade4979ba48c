R"js(
// Pictures on small canvases: samples from the page's data, filters, and what a layer makes of a picture.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const clampByte = (value) => Math.max(0, Math.min(255, Math.round(value)));

// A canvas of one pixel a cell, which the style sheet enlarges; colour(y, x) gives red, green and blue.
function paint(height, width, colour, label) {
  const canvas = document.createElement("canvas");
  repaint(canvas, height, width, colour);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

function repaint(canvas, height, width, colour) {
  canvas.height = height;
  canvas.width = width;
  const image = new ImageData(width, height);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) image.data.set([...colour(y, x), 255], 4 * (y * width + x));
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

const grey = (level) => [level, level, level];

// Numbers around 0: orange above, blue below, black at 0; `most` is as bright as it gets. The root lifts what is faint.
function aroundZero(value, most) {
  const share = most > 0 ? Math.sqrt(Math.min(Math.abs(value) / most, 1)) : 0;
  return (value >= 0 ? [255, 176, 66] : [84, 166, 255]).map((channel) => clampByte(channel * share));
}

// The samples that the page holds, with their pixels.
class Pictures {
  constructor({shape, scale, offset, pixels, samples}) {
    [this.height, this.width, this.channels] = shape;
    this.scale = scale;
    this.offset = offset;
    this.pixels = bytesOf(pixels);
    this.samples = samples.map((sample, number) => ({...sample, number}));
  }

  bytes({number}) {
    const size = this.height * this.width * this.channels;
    return this.pixels.subarray(number * size, (number + 1) * size);
  }

  // The picture as the network takes it.
  features(sample) {
    return Float32Array.from(this.bytes(sample), (byte) => byte * this.scale + this.offset);
  }

  canvas(sample, label) {
    const bytes = this.bytes(sample);
    const pixel = (y, x) => (y * this.width + x) * this.channels;
    return paint(this.height, this.width, (y, x) => (this.channels === 3
      ? bytes.subarray(pixel(y, x), pixel(y, x) + 3) : grey(bytes[pixel(y, x)])), label);
  }
}

// A dash for what is no number: a model that has diverged gives none.
const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "\u2013");

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// A picture with lines of text under it.
function card(canvas, ...lines) {
  return element("figure", {className: "card"}, canvas,
    element("figcaption", {}, ...lines.map((line) => element("div", {}, line))));
}

// A sample from the test data: what it is, and the three classes that the network finds most likely.
function testCard(pictures, classes, sample) {
  const truth = classes[sample.truth];
  const guesses = sample.top.map(([label, probability]) => {
    const kind = label === sample.truth ? "guess right" : "guess";
    const parts = [classes[label], percent(probability)].map((part) => element("span", {}, part));
    return element("span", {className: kind}, ...parts);
  });
  const canvas = pictures.canvas(sample, `Test sample ${sample.index}: ${truth}`);
  canvas.title = `Test sample ${sample.index}`;
  return card(canvas, element("b", {}, `is ${truth}`), ...guesses);
}

// Shows the first cards; a button shows the rest.
function fill(gallery, cards, first) {
  gallery.replaceChildren(...cards.slice(0, first));
  if (cards.length <= first) return;
  const more = element("button", {type: "button", className: "more", textContent: `Show all ${cards.length}`});
  more.addEventListener("click", () => more.replaceWith(...cards.slice(first)));
  gallery.append(more);
}
)js"
