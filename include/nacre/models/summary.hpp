#pragma once
// The table that describes a model, as Keras draws it.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/models/model_state.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Cells in a terminal: a UTF-8 character counts once.
inline std::size_t display_width(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

inline std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  while (times-- > 0) out += part;
  return out;
}

/// 27882 as "27,882".
inline std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

/// 111528 as "108.91 KB".
inline std::string readable_bytes(std::int64_t bytes) {
  const char* units[] = {"B", "KB", "MB", "GB", "TB"};
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit < 4; ++unit) size /= 1024;
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f %s", size, units[unit]);
  return digits;
}

/// A table with a heavy frame around its head.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::string to_string() const {
    List<std::size_t> widths(rows_[0].size(), 0);
    for (const auto& row : rows_) {
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
    }
    std::string out =
        rule(widths, "┏", "━", "┳", "┓") + cells(rows_[0], widths, "┃") + rule(widths, "┡", "━", "╇", "┩");
    for (std::size_t r = 1; r < rows_.size(); ++r) {
      if (r > 1) out += rule(widths, "├", "─", "┼", "┤");
      out += cells(rows_[r], widths, "│");
    }
    return out + rule(widths, "└", "─", "┴", "┘");
  }

 private:
  static std::string rule(const List<std::size_t>& widths, std::string_view left, std::string_view line,
                          std::string_view middle, std::string_view right) {
    std::string out(left);
    for (std::size_t c = 0; c < widths.size(); ++c)
      out.append(c > 0 ? middle : "").append(repeated(line, widths[c] + 2));
    return out.append(right) + "\n";
  }

  /// The third column holds numbers and is set flush right.
  static std::string cells(const std::vector<std::string>& row, const List<std::size_t>& widths, std::string_view bar) {
    std::string out(bar);
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string space(widths[c] - display_width(row[c]), ' ');
      out += text(" ", c == 2 ? space + row[c] : row[c] + space, " ", bar);
    }
    return out + "\n";
  }

  List<std::vector<std::string>> rows_;
};

}  // namespace detail

namespace detail {

/// "conv2d[0][0]" for each tensor that a layer reads, as Keras writes it: the layer's name and its output.
inline std::string connected_to(const Graph& graph, const GraphNode& node) {
  std::string names;
  for (const TensorRef& input : node.inputs) {
    const std::string& name = input.is_input() ? graph.inputs[input.input()] : graph.nodes[input.node_index()].name;
    names += text(names.empty() ? "" : ", ", name, "[", input.output, "]");
  }
  return names;
}

}  // namespace detail

/// The table of layers with their types, output shapes and parameters, and for a graph what each is connected to; and
/// the totals.
template <class T>
std::string summary_of(const ModelState<T>& state) {
  const List<GraphNode>& nodes = state.graph.nodes;
  const bool chain = state.graph.is_chain();
  const List<std::int64_t> counts = state.params_of_layers();
  std::vector<std::string> head{"Layer (type)", "Output Shape", "Param #"};
  if (!chain) head.push_back("Connected to");
  detail::Table table(head);
  if (!chain) {
    for (std::size_t i = 0; i < state.inputs(); ++i) {
      table.add({state.graph.inputs[i] + " (Input)", state.input_shape(i).to_string_with_batch(), "0", "-"});
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::vector<std::string> row{nodes[i].name + " (" + nodes[i].layer.class_name() + ")", "?", "0 (unbuilt)"};
    if (state.built()) {
      row[1] = state.built_graph->node_outputs[i].shape.to_string_with_batch();
      row[2] = detail::grouped(counts[i]);
    }
    if (!chain) row.push_back(detail::connected_to(state.graph, nodes[i]));
    table.add(std::move(row));
  }
  std::string out = "Model: \"" + state.name + "\"\n" + table.to_string();
  const auto total = [&](const char* what, std::int64_t count) {
    out += text(" ", what, " params: ", detail::grouped(count), " (",
                detail::readable_bytes(count * static_cast<std::int64_t>(sizeof(T))), ")\n");
  };
  const std::int64_t trainable = state.parameters.count(true);
  const std::int64_t other = state.parameters.count(false);
  std::int64_t slots = 0;
  if (state.updater) {
    for (const auto& slot : std::as_const(*state.updater).slot_tensors()) slots += slot.shape.size();
  }
  total("Total", trainable + other + slots);
  total("Trainable", trainable);
  total("Non-trainable", other);
  if (slots > 0) total("Optimizer", slots);
  return out;
}

}  // namespace nacre
