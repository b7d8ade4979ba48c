#pragma once
// Ruled and squared paper: lines through the whole picture are taken away, and what is written across them stays.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Ink of a column that is thin enough for a ruled line: from row `first` up to, not including, `last` of column `x`.
struct ThinRun {
  int x;
  int first;
  int last;

  double middle() const { return (first + last - 1) / 2.0; }
};

/// A straight line: its row in column 0, and by how many rows it falls from column to column.
struct RuledLine {
  static constexpr int tolerance = 2;  ///< paper is not quite even: how many rows ink may be off its line

  double row;
  double slope;
  int votes;  ///< thin runs near it, roughly

  double at(int x) const { return row + slope * x; }
  bool is_near(const ThinRun& run) const { return std::abs(run.middle() - at(run.x)) <= tolerance; }
};

/// Ruled lines are at most so thick, in pixels.
inline int most_line_width(const Plane& ink) {
  return std::max(3, static_cast<int>(0.015 * std::sqrt(static_cast<double>(ink.height) * ink.width)));
}

/// What is ink where lines are looked for: they may be fainter than strokes.
inline constexpr float line_threshold = 0.25f;

/// The runs of ink in all columns that are no thicker than ruled lines.
inline List<ThinRun> thin_runs(const Plane& ink) {
  const int most_width = most_line_width(ink);
  List<ThinRun> runs;
  for (int x = 0; x < ink.width; ++x) {
    int first = 0;
    for (int y = 0; y <= ink.height; ++y) {
      if (y < ink.height && ink.at(y, x) > line_threshold) continue;
      if (y > first && y - first <= most_width) runs.push_back({x, first, y});
      first = y + 1;
    }
  }
  return runs;
}

/// 1 where a line that goes through the pixel would be near thin ink.
inline Plane near_thin_ink(const List<ThinRun>& runs, const Plane& ink) {
  Plane near(ink.height, ink.width);
  for (const ThinRun& run : runs) {
    const int last = std::min(run.last + RuledLine::tolerance, ink.height);
    for (int y = std::max(run.first - RuledLine::tolerance, 0); y < last; ++y) near.at(y, run.x) = 1;
  }
  return near;
}

/// Whether thin ink lies near the line along most of its way through the picture, and at both its ends. Where it runs
/// under a stroke it cannot be seen.
inline bool goes_through(const RuledLine& line, const Plane& near_thin, const Plane& ink) {
  std::vector<bool> seen;  // for each place where a line would show, whether it does
  int passed = 0;
  for (int x = 0; x < ink.width; ++x) {
    const int y = static_cast<int>(std::lround(line.at(x)));
    if (y < 0 || y >= ink.height) continue;
    ++passed;
    const bool there = near_thin.at(y, x) > 0;
    if (there || ink.at(y, x) <= line_threshold) seen.push_back(there);
  }
  const auto shows = [&](std::ptrdiff_t first, std::ptrdiff_t last, double share) {
    const auto count = std::count(seen.begin() + first, seen.begin() + last, true);
    return static_cast<double>(count) > share * static_cast<double>(last - first);
  };
  const auto places = static_cast<std::ptrdiff_t>(seen.size());
  const std::ptrdiff_t end = places / 12;
  return passed * 2 > ink.width && places * 3 > passed && shows(0, places, 0.6) && shows(0, end, 0.4) &&
         shows(places - end, places, 0.4);
}

/// How many thin runs lie within a row of each line: of slope (i - steps) / width in row i, which begins at pixel row
/// j - margin in column j. A Hough transform: Duda and Hart, "Use of the Hough transformation to detect lines and
/// curves in pictures", Communications of the ACM 15 (1972).
struct LineVotes {
  static constexpr double steepest = 1.0 / 7;

  int steps;  ///< slopes to either side: the lines' ends differ by a row a step
  int margin;
  Plane near;

  LineVotes(const List<ThinRun>& runs, const Plane& ink)
      : steps(static_cast<int>(std::ceil(steepest * ink.width))),
        margin(steps + 2),
        near(2 * steps + 1, ink.height + 2 * margin) {
    for (int step = -steps; step <= steps; ++step) {
      const double slope = static_cast<double>(step) / ink.width;
      float* votes = &near.at(step + steps, 0);
      for (const ThinRun& run : runs) {
        const auto row = static_cast<int>(run.middle() - slope * run.x + margin + 0.5);  // rounded: it is positive
        for (int beside = -1; beside <= 1; ++beside) votes[row + beside] += 1;
      }
    }
  }
};

/// Whether no value in the square of `radius` is greater, and none before it as great: one pixel of a plateau is a
/// peak.
inline bool is_peak(const Plane& plane, int y, int x, int radius) {
  const float value = plane.at(y, x);
  for (int v = y - radius; v <= y + radius; ++v) {
    for (int u = x - radius; u <= x + radius; ++u) {
      const bool before = v < y || (v == y && u < x);
      const float other = plane.or_zero(v, u);
      if (before ? other >= value : other > value) return false;
    }
  }
  return true;
}

/// The lines near which there are many runs, more than near the lines beside them, most first. Without the comparison
/// there would be hundreds of thousands in a hatched picture.
inline List<RuledLine> possible_lines(const List<ThinRun>& runs, const Plane& ink) {
  const LineVotes votes(runs, ink);
  List<RuledLine> lines;
  for (int i = 0; i < votes.near.height; ++i) {
    for (int j = 0; j < votes.near.width; ++j) {
      const float near = votes.near.at(i, j);
      if (near <= 0.3 * ink.width || !is_peak(votes.near, i, j, RuledLine::tolerance)) continue;
      const double slope = static_cast<double>(i - votes.steps) / ink.width;
      lines.push_back({static_cast<double>(j) - votes.margin, slope, static_cast<int>(near)});
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const RuledLine& a, const RuledLine& b) { return a.votes > b.votes; });
  return lines;
}

/// The lines that go through the picture from left to right.
inline List<RuledLine> ruled_lines(const List<ThinRun>& runs, const Plane& ink) {
  const Plane near_thin = near_thin_ink(runs, ink);
  const int apart = 2 * most_line_width(ink);
  List<RuledLine> lines;
  for (const RuledLine& line : possible_lines(runs, ink)) {
    const bool known = std::any_of(lines.begin(), lines.end(), [&](const RuledLine& other) {
      return std::abs(line.at(ink.width / 2) - other.at(ink.width / 2)) < apart;
    });
    if (!known && goes_through(line, near_thin, ink)) lines.push_back(line);
  }
  return lines;
}

/// Ink of a run becomes what lies between the ink above and below it.
inline void erase(Plane& ink, const ThinRun& run) {
  const int above = run.first - 2;  // a line's edges are soft
  const int below = run.last + 1;
  const float from = ink.or_zero(above, run.x);
  const float to = ink.or_zero(below, run.x);
  for (int y = std::max(above + 1, 0); y < std::min(below, ink.height); ++y) {
    const float share = static_cast<float>(y - above) / static_cast<float>(below - above);
    ink.at(y, run.x) = std::min(ink.at(y, run.x), from + share * (to - from));
  }
}

/// The ink without the lines that go through it from left to right.
inline Plane without_lines_across(Plane ink) {
  const List<ThinRun> runs = thin_runs(ink);
  const List<RuledLine> lines = ruled_lines(runs, ink);
  for (const ThinRun& run : runs) {
    const auto is_near = [&](const RuledLine& line) { return line.is_near(run); };
    if (std::any_of(lines.begin(), lines.end(), is_near)) erase(ink, run);
  }
  return ink;
}

/// The ink without ruled lines, across and down. Where hardly anything would be left, as of a 1 that fills its picture,
/// the lines are the digit and stay.
inline Plane without_ruled_lines(const Plane& ink) {
  const auto strokes = [](const Plane& plane) {
    return std::count_if(plane.values.begin(), plane.values.end(), [](float value) { return value > 0.5f; });
  };
  Plane rest = transposed(without_lines_across(transposed(without_lines_across(ink))));
  return strokes(rest) * 10 > strokes(ink) ? rest : ink;
}

}  // namespace nacre::datasets::detail
