#pragma once
// How people write the ten digits: the pen strokes that `synthetic_digits.hpp` draws from, written by hand.

#include <cstddef>
#include <span>

namespace nacre::datasets::detail {

/// What the pen does at a knot: run through it smoothly, turn sharply, or be put down there to begin a new stroke.
enum class Pen { glide, turn, down };

/// A point that the pen passes, in hundredths of the digit's height; x grows to the right, y downwards.
struct Knot {
  int x;
  int y;
  Pen pen = Pen::glide;
};

/// One way to write a digit, given by a few examples knot by knot. Every mixture of the examples is a digit, too.
struct Form {
  double share;                 ///< How often this form is written, relative to the digit's other forms.
  std::size_t examples;         ///< How many examples follow each other in `knots`; the first one tells the pens.
  std::span<const Knot> knots;  ///< `examples` lists of equally many knots.

  constexpr std::size_t size() const { return knots.size() / examples; }
};

template <std::size_t examples, std::size_t count>
constexpr Form form(double share, const Knot (&knots)[count]) {
  static_assert(count % examples == 0, "the examples of a form have equally many knots");
  return {share, examples, knots};
}

inline constexpr Pen turn = Pen::turn;
inline constexpr Pen down = Pen::down;

// clang-format off

// 0: a ring from the top, counterclockwise: round, narrow, wide, pointed at the ends, and clockwise from the left.
inline constexpr Knot zero_ring[] = {
    {52, 0, down}, {24, 9}, {7, 33}, {8, 66}, {26, 92}, {52, 100}, {78, 90}, {93, 64}, {92, 32}, {74, 8}, {46, 1},
    {50, 0, down}, {38, 8}, {30, 32}, {30, 66}, {38, 93}, {50, 100}, {62, 92}, {70, 66}, {70, 34}, {62, 8}, {48, 2},
    {55, 2, down}, {15, 8}, {-12, 35}, {-8, 70}, {18, 95}, {52, 100}, {88, 92}, {112, 65}, {108, 30}, {82, 6}, {45, 0},
    {62, 0, down}, {38, 20}, {20, 48}, {18, 78}, {30, 96}, {46, 100}, {64, 86}, {80, 58}, {82, 32}, {76, 10}, {56, 4}};
// 0 whose end runs over the beginning and into the ring.
inline constexpr Knot zero_curl[] = {
    {62, 18, down}, {45, 4}, {18, 22}, {8, 52}, {18, 86}, {48, 100}, {80, 86}, {94, 54}, {84, 18}, {56, 2}, {30, 12},
    {40, 22, down}, {34, 4}, {12, 24}, {6, 55}, {16, 88}, {46, 100}, {76, 88}, {92, 55}, {84, 20}, {60, 6}, {42, 28},
    {80, 6, down}, {50, 2}, {22, 18}, {10, 52}, {20, 88}, {48, 100}, {76, 88}, {90, 56}, {84, 26}, {62, 8}, {28, 4}};

// 1: a bare line, bent a little either way.
inline constexpr Knot one_line[] = {
    {50, 0, down}, {50, 33}, {50, 67}, {50, 100},
    {47, 0, down}, {53, 33}, {53, 67}, {47, 100},
    {54, 0, down}, {48, 33}, {47, 67}, {54, 100},
    {46, 2, down}, {50, 33}, {50, 66}, {52, 100}};
// 1 with a flag; the flag is short, long or hardly there.
inline constexpr Knot one_flag[] = {
    {32, 20, down}, {44, 10}, {52, 0, turn}, {51, 50}, {50, 100},
    {22, 26, down}, {40, 14}, {54, 0, turn}, {54, 50}, {54, 100},
    {42, 10, down}, {48, 5}, {52, 0, turn}, {50, 50}, {49, 100}};
// 1 with a flag and a foot.
inline constexpr Knot one_foot[] = {
    {30, 20, down}, {52, 0, turn}, {51, 50}, {50, 98}, {22, 99, down}, {50, 99}, {80, 98},
    {36, 14, down}, {52, 0, turn}, {50, 50}, {50, 97}, {30, 100, down}, {50, 98}, {70, 97},
    {20, 22, down}, {54, 0, turn}, {54, 50}, {53, 96}, {12, 98, down}, {50, 97}, {94, 96}};
// 1 that hooks away at its lower end.
inline constexpr Knot one_hook[] = {
    {48, 0, down}, {47, 40}, {46, 80}, {52, 97}, {66, 95},
    {54, 0, down}, {54, 40}, {53, 78}, {46, 96}, {34, 98}};

// 2 with a sharp turn into the base line.
inline constexpr Knot two_corner[] = {
    {14, 22, down}, {28, 5}, {54, 0}, {76, 16}, {70, 42}, {44, 70}, {14, 96, turn}, {50, 95}, {90, 94},
    {20, 14, down}, {38, 3}, {58, 2}, {70, 14}, {66, 36}, {46, 64}, {22, 92, turn}, {52, 92}, {80, 98},
    {8, 12, down}, {34, 4}, {66, 3}, {84, 16}, {68, 40}, {40, 66}, {4, 94, turn}, {52, 90}, {108, 88},
    {22, 32, down}, {26, 8}, {52, 0}, {74, 20}, {72, 48}, {52, 76}, {26, 98, turn}, {50, 96}, {82, 92}};
// 2 with a loop at the lower left.
inline constexpr Knot two_loop[] = {
    {16, 24, down}, {34, 4}, {60, 2}, {76, 22}, {68, 50}, {44, 80}, {20, 96}, {8, 86}, {22, 74}, {46, 82}, {68, 95},
    {92, 88},
    {22, 20, down}, {40, 3}, {62, 4}, {74, 22}, {66, 48}, {46, 76}, {26, 94}, {14, 92}, {20, 82}, {42, 86}, {66, 98},
    {94, 100},
    {24, 34, down}, {26, 10}, {52, 0}, {76, 14}, {74, 44}, {52, 76}, {24, 98}, {2, 88}, {14, 66}, {44, 74}, {70, 90},
    {104, 78},
    {30, 12, down}, {48, 0}, {66, 6}, {72, 26}, {60, 52}, {40, 76}, {18, 88}, {4, 80}, {18, 70}, {46, 78}, {76, 92},
    {110, 98}};
// 2 written as a z.
inline constexpr Knot two_angular[] = {
    {14, 8, down}, {44, 4}, {76, 5, turn}, {46, 50}, {14, 95, turn}, {50, 95}, {88, 92},
    {20, 2, down}, {50, 0}, {78, 8, turn}, {54, 52}, {22, 94, turn}, {50, 92}, {82, 96},
    {4, 16, down}, {40, 4}, {70, 2, turn}, {50, 44}, {14, 86, turn}, {50, 86}, {98, 90}};
// 2 whose head curls in on itself.
inline constexpr Knot two_curl[] = {
    {46, 38, down}, {26, 40}, {18, 20}, {40, 2}, {70, 8}, {78, 34}, {60, 66}, {28, 94}, {10, 86}, {30, 76}, {58, 88},
    {92, 90},
    {38, 28, down}, {24, 28}, {22, 12}, {44, 0}, {68, 10}, {72, 34}, {54, 64}, {28, 90}, {18, 92}, {34, 86}, {60, 92},
    {86, 98}};

// 3 of two bows that meet in a sharp turn.
inline constexpr Knot three_bows[] = {
    {14, 12, down}, {38, 0}, {66, 6}, {68, 28}, {36, 46, turn}, {66, 54}, {80, 74}, {60, 96}, {30, 99}, {8, 86},
    {22, 8, down}, {46, 0}, {70, 10}, {66, 32}, {44, 46, turn}, {66, 50}, {72, 74}, {52, 96}, {26, 98}, {12, 92},
    {8, 14, down}, {40, 0}, {76, 4}, {78, 26}, {46, 42, turn}, {76, 50}, {90, 72}, {66, 94}, {34, 102}, {2, 92},
    {18, 20, down}, {34, 2}, {60, 2}, {70, 24}, {30, 42, turn}, {62, 48}, {84, 74}, {58, 98}, {26, 96}, {4, 76},
    {24, 6, down}, {46, 0}, {64, 10}, {60, 30}, {40, 48, turn}, {60, 56}, {64, 78}, {42, 98}, {14, 104}, {-10, 98}};
// 3 with a flat top.
inline constexpr Knot three_flat[] = {
    {14, 4, down}, {46, 3}, {76, 2, turn}, {58, 22}, {40, 40, turn}, {70, 48}, {82, 72}, {58, 97}, {12, 90},
    {8, 10, down}, {40, 4}, {70, 4, turn}, {52, 26}, {34, 46, turn}, {66, 52}, {74, 76}, {52, 98}, {14, 94},
    {20, 0, down}, {48, 2}, {72, 6, turn}, {56, 24}, {44, 38, turn}, {72, 52}, {70, 82}, {42, 100}, {-2, 98}};
// 3 with a small loop, or a smooth swing, in the middle.
inline constexpr Knot three_loop[] = {
    {16, 14, down}, {40, 0}, {68, 8}, {66, 32}, {44, 48}, {32, 48}, {42, 42}, {68, 54}, {80, 76}, {56, 98}, {10, 90},
    {20, 8, down}, {46, 0}, {70, 12}, {64, 36}, {46, 50}, {38, 54}, {44, 48}, {66, 54}, {72, 78}, {48, 99}, {6, 94},
    {22, 22, down}, {38, 2}, {64, 4}, {68, 28}, {48, 46}, {26, 46}, {34, 36}, {62, 46}, {76, 72}, {54, 98}, {16, 84}};

// 4 open at the top: an angle or a bowl, then a stem.
inline constexpr Knot four_open[] = {
    {16, 4, down}, {14, 30}, {12, 54, turn}, {48, 54}, {84, 50}, {70, 4, down}, {68, 50}, {64, 100},
    {22, 0, down}, {16, 26}, {8, 48, turn}, {44, 52}, {78, 48}, {78, 0, down}, {70, 48}, {60, 100},
    {30, 2, down}, {20, 34}, {8, 62, turn}, {50, 62}, {94, 60}, {66, 0, down}, {62, 50}, {60, 100},
    {8, 10, down}, {10, 36}, {14, 58, turn}, {40, 56}, {68, 50}, {72, -4, down}, {70, 50}, {70, 100},
    {34, 10, down}, {20, 32}, {2, 52, turn}, {50, 54}, {104, 46}, {84, 0, down}, {66, 48}, {48, 100}};
inline constexpr Knot four_bowl[] = {
    {16, 4, down}, {10, 26}, {14, 48}, {38, 54}, {62, 42}, {76, 20}, {80, 2, turn}, {74, 50}, {66, 100},
    {26, 0, down}, {14, 22}, {10, 44}, {28, 54}, {54, 46}, {74, 24}, {86, 0, turn}, {70, 48}, {52, 100},
    {10, 12, down}, {14, 34}, {26, 50}, {44, 50}, {60, 38}, {68, 20}, {72, 4, turn}, {70, 50}, {68, 100},
    {32, 6, down}, {22, 20}, {18, 36}, {34, 44}, {56, 36}, {70, 22}, {80, 8, turn}, {66, 48}, {46, 100}};
// 4 closed at the top: a slope down to the left, a bar, then a stem.
inline constexpr Knot four_closed[] = {
    {62, 0, down}, {36, 32}, {10, 62, turn}, {50, 62}, {92, 60}, {63, 2, down}, {62, 50}, {60, 100},
    {70, 2, down}, {40, 30}, {14, 54, turn}, {48, 56}, {84, 54}, {74, 0, down}, {66, 50}, {58, 100},
    {54, 0, down}, {34, 36}, {6, 70, turn}, {46, 68}, {88, 68}, {58, 6, down}, {58, 50}, {58, 100}};
// 4 whose stem comes first or whose top is a narrow bend: the pen is not lifted at the top.
inline constexpr Knot four_peak[] = {
    {56, 100, down}, {62, 50}, {66, 2, turn}, {40, 30}, {10, 60, turn}, {50, 60}, {92, 56},
    {46, 100, down}, {62, 50}, {76, 0, turn}, {48, 28}, {16, 54, turn}, {50, 54}, {88, 48},
    {62, 100, down}, {62, 50}, {60, 4, turn}, {42, 28}, {18, 54, turn}, {44, 58}, {70, 56}};
// 4 in one stroke: the bar runs on through a narrow loop at the right into the stem.
inline constexpr Knot four_run[] = {
    {34, 0, down}, {20, 28}, {10, 52}, {30, 58}, {60, 50}, {82, 34}, {80, 22}, {68, 44}, {62, 72}, {56, 100},
    {26, 4, down}, {14, 28}, {12, 50}, {36, 54}, {64, 42}, {84, 18}, {80, 8}, {68, 38}, {60, 70}, {52, 100}};

// 5 of neck and bowl, the top bar drawn last.
inline constexpr Knot five_bar[] = {
    {26, 2, down}, {22, 22}, {20, 42, turn}, {48, 36}, {76, 52}, {76, 80}, {48, 100}, {12, 92}, {26, 3, down}, {54, 2},
    {84, 0},
    {34, 4, down}, {28, 24}, {22, 44, turn}, {46, 42}, {66, 58}, {62, 84}, {38, 100}, {6, 96}, {36, 2, down}, {66, 0},
    {100, -4},
    {20, 6, down}, {20, 26}, {20, 48, turn}, {46, 46}, {72, 60}, {70, 86}, {44, 100}, {14, 96}, {24, -2, down}, {50, -4},
    {74, -6},
    {40, 8, down}, {34, 26}, {26, 44, turn}, {52, 48}, {62, 66}, {52, 88}, {28, 100}, {0, 98}, {44, 8, down}, {76, 4},
    {114, -2}};
// 5 in one stroke from the right end of the bar.
inline constexpr Knot five_stroke[] = {
    {84, 2, down}, {54, 3}, {28, 4, turn}, {24, 22}, {20, 42, turn}, {48, 38}, {76, 54}, {74, 82}, {46, 100}, {10, 90},
    {100, 0, down}, {66, 4}, {40, 8, turn}, {34, 26}, {28, 44, turn}, {50, 46}, {64, 64}, {56, 88}, {32, 100}, {4, 98},
    {76, 6, down}, {50, 4}, {26, 2, turn}, {22, 26}, {18, 48, turn}, {46, 40}, {80, 56}, {82, 80}, {54, 98}, {14, 100}};
// 5 that swings through like an s.
inline constexpr Knot five_swing[] = {
    {82, 4, down}, {56, 2}, {32, 10}, {26, 28}, {42, 44}, {64, 58}, {70, 80}, {46, 99}, {12, 92},
    {76, 0, down}, {56, 2}, {40, 12}, {34, 30}, {44, 46}, {58, 62}, {58, 84}, {38, 100}, {14, 96},
    {98, 2, down}, {68, 4}, {40, 12}, {30, 30}, {50, 40}, {70, 54}, {68, 78}, {40, 98}, {0, 96}};

// 6 with a bow for a stem.
inline constexpr Knot six_bow[] = {
    {68, 0, down}, {38, 20}, {18, 48}, {14, 76}, {32, 97}, {58, 97}, {76, 80}, {70, 60}, {48, 54}, {26, 64}, {14, 80},
    {82, 8, down}, {48, 6}, {20, 34}, {8, 68}, {26, 96}, {60, 100}, {88, 84}, {88, 60}, {60, 50}, {32, 60}, {12, 78},
    {56, 0, down}, {38, 22}, {26, 50}, {24, 78}, {36, 98}, {52, 99}, {66, 86}, {66, 68}, {52, 60}, {38, 68}, {28, 82},
    {90, 2, down}, {52, 16}, {26, 44}, {20, 74}, {36, 98}, {60, 96}, {74, 80}, {70, 66}, {52, 62}, {34, 72}, {14, 88}};
// 6 with a straight stem, as a b.
inline constexpr Knot six_stem[] = {
    {28, 0, down}, {20, 28}, {15, 56}, {17, 84}, {38, 99}, {64, 92}, {74, 74}, {60, 58}, {38, 62}, {18, 80},
    {44, 0, down}, {30, 28}, {18, 58}, {18, 86}, {42, 100}, {68, 94}, {80, 74}, {66, 58}, {42, 60}, {20, 76},
    {16, 0, down}, {14, 30}, {14, 60}, {22, 88}, {46, 98}, {70, 86}, {74, 68}, {56, 56}, {34, 64}, {18, 84},
    {58, 0, down}, {36, 30}, {22, 60}, {20, 86}, {36, 100}, {52, 94}, {60, 78}, {54, 68}, {40, 70}, {22, 84}};
// 6 whose ring does not close.
inline constexpr Knot six_hook[] = {
    {70, 2, down}, {40, 18}, {18, 48}, {16, 80}, {38, 99}, {66, 92}, {78, 72}, {64, 58}, {44, 60},
    {52, 0, down}, {28, 26}, {14, 56}, {16, 86}, {42, 100}, {68, 88}, {72, 66}, {60, 54}, {46, 66}};

// 7 of bar and slope.
inline constexpr Knot seven_plain[] = {
    {10, 6, down}, {46, 5}, {82, 4, turn}, {60, 50}, {42, 100},
    {4, 2, down}, {42, 4}, {78, 6, turn}, {72, 52}, {68, 100},
    {18, 12, down}, {46, 8}, {76, 2, turn}, {56, 52}, {44, 100},
    {0, 14, down}, {44, 8}, {92, 0, turn}, {56, 48}, {26, 100},
    {16, 6, down}, {50, 10}, {86, 8, turn}, {52, 46}, {40, 100}};
// 7 with a serif at the left end of the bar.
inline constexpr Knot seven_serif[] = {
    {12, 22, down}, {14, 4, turn}, {46, 4}, {80, 3, turn}, {58, 50}, {42, 100},
    {6, 30, down}, {18, 8, turn}, {46, 8}, {74, 2, turn}, {60, 50}, {50, 100},
    {20, 32, down}, {22, 4, turn}, {48, 2}, {76, 2, turn}, {70, 50}, {66, 100}};
// 7 with a bar through the stem.
inline constexpr Knot seven_barred[] = {
    {12, 6, down}, {46, 5}, {80, 4, turn}, {58, 50}, {42, 100}, {28, 52, down}, {54, 50}, {84, 48},
    {14, 16, down}, {40, 8}, {72, 4, turn}, {54, 50}, {44, 100}, {22, 54, down}, {50, 54}, {78, 52},
    {6, 8, down}, {46, 4}, {90, 0, turn}, {60, 48}, {34, 100}, {20, 62, down}, {52, 54}, {90, 46}};
// 7 with a rounded shoulder.
inline constexpr Knot seven_round[] = {
    {10, 12, down}, {34, 3}, {62, 1}, {80, 14}, {70, 42}, {54, 70}, {44, 100},
    {12, 4, down}, {44, 4}, {74, 6}, {84, 18}, {70, 44}, {54, 72}, {38, 100},
    {12, 26, down}, {28, 4}, {56, 0}, {74, 14}, {70, 42}, {66, 70}, {64, 100}};

// 8 as one loop: from the upper right, down through the crossing and back.
inline constexpr Knot eight_loop[] = {
    {74, 12, down}, {50, 0}, {26, 12}, {30, 32}, {52, 48}, {74, 68}, {74, 90}, {48, 100}, {24, 88}, {28, 66}, {52, 48},
    {72, 30}, {76, 10},
    {62, 4, down}, {44, 2}, {34, 16}, {38, 34}, {52, 48}, {64, 68}, {62, 90}, {46, 100}, {32, 90}, {36, 68}, {52, 48},
    {64, 32}, {68, 14},
    {88, 8, down}, {58, 0}, {26, 10}, {26, 32}, {50, 46}, {68, 64}, {62, 88}, {36, 100}, {10, 90}, {18, 68}, {50, 48},
    {78, 30}, {94, 10},
    {60, 2, down}, {38, 2}, {20, 16}, {26, 36}, {52, 48}, {80, 64}, {84, 86}, {52, 100}, {18, 90}, {20, 66}, {48, 48},
    {76, 34}, {74, 8}};
// 8 as one loop begun the other way round: down to the left first.
inline constexpr Knot eight_back[] = {
    {48, 0, down}, {72, 10}, {72, 30}, {50, 46}, {28, 64}, {24, 88}, {48, 100}, {74, 90}, {72, 66}, {50, 46}, {28, 28},
    {28, 8}, {52, 0},
    {54, 0, down}, {68, 12}, {66, 30}, {52, 46}, {40, 66}, {36, 90}, {48, 100}, {62, 88}, {62, 66}, {50, 46}, {40, 28},
    {40, 8}, {56, 2},
    {40, 6, down}, {70, 2}, {80, 22}, {56, 44}, {28, 62}, {16, 88}, {42, 102}, {68, 86}, {66, 62}, {48, 46}, {32, 36},
    {26, 18}, {46, 4}};
// 8 of two rings.
inline constexpr Knot eight_rings[] = {
    {50, 0, down}, {30, 8}, {26, 26}, {38, 42}, {56, 44}, {74, 30}, {72, 10}, {48, 0}, {50, 44, down}, {26, 56}, {22, 82},
    {48, 100}, {76, 86}, {76, 58}, {52, 44},
    {50, 0, down}, {22, 10}, {18, 30}, {38, 46}, {62, 46}, {82, 30}, {78, 8}, {46, 0}, {48, 46, down}, {18, 58}, {16, 84},
    {48, 100}, {82, 86}, {82, 58}, {48, 46},
    {52, 4, down}, {36, 10}, {32, 28}, {42, 40}, {56, 42}, {66, 30}, {66, 12}, {50, 4}, {50, 40, down}, {30, 56}, {28, 84},
    {48, 98}, {68, 86}, {70, 58}, {52, 40}};
// 8 whose last stroke leaves the top open or runs on to the right.
inline constexpr Knot eight_tail[] = {
    {66, 8, down}, {44, 0}, {24, 14}, {34, 36}, {58, 54}, {70, 76}, {54, 98}, {30, 94}, {28, 72}, {52, 46}, {86, 8},
    {72, 14, down}, {46, 8}, {22, 20}, {34, 40}, {54, 54}, {64, 78}, {48, 100}, {28, 92}, {32, 72}, {56, 42}, {80, 0},
    {58, 6, down}, {36, 4}, {20, 22}, {40, 42}, {60, 58}, {62, 84}, {42, 100}, {22, 88}, {32, 66}, {62, 40}, {100, 14}};

// 9 with a straight stem.
inline constexpr Knot nine_stem[] = {
    {74, 12, down}, {50, 0}, {24, 14}, {22, 38}, {44, 50}, {68, 36}, {78, 8, turn}, {74, 54}, {68, 100},
    {70, 14, down}, {46, 2}, {18, 18}, {16, 42}, {40, 50}, {64, 38}, {76, 14, turn}, {64, 56}, {46, 100},
    {72, 8, down}, {50, 2}, {32, 14}, {30, 34}, {46, 42}, {66, 30}, {74, 6, turn}, {74, 54}, {76, 100},
    {84, 6, down}, {46, 2}, {12, 22}, {14, 46}, {46, 50}, {76, 34}, {84, 10, turn}, {80, 54}, {78, 100},
    {80, 2, down}, {54, 8}, {30, 26}, {28, 42}, {46, 44}, {66, 32}, {82, 8, turn}, {66, 54}, {42, 100}};
// 9 whose tail is bent to the left.
inline constexpr Knot nine_tail[] = {
    {76, 12, down}, {50, 0}, {24, 14}, {22, 38}, {44, 50}, {68, 38}, {78, 12, turn}, {78, 46}, {68, 84}, {44, 100},
    {16, 92},
    {72, 10, down}, {48, 0}, {26, 16}, {26, 36}, {46, 46}, {66, 34}, {74, 10, turn}, {74, 50}, {68, 82}, {52, 98},
    {32, 98},
    {80, 14, down}, {50, 0}, {16, 16}, {14, 42}, {46, 54}, {76, 40}, {84, 16, turn}, {84, 56}, {74, 88}, {46, 100},
    {10, 90}};
// 9 in one swing: the ring runs smoothly into the stem.
inline constexpr Knot nine_swing[] = {
    {66, 46, down}, {40, 52}, {20, 36}, {26, 10}, {54, 0}, {76, 16}, {76, 44}, {70, 72}, {62, 100},
    {60, 36, down}, {40, 46}, {26, 36}, {36, 12}, {60, 0}, {74, 12}, {70, 42}, {58, 72}, {44, 100},
    {70, 34, down}, {42, 44}, {18, 28}, {28, 6}, {56, 0}, {76, 18}, {78, 48}, {68, 80}, {38, 100},
    {76, 30, down}, {50, 48}, {22, 44}, {22, 16}, {52, 0}, {80, 12}, {86, 42}, {84, 72}, {80, 100}};
// 9 drawn as a ring, then a stem that stands apart or overlaps.
inline constexpr Knot nine_ring[] = {
    {72, 10, down}, {48, 0}, {24, 14}, {22, 38}, {44, 50}, {68, 40}, {76, 18}, {64, 4}, {78, 6, down}, {76, 52}, {72, 100},
    {66, 8, down}, {44, 2}, {26, 16}, {28, 36}, {46, 42}, {64, 32}, {68, 14}, {56, 4}, {74, 10, down}, {66, 54}, {54, 100}};

// clang-format on

inline constexpr Form zeros[] = {form<4>(8, zero_ring), form<3>(2, zero_curl)};
inline constexpr Form ones[] = {form<4>(8, one_line), form<3>(1.2, one_flag), form<3>(0.8, one_foot),
                                form<2>(0.3, one_hook)};
inline constexpr Form twos[] = {form<4>(4, two_corner), form<4>(4, two_loop), form<3>(1, two_angular),
                                form<2>(0.8, two_curl)};
inline constexpr Form threes[] = {form<5>(6, three_bows), form<3>(1.5, three_flat), form<3>(2, three_loop)};
inline constexpr Form fours[] = {form<5>(5, four_open), form<4>(4, four_bowl), form<3>(1.5, four_closed),
                                 form<3>(1, four_peak), form<2>(1, four_run)};
inline constexpr Form fives[] = {form<4>(5, five_bar), form<3>(3, five_stroke), form<3>(2, five_swing)};
inline constexpr Form sixes[] = {form<4>(5, six_bow), form<4>(4, six_stem), form<2>(1, six_hook)};
inline constexpr Form sevens[] = {form<5>(6, seven_plain), form<3>(1.5, seven_serif), form<3>(1.2, seven_barred),
                                  form<3>(2.5, seven_round)};
inline constexpr Form eights[] = {form<4>(5, eight_loop), form<3>(1.5, eight_back), form<3>(1.5, eight_rings),
                                  form<3>(2, eight_tail)};
inline constexpr Form nines[] = {form<5>(5, nine_stem), form<3>(2, nine_tail), form<4>(3, nine_swing),
                                 form<2>(1, nine_ring)};

/// The forms of each digit from 0 to 9.
inline constexpr std::span<const Form> digit_forms[] = {zeros, ones, twos, threes, fours,
                                                        fives, sixes, sevens, eights, nines};

}  // namespace nacre::datasets::detail
