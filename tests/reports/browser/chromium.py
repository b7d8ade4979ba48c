"""Drives Chromium over its DevTools protocol, with nothing but Python's standard library.

Messages are JSON texts that end in a zero byte; Chromium reads them from file descriptor 3 and answers on 4
(--remote-debugging-pipe). https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find_chromium():
    """The path of a Chromium that runs, or None; NACRE_CHROMIUM names another one."""
    wanted = os.environ.get("NACRE_CHROMIUM")
    names = [wanted] if wanted else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for path in map(shutil.which, names) if path and _runs(path)), None)


def _runs(path):
    """Ubuntu's chromium-browser, for one, may be no more than a word on where to get it."""
    return subprocess.run([path, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class Browser:
    """A headless Chromium; `with Browser(path) as browser` ends it, whatever happens."""

    def __init__(self, path, timeout=60):
        self.timeout = timeout
        self.profile = tempfile.mkdtemp(prefix="nacre-chromium-")
        to_browser, self.output = _pipe()
        self.input, from_browser = _pipe()

        def place_pipes():
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        self.process = subprocess.Popen(
            [path, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--hide-scrollbars",
             f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=place_pipes, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.pending = b""
        self.next_id = 1
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.output)
        os.close(self.input)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, session=None, **parameters):
        """Sends a command and returns its result."""
        message = {"id": self.next_id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.next_id += 1
        os.write(self.output, json.dumps(message).encode() + b"\0")
        answer = self.receive(lambda received: received.get("id") == message["id"], method)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def receive(self, wanted, what):
        """Reads messages until one is wanted; the others, which are events, are kept."""
        deadline = time.monotonic() + self.timeout
        while True:
            text, end, rest = self.pending.partition(b"\0")
            if end:
                self.pending = rest
                message = json.loads(text)
                if "method" in message:
                    self.events.append(message)
                if wanted(message):
                    return message
                continue
            ready, _, _ = select.select([self.input], [], [], max(deadline - time.monotonic(), 0))
            data = os.read(self.input, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError(f"Chromium did not answer {what} within {self.timeout} s, or has ended")
            self.pending += data

    def page(self):
        """A new, empty page."""
        return Page(self)


class Page:
    """One page: what it says, and the hands on it."""

    def __init__(self, browser):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def open(self, path):
        """Loads a file and waits until it is there."""
        self.browser.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        self.browser.receive(lambda message: message.get("method") == "Page.loadEventFired", "Page.navigate")
        self.settle()

    def settle(self):
        """Waits until what was due has been drawn."""
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited where it is a promise."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {json.dumps(result['exceptionDetails'])}")
        return result["result"].get("value")

    def complaints(self):
        """Exceptions, warnings, errors and requests beyond the file itself since the page was opened."""
        found = []
        for event in self.browser.events:
            method, details = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + json.dumps(details["exceptionDetails"]))
            elif method == "Log.entryAdded" and details["entry"]["level"] in ("warning", "error"):
                found.append("log: " + json.dumps(details["entry"]))
            elif method == "Runtime.consoleAPICalled":
                found.append("console: " + json.dumps(details["args"]))
            elif method == "Network.requestWillBeSent":
                if not details["request"]["url"].startswith(("file:", "data:", "about:")):
                    found.append("request: " + details["request"]["url"])
        return found

    def set_scheme(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def set_size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=2 if mobile else 1, mobile=mobile)
        self.call("Emulation.setTouchEmulationEnabled", enabled=mobile)

    def mouse_stroke(self, points):
        """Draws with the left button through points of the window."""
        self._mouse("mousePressed", points[0], buttons=1)
        for point in points[1:]:
            self._mouse("mouseMoved", point, buttons=1)
        self._mouse("mouseReleased", points[-1], buttons=0)

    def click(self, point):
        self.mouse_stroke([point])

    def move(self, point):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=point[0], y=point[1])

    def _mouse(self, kind, point, buttons):
        self.call("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], button="left", buttons=buttons,
                  clickCount=1)

    def touch_stroke(self, points):
        """Draws with a finger."""
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": points[0][0], "y": points[0][1]}])
        for x, y in points[1:]:
            self.call("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def screenshot(self, path):
        """The whole page as a PNG file."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))


def _pipe():
    """The two ends of a pipe, well above the descriptors that Chromium expects."""
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(end)
    return ends
