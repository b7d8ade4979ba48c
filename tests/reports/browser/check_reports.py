"""Opens reports in Chromium and looks whether they are whole: check_reports.py PROGRAM [SCREENSHOTS]

PROGRAM is write_reports, which trains the models and writes the pages. With a folder for SCREENSHOTS every page is
kept there as a picture, light, dark and as a phone shows it. Exits with 77, which means skipped, without Chromium.
"""

import json
import os
import subprocess
import sys
import tempfile

from chromium import Browser, find_chromium
from strokes import digits

SKIPPED = 77
LIGHT_GROUND = "rgb(255, 255, 255)"
DARK_GROUND = "rgb(13, 17, 23)"

SECTIONS = {
    "convolutional": "scores curves confusions classes samples misclassified filters time model run try",
    "dense": "scores curves confusions classes samples misclassified time model run try",
    "every_layer": "scores curves confusions classes samples misclassified filters time model run try",
    "standardized": "scores curves confusions classes misclassified filters time model run try",
    "tabular": "scores curves confusions classes misclassified time model run try",
    "regression": "scores curves time model run try",
}
WITH_MODEL = ("convolutional", "dense", "every_layer", "standardized")
failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)
        print("FAILED:", message)


def check_sections(page, kind):
    found = page.evaluate("Array.from(document.querySelectorAll('section'), (s) => s.id).join(' ')")
    expect(found == SECTIONS[kind], f"{kind}: expected sections {SECTIONS[kind]}, found {found}")
    blank = page.evaluate("""Array.from(document.querySelectorAll('.gallery, .tiles, .chart, table'))
        .filter((box) => box.getBoundingClientRect().height < 10).map((box) => box.id || box.className).join(' ')""")
    expect(blank == "", f"{kind}: nothing is in {blank}")
    canvas = page.evaluate("document.getElementById('drawing') !== null")
    expect(canvas == (kind in WITH_MODEL), f"{kind}: a canvas to draw on is {'there' if canvas else 'missing'}")
    if not canvas:
        reason = page.evaluate("document.querySelector('#try .explanation').textContent")
        expect("since the model takes samples of shape (4,)" in reason, f"{kind}: says of the canvas: {reason}")


def check_looks(page, path, kind, screenshots):
    for look, scheme, width, ground in (("light", "light", 1100, LIGHT_GROUND), ("dark", "dark", 1100, DARK_GROUND),
                                        ("phone", "light", 375, LIGHT_GROUND)):
        page.set_scheme(scheme)
        page.set_size(width, 800, mobile=width < 500)
        page.open(path)
        expect(page.evaluate("getComputedStyle(document.body).backgroundColor") == ground, f"{kind}: not {look}")
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        expect(scrolled <= width, f"{kind}: {look}: {scrolled} pixels wide in a window of {width}")
        check_sections(page, kind)
        complaints = page.complaints()
        expect(not complaints, f"{kind}: {look}: {complaints}")
        if screenshots:
            page.screenshot(os.path.join(screenshots, f"{kind}-{look}.png"))


def check_agreement(page, folder, kind):
    with open(os.path.join(folder, kind + ".json")) as file:
        samples = json.load(file)
    features = json.dumps([sample["features"] for sample in samples])
    found = page.evaluate(f"{features}.map((features) => model.probabilities(features))")
    worst = max(abs(a - b) for sample, row in zip(samples, found) for a, b in zip(sample["probabilities"], row))
    print(f"{kind}: probabilities of {len(samples)} samples agree to {worst:.1e}")
    expect(len(found) == len(samples) and worst < 1e-4, f"{kind}: probabilities differ by {worst}")
    spread = max(max(column) - min(column) for column in zip(*found))
    expect(spread > 0.1, f"{kind}: probabilities of all samples lie within {spread}, so that little is compared")
    if page.evaluate("pictures === null"):
        return
    pictures = page.evaluate("pictures.samples.filter(({top}) => top).map((sample) => ({top: sample.top[0], "
                             "probabilities: model.probabilities(pictures.features(sample))}))")
    worst = max(abs(picture["probabilities"][picture["top"][0]] - picture["top"][1]) for picture in pictures)
    expect(worst < 1e-4, f"{kind}: probabilities of the page's own pictures differ by {worst}")


def box_of(page, selector):
    """The middle of an element in the window, and its sides."""
    page.evaluate(f"document.querySelector('{selector}').scrollIntoView({{block: 'center', behavior: 'instant'}})")
    page.settle()
    return page.evaluate(f"(({{x, y, width, height}}) => [x, y, width, height])"
                         f"(document.querySelector('{selector}').getBoundingClientRect())")


def centre_of(page, selector):
    x, y, width, height = box_of(page, selector)
    return x + width / 2, y + height / 2


def draw(page, digit, stroke):
    """Clears the canvas, draws a digit by `stroke`, and returns what the page takes it for."""
    page.evaluate("document.getElementById('clear').click()")
    x, y, width, height = box_of(page, "#drawing")
    for points in digits[digit]:
        stroke([(x + width * px, y + height * py) for px, py in points])
    page.settle()
    return page.evaluate("document.getElementById('answer').textContent")


def check_drawing(page, kind, screenshots):
    for hand, stroke, drawn, mobile in (("mouse", page.mouse_stroke, sorted(digits), False),
                                        ("finger", page.touch_stroke, (0, 1, 2, 3, 7), True)):
        page.set_size(375 if mobile else 1100, 800, mobile)
        answers = {digit: draw(page, digit, stroke) for digit in drawn}
        right = [digit for digit, answer in answers.items() if answer.startswith(f"This looks like {digit} ")]
        print(f"{kind}: drawn by {hand}: {len(right)} of {len(drawn)} digits recognized: {answers}")
        expect(len(right) >= 0.8 * len(drawn), f"{kind}: of the digits drawn by {hand} only {right} are recognized")
        if screenshots:
            page.screenshot(os.path.join(screenshots, f"{kind}-drawn-by-{hand}.png"))
    bars = page.evaluate("Array.from(document.querySelectorAll('#probabilities output'), (bar) => bar.textContent)")
    expect(len(bars) == 10 and all(bar.endswith("%") for bar in bars), f"probabilities are shown as {bars}")
    page.evaluate("model.probabilities = () => classes.map(() => NaN)")
    answer = draw(page, 0, page.touch_stroke)
    expect(answer == "The model gives no probabilities.", f"a model that has diverged answers: {answer}")
    page.evaluate("delete model.probabilities")
    page.evaluate("document.getElementById('clear').click()")
    page.settle()
    expect(page.evaluate("document.getElementById('answer').textContent") == "Draw a digit.", "Clear does not clear")


def check_matrix(page):
    page.set_size(1100, 800)
    wrong = page.evaluate("""(() => {
        const cell = document.querySelector('#matrix .miss');
        cell.id = 'a-miss';
        return {count: Number(cell.dataset.count), label: cell.getAttribute('aria-label')};
    })()""")
    page.move(centre_of(page, "#a-miss"))
    page.settle()
    readout = page.evaluate("document.getElementById('matrix-readout').textContent")
    expect(readout == wrong["label"], f"the readout of a cell is {readout}, not {wrong['label']}")
    page.click(centre_of(page, "#a-miss"))
    shown = page.evaluate("document.querySelectorAll('#matrix-pictures .card').length")
    expect(shown == min(wrong["count"], 24), f"a click on a cell of {wrong['count']} shows {shown} pictures")
    page.press("ArrowRight")
    moved = page.evaluate("document.activeElement.previousElementSibling === null && document.activeElement.id !== "
                          "'a-miss' && document.activeElement.closest('#matrix') !== null")
    expect(moved, "an arrow key does not move between cells")


def check_feature_maps(page):
    page.set_size(1100, 800)
    show = "document.querySelector('#feature-maps canvas:nth-child(3)').toDataURL()"
    filters = page.evaluate("[document.querySelectorAll('#filter-tiles canvas').length, "
                            "document.querySelectorAll('#feature-maps canvas').length]")
    expect(filters == [16, 16], f"16 filters are shown as {filters} pictures")
    before = page.evaluate(show)
    page.click(centre_of(page, "#feature-choices button:nth-child(5)"))
    after = page.evaluate(show)
    draw(page, 0, page.mouse_stroke)
    page.click(centre_of(page, "#feature-choices .drawing"))
    expect(len({before, after, page.evaluate(show)}) == 3, "feature maps do not follow what is chosen")


def check_all(browser, folder, screenshots):
    page = browser.page()
    for kind in SECTIONS:
        path = os.path.join(folder, kind + ".html")
        expect(os.path.getsize(path) < 3_000_000, f"{kind}: {os.path.getsize(path)} bytes")
        check_looks(page, path, kind, screenshots)
        if kind in WITH_MODEL:
            check_agreement(page, folder, kind)
        if kind in ("convolutional", "standardized"):
            check_drawing(page, kind, screenshots)
        if kind == "convolutional":
            check_matrix(page)
            check_feature_maps(page)
        complaints = page.complaints()
        expect(not complaints, f"{kind}: {complaints}")


def main(program, screenshots=None):
    chromium = find_chromium()
    if not chromium:
        print("skipped: Chromium is not installed (Debian: chromium), so that no page can be opened")
        return SKIPPED
    if screenshots:
        os.makedirs(screenshots, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nacre-reports-") as folder:
        subprocess.run([program, folder], check=True)
        with Browser(chromium) as browser:
            check_all(browser, folder, screenshots)
    print("failed" if failures else "passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
