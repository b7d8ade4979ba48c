#pragma once
// Figure: the layers of a model and how they are connected.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {
namespace detail {

/// A drawing of a graph in rows: each layer below all that it reads. Where a tensor passes rows by, it has a place of
/// its own in each of them, so that no line crosses a box. (The layers of Sugiyama, Tagawa and Toda, "Methods for
/// visual understanding of hierarchical system structures", 1981; rows are ordered by the mean place of what they
/// read.)
class GraphChart {
 public:
  /// A box with three lines of text.
  struct Box {
    std::string name;
    std::string class_name;
    std::string shape;
    List<std::size_t> reads;  ///< boxes before it
  };

  GraphChart(std::string title, List<Box> boxes) : title_(std::move(title)) {
    for (const Box& box : boxes) add(box);
    for (Item& item : items_) rows_[item.row].push_back(static_cast<std::size_t>(&item - items_.data()));
    for (int sweep = 0; sweep < 4; ++sweep) {
      for (std::size_t row = 1; row < rows_.size(); ++row) order(rows_[row]);
    }
    for (List<std::size_t>& row : rows_) place(row);
  }

  Figure figure() const {
    double left = 0;
    double right = text_width(title_, 15);
    for (const Item& item : items_) {
      left = std::min(left, item.x - item.width / 2);
      right = std::max(right, item.x + item.width / 2);
    }
    const double top = margin + 36;
    Svg svg(right - left + 2 * margin, top + static_cast<double>(rows_.size()) * row_height - gap_y + margin,
            "Layers of " + title_);
    svg.text(margin, margin + 14, title_, {.size = 15, .css = "ink strong"});
    const auto upper = [&](const Item& item) {
      return Point{item.x - left + margin, top + static_cast<double>(item.row) * row_height};
    };
    const auto lower = [&](const Item& item) {
      const Point point = upper(item);
      return Point{point.x, point.y + box_height};
    };
    for (const Item& item : items_) {
      for (std::size_t read : item.reads) draw_line(svg, lower(items_[read]), upper(item));
      if (!item.box) svg.line(upper(item), lower(item), "axis");
    }
    for (const Item& item : items_) {
      if (!item.box) continue;
      const Point point = upper(item);
      svg.rect(point.x - item.width / 2, point.y, item.width, box_height, "track", {.radius = 5});
      svg.text(point.x, point.y + 17, item.box->name, {.size = 12, .css = "ink strong", .anchor = "middle"});
      svg.text(point.x, point.y + 32, item.box->class_name, {.size = 11, .css = "ink", .anchor = "middle"});
      svg.text(point.x, point.y + 46, item.box->shape, {.size = 11, .css = "muted", .anchor = "middle"});
    }
    return std::move(svg).figure();
  }

 private:
  static constexpr double margin = 20;
  static constexpr double box_height = 54;
  static constexpr double gap_x = 18;
  static constexpr double gap_y = 26;
  static constexpr double row_height = box_height + gap_y;

  /// A box, or a place where a line passes a row.
  struct Item {
    std::optional<Box> box;
    std::size_t row;
    double width;
    List<std::size_t> reads{};  ///< items of the row above
    double x = 0;               ///< of its middle
  };

  void add(const Box& box) {
    std::size_t row = 0;
    for (std::size_t read : box.reads) row = std::max(row, items_[item_of_[read]].row + 1);
    const double width =
        24 + std::max({text_width(box.name, 12), text_width(box.class_name, 11), text_width(box.shape, 11)});
    Item item{box, row, std::max(width, 96.0)};
    for (std::size_t read : box.reads) item.reads.push_back(passed_down(item_of_[read], row));
    item_of_.push_back(items_.size());
    items_.push_back(std::move(item));
    if (row >= rows_.size()) rows_.resize(row + 1);
  }

  /// The item in the row above `row` at which the tensor of `item` arrives.
  std::size_t passed_down(std::size_t item, std::size_t row) {
    while (items_[item].row + 1 < row) {
      const auto below = std::find_if(items_.begin(), items_.end(), [&](const Item& other) {
        return !other.box && other.reads == List<std::size_t>{item};
      });
      if (below != items_.end()) {
        item = static_cast<std::size_t>(below - items_.begin());
        continue;
      }
      items_.push_back({std::nullopt, items_[item].row + 1, 8, {item}});
      item = items_.size() - 1;
    }
    return item;
  }

  /// Orders a row by the mean place of what its items read, and gives them places next to each other.
  void order(List<std::size_t>& row) {
    const auto wanted = [&](std::size_t index) {
      const Item& item = items_[index];
      double sum = 0;
      for (std::size_t read : item.reads) sum += items_[read].x;
      return item.reads.empty() ? 0 : sum / static_cast<double>(item.reads.size());
    };
    place(rows_[items_[row.front()].row - 1]);
    std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) { return wanted(a) < wanted(b); });
    place(row);
  }

  void place(const List<std::size_t>& row) {
    double width = -gap_x;
    for (std::size_t index : row) width += items_[index].width + gap_x;
    double x = -width / 2;
    for (std::size_t index : row) {
      items_[index].x = x + items_[index].width / 2;
      x += items_[index].width + gap_x;
    }
  }

  static void draw_line(Svg& svg, Point from, Point to) {
    svg.polyline({from, {from.x, from.y + 6}, {to.x, to.y - 6}, to}, "line axis");
  }

  std::string title_;
  List<Item> items_;
  List<std::size_t> item_of_;  ///< of each box
  List<List<std::size_t>> rows_;
};

}  // namespace detail

/// A drawing (SVG) of a model's layers: each with its name, class and output shape, below those that it reads. Throws
/// StateError before the model is built.
template <class T>
Figure graph(const BasicModel<T>& model) {
  require<StateError>(model.built(), "graph: expected a model that is built; call build(shape) or fit before it");
  const ModelState<T>& state = model.state();
  List<detail::GraphChart::Box> boxes;
  for (std::size_t i = 0; i < state.inputs(); ++i) {
    boxes.push_back({state.graph.inputs[i], "Input", state.input_shape(i).to_string_with_batch(), {}});
  }
  for (std::size_t i = 0; i < state.graph.nodes.size(); ++i) {
    const GraphNode& node = state.graph.nodes[i];
    detail::GraphChart::Box box{
        node.name, node.layer.class_name(), state.built_graph->node_outputs[i].shape.to_string_with_batch(), {}};
    for (const TensorRef& input : node.inputs) {
      const std::size_t read = input.is_input() ? input.input() : state.inputs() + input.node_index();
      if (std::find(box.reads.begin(), box.reads.end(), read) == box.reads.end()) box.reads.push_back(read);
    }
    boxes.push_back(std::move(box));
  }
  return detail::GraphChart(model.name(), std::move(boxes)).figure();
}

}  // namespace nacre::reports
