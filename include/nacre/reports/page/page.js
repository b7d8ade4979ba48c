R"js(
// Puts the page together from what it was given: the model where it is embedded, the pictures where there are any.

// JSON has no word for them; saved options have these.
const notFinite = {nan: NaN, inf: Infinity, "-inf": -Infinity};
const report = JSON.parse(document.getElementById("report-data").textContent,
  (_, value) => (value?.float in notFinite ? notFinite[value.float] : value));
const {classes} = report;
const pictures = report.pictures ? new Pictures(report.pictures) : null;
const model = report.model ? new Model({...report.model, bytes: bytesOf(report.model.bytes)}) : null;
const part = (id) => document.getElementById(id);

if (pictures && part("sample-pictures")) {
  fill(part("sample-pictures"), pictures.samples.filter((sample) => !sample.top).map((sample) =>
    card(pictures.canvas(sample, classes[sample.truth]), classes[sample.truth])), 40);
}
if (pictures && part("misclassified-pictures")) {
  fill(part("misclassified-pictures"), pictures.samples.filter(({truth, top}) => top && top[0][0] !== truth)
    .map((sample) => testCard(pictures, classes, sample)), 24);
}
if (part("matrix")) setUpMatrix(part("matrix"), classes, pictures);

const drawing = part("drawing") && new DigitCanvas(part("drawing"), report.drawing);
if (drawing) setUpDrawing(drawing, model, classes);

if (part("filter-tiles")) {
  const maps = new FeatureMaps(model, model.layers.findIndex(({class_name}) => class_name === "Conv2D"), pictures);
  if (part("feature-maps")) {
    const correct = pictures.samples.filter(({truth, top}) => top && top[0][0] === truth);
    const firsts = classes.map((_, label) => correct.find(({truth}) => truth === label)).filter(Boolean);
    maps.offer(firsts.slice(0, 20), classes);
    if (drawing) maps.offerDrawing(drawing);
  }
}
)js"
