"""What scripts/compare, scripts/scaling and scripts/compile_time have in common. Python 3.8 or later, nothing else."""

import glob
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "benchmarks"
PAGE = ROOT / "docs" / "benchmarks.md"


def fail(message):
    sys.exit(f"error: {message}")


def say(message):
    print(f"==> {message}", file=sys.stderr, flush=True)


def run(command, **options):
    try:
        return subprocess.run(command, check=True, text=True, **options)
    except FileNotFoundError:
        fail(f"{command[0]} was not found")
    except subprocess.CalledProcessError as error:
        fail(f"{' '.join(map(str, command))} ended with {error.returncode}")


def output_of(command, default=""):
    """What a command prints, or `default` where it cannot run."""
    try:
        return subprocess.run(command, check=True, text=True, capture_output=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return default


def build(targets, build_folder=BUILD):
    """Builds the benchmarks for release. A target that CMake left out for want of its library is not an error."""
    say(f"Building the benchmarks in {build_folder} (a peer takes minutes the first time)")
    run(["cmake", "-S", ROOT, "-B", build_folder, "-DCMAKE_BUILD_TYPE=Release", "-DNACRE_BUILD_TESTS=OFF",
         "-DNACRE_BUILD_EXAMPLES=OFF", "-DNACRE_INSTALL=OFF"], stdout=subprocess.DEVNULL)
    known = output_of(["cmake", "--build", build_folder, "--target", "help"])
    wanted = [target for target in targets if f"{target}:" in known or f"... {target}" in known]
    for target in sorted(set(targets) - set(wanted)):
        say(f"{target} is left out, as what it needs was not found")
    if wanted:
        run(["cmake", "--build", build_folder, "--parallel", str(len(os.sched_getaffinity(0))), "--target", *wanted],
            stdout=subprocess.DEVNULL)
    return wanted


def program(name, build_folder=BUILD):
    """The path of a benchmark program, or None where it was not built."""
    for folder in ("benchmarks", "benchmarks/peers"):
        path = pathlib.Path(build_folder) / folder / name
        if path.exists():
            return path
    return None


def run_json(path, arguments, environment=None):
    """Runs a benchmark program and returns the JSON that it writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "result.json")
        done = subprocess.run([str(path), *map(str, arguments), "--json", file], text=True, capture_output=True,
                              env={**os.environ, **(environment or {})})
        if done.returncode != 0:
            raise RuntimeError(f"{path.name} {' '.join(map(str, arguments))}: {done.stderr.strip() or done.returncode}")
        with open(file, encoding="utf-8") as result:
            return json.load(result)


def first_existing(*patterns):
    for pattern in patterns:
        found = sorted(glob.glob(pattern))
        if found:
            return found[0]
    return None


def has_avx512():
    try:
        return "avx512f" in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def machine():
    """Facts about the machine, for people."""
    facts = {"system": f"{platform.system()} {platform.release()} {platform.machine()}",
             "cores": len(os.sched_getaffinity(0))}
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            names = [line.split("=", 1)[1].strip().strip('"') for line in file if line.startswith("PRETTY_NAME=")]
            facts["system"] = f"{names[0]}, {facts['system']}" if names else facts["system"]
    except OSError:
        pass
    for line in output_of(["lscpu"]).splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("L1d cache", "L2 cache", "L3 cache"):
            facts[name.strip()] = value.strip()
    try:
        facts["memory"] = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (ValueError, OSError):
        pass
    return facts


def quantity(value):
    """A number with three significant digits, and thousands separated: 0.532, 12.4, 431,000."""
    if value == 0:
        return "0"
    digits = 3 - len(str(int(abs(value)))) if abs(value) >= 1 else 3
    if digits < 0:
        return f"{round(value, digits):,.0f}"
    return f"{value:.{digits}f}"


def spread(values, form=quantity):
    """median (least to most)"""
    return f"{form(statistics.median(values))} ({form(min(values))} to {form(max(values))})"


def replace_section(page, name, text):
    """Puts `text` between the markers of section `name` in a Markdown page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    content = page.read_text(encoding="utf-8")
    if content.count(begin) != 1 or content.count(end) != 1:
        fail(f"{page}: expected the markers {begin} and {end} once each")
    head, _, rest = content.partition(begin)
    tail = rest.partition(end)[2]
    page.write_text(f"{head}{begin}\n\n{text.strip()}\n\n{end}{tail}", encoding="utf-8")
