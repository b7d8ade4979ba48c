R"js(
// The first convolution: its filters, and what each of them finds in a picture that the user picks.

class FeatureMaps {
  constructor(model, layer, pictures) {
    this.model = model;
    this.layer = layer;
    this.pictures = pictures;
    this.maps = document.getElementById("feature-maps");
    this.choices = document.getElementById("feature-choices");
    this.drawFilters(document.getElementById("filter-tiles"));
  }

  // A filter's numbers; over more channels than one, their mean.
  drawFilters(shelf) {
    const {name, config} = this.model.layers[this.layer];
    const {shape: [height, width, depth, filters], data} = this.model.weights.get(`${name}/kernel`);
    const tap = (y, x, filter) => {
      const cells = Array.from({length: depth}, (_, c) => data[((y * width + x) * depth + c) * filters + filter]);
      return mean(cells);
    };
    const most = data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    for (let filter = 0; filter < Math.min(filters, 64); ++filter) {
      shelf.append(paint(height, width, (y, x) => aroundZero(tap(y, x, filter), most), `Filter ${filter + 1}`));
    }
  }

  // One button a picture: the first correct one of each class.
  offer(samples, classes) {
    for (const sample of samples) {
      const button = element("button", {type: "button", title: classes[sample.truth]},
        this.pictures.canvas(sample, classes[sample.truth]));
      button.setAttribute("aria-label", `Show what the filters find in a ${classes[sample.truth]}`);
      button.addEventListener("click", () => this.show(this.pictures.features(sample), button));
      this.choices.append(button);
    }
    this.choices.querySelector("button")?.click();
  }

  // A further button, for the drawing at the foot of the page.
  offerDrawing(drawing) {
    const button = element("button", {type: "button", className: "drawing", hidden: true}, "your drawing");
    button.addEventListener("click", () => this.show(drawing.features(), button));
    this.choices.append(button);
    drawing.onChange((empty) => { button.hidden = empty; });
  }

  show(features, chosen) {
    this.choices.querySelectorAll("button").forEach((button) =>
      button.setAttribute("aria-pressed", String(button === chosen)));
    const {shape: [height, width, filters], data} = this.model.outputOf(features, this.layer);
    const most = data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    this.maps.replaceChildren();
    for (let filter = 0; filter < Math.min(filters, 64); ++filter) {
      this.maps.append(paint(height, width, (y, x) => aroundZero(data[(y * width + x) * filters + filter], most),
        `What filter ${filter + 1} finds`));
    }
  }
}
)js"
