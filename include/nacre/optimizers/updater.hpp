#pragma once
// Updater: an optimizer bound to a block of weights, with the memory that it keeps for each of them.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/optimizers/optimizer.hpp>
#include <nacre/optimizers/segment.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Updates a block of weights with gradients that arrive a tile at a time.
///
/// A step is `begin_step`, then `take` for every element once, from any thread, then `finish_step`. By default `take`
/// updates the weights of the tile at once, while their gradients are still in the cache. Where the optimizer clips by
/// a norm or adds up gradients of several steps, or `store(true)` was called, `take` only keeps the tile, and
/// `finish_step` updates everything in one pass.
/// Both ways give the same bits, however the gradients are cut into tiles and however many threads there are. Nothing
/// is allocated after construction.
///
/// A copy has slots and step count of its own; the memory that it updates is passed again to each `begin_step`.
template <class T>
class Updater final : public GradientSink<T> {
 public:
  /// @param optimizer the rule.
  /// @param size      elements in the block of trainable weights, and in each slot.
  /// @param segments  the weight tensors in the block, which must not overlap. What lies between them is never touched.
  /// Throws ValueError for a segment that leaves the block.
  Updater(AnyOptimizer<T> optimizer, std::int64_t size, std::vector<Segment> segments)
      : optimizer_(std::move(optimizer)), segments_(std::move(segments)), slot_names_(optimizer_.slot_names()) {
    require<ValueError>(size >= 0, "Updater: expected a block of 0 or more weights, got ", size);
    slots_.assign(slot_names_.size(), Buffer<T>(static_cast<std::size_t>(size)));
    rule_slots_ = slot_names_.size() - optimizer_.base().slot_names().size();
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const Segment& segment = segments_[s];
      require<ValueError>(
          segment.offset >= 0 && segment.count >= 0 && segment.count <= size && segment.offset <= size - segment.count,
          "Updater: expected weight tensor ", s, " inside a block of ", size, " weights, got ", segment.count,
          " elements from ", segment.offset, " on");
      const std::int64_t pieces = piece_count(segment.count, piece_size, std::numeric_limits<std::int64_t>::max());
      for (std::int64_t index = 0; index < pieces; ++index) {
        const Range range = piece(segment.count, pieces, index);
        pieces_.push_back({s, segment.offset + range.first, range.size(), 0});
      }
    }
    factors_.assign(segments_.size(), 1);
  }

  /// The rule; its learning rate may be changed between steps.
  AnyOptimizer<T>& optimizer() { return optimizer_; }
  const AnyOptimizer<T>& optimizer() const { return optimizer_; }

  /// Whether gradients are to be kept until `finish_step` even where the optimizer could do without. For the steps to
  /// come.
  void store(bool keep) { keep_ = keep; }

  /// Whether `take` keeps the gradients, so that `begin_step` must be given memory for them.
  bool stores() const { return keep_ || optimizer_.base().needs_whole_gradient(); }

  /// Begins the next step. `weights` is the block; `gradients`, of the same size, is written to where `stores()`, and
  /// may otherwise be nullptr. Throws StateError where it is needed and missing.
  void begin_step(T* weights, T* gradients) {
    base_ = optimizer_.base();
    storing_ = keep_ || base_.needs_whole_gradient();
    require<StateError>(!storing_ || gradients != nullptr, "Updater: expected memory for the gradients, which ",
                        keep_ ? "were asked to be kept" : "the optimizer needs whole");
    weights_ = weights;
    gradients_ = gradients;
    ++step_;
    const std::int64_t together = base_.gradient_accumulation_steps.value_or(1);
    updates_ = step_ / together;
    updating_ = step_ % together == 0;
    if (!updating_) return;
    optimizer_.begin_step(updates_);
    decay_ = base_.weight_decay.value_or(0) * optimizer_.learning_rate();
  }

  /// `count` gradients for the weights from `offset` on; the tile may be overwritten. A tile that lies in the
  /// gradients' memory at its place is kept where it is.
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    if (!storing_) {
      update(offset, gradient, count);
    } else if (gradient != gradients_ + offset) {
      std::copy_n(gradient, count, gradients_ + offset);
    }
  }

  /// Adds up, clips and updates where the gradients were kept; otherwise there is nothing left to do.
  void finish_step(ThreadPool& pool) {
    if (!storing_) return;
    if (base_.gradient_accumulation_steps) accumulate(pool);
    if (!updating_) return;
    if (base_.clips_by_norm()) measure(pool);
    each_piece(pool, [this](Piece& part) {
      T* gradient = gradients_ + part.offset;
      const double factor = factors_[part.segment];
      if (factor != 1) kernels::scale(part.count, gradient, static_cast<T>(factor));
      update(part.offset, gradient, part.count);
    });
  }

  /// Instead of `finish_step`, after something failed: the step does not count.
  void abandon_step() { --step_; }

  /// The end of training: where the optimizer keeps averages of the weights, they become the weights.
  void finalize(T* weights) const {
    if (!optimizer_.base().use_ema || step_ == 0) return;
    const Buffer<T>& average = slot("average");
    for (const Segment& segment : segments_) {
      std::copy_n(average.data() + segment.offset, segment.count, weights + segment.offset);
    }
  }

  /// Steps begun so far.
  std::int64_t step() const { return step_; }

  /// Goes on as after that many steps. Throws ValueError below 0 and above 2^53, which no training reaches.
  void set_step(std::int64_t step) {
    require<ValueError>(step >= 0 && step <= (std::int64_t{1} << 53), "Updater: expected a step from 0 to 2^53, got ",
                        step);
    step_ = step;
  }

  /// The optimizer's names of the slots, in order.
  const std::vector<std::string>& slot_names() const { return slot_names_; }

  /// The numbers kept for each weight under that name, laid out as the block of weights. Throws ValueError for a name
  /// that is not in `slot_names()`.
  Buffer<T>& slot(std::string_view name) { return slots_[slot_index(name)]; }
  const Buffer<T>& slot(std::string_view name) const { return slots_[slot_index(name)]; }

  const std::vector<Segment>& segments() const { return segments_; }

 private:
  // A part of one weight tensor: what one task of the pass works on.
  struct Piece {
    std::size_t segment;
    std::int64_t offset;
    std::int64_t count;
    double squares;
  };

  // With a rule's slots, about as much as a core's second cache holds.
  static constexpr std::int64_t piece_size = 16384;

  std::size_t slot_index(std::string_view name) const {
    const auto found = std::find(slot_names_.begin(), slot_names_.end(), name);
    require<ValueError>(found != slot_names_.end(), optimizer_.class_name(), ": has no slot \"", name, "\"");
    return static_cast<std::size_t>(found - slot_names_.begin());
  }

  void update(std::int64_t offset, T* gradient, std::int64_t count) {
    // Decayed moments become denormal; a thread that treats them otherwise than the pool's would compute other bits.
    const FlushDenormals flush;
    if (decay_ != 0) kernels::decay(count, weights_ + offset, static_cast<T>(decay_));
    if (base_.clipvalue) kernels::clip_value(count, gradient, static_cast<T>(*base_.clipvalue));
    Update<T> step{weights_ + offset, gradient, {}, count};
    for (std::size_t slot = 0; slot < rule_slots_; ++slot) step.slots[slot] = slots_[slot].data() + offset;
    optimizer_.update(step);
    if (base_.use_ema) average(offset, count);
  }

  void average(std::int64_t offset, std::int64_t count) {
    T* weights = weights_ + offset;
    T* average = slots_[rule_slots_].data() + offset;
    kernels::moving_average(count, average, weights, updates_ == 1 ? 0.0 : base_.ema_momentum);
    const bool overwrite = base_.ema_overwrite_frequency && updates_ % *base_.ema_overwrite_frequency == 0;
    if (overwrite) std::copy_n(average, count, weights);
  }

  /// Adds the step's gradients to those of the steps before it; in an updating step their mean takes their place.
  void accumulate(ThreadPool& pool) {
    const T share = static_cast<T>(1.0 / static_cast<double>(*base_.gradient_accumulation_steps));
    each_piece(pool, [this, share](Piece& part) {
      T* gradient = gradients_ + part.offset;
      T* sum = slots_.back().data() + part.offset;
      kernels::accumulate(part.count, sum, gradient);
      if (!updating_) return;
      std::copy_n(sum, part.count, gradient);
      kernels::scale(part.count, gradient, share);
      std::fill_n(sum, part.count, T{});
    });
  }

  template <class Work>
  void each_piece(ThreadPool& pool, Work work) {
    pool.run(static_cast<std::int64_t>(pieces_.size()), [this, &work](std::int64_t index, int) {
      const FlushDenormals flush;
      work(pieces_[static_cast<std::size_t>(index)]);
    });
  }

  // What each tensor's gradient is to be multiplied with, so that norms do not pass their limit.
  void measure(ThreadPool& pool) {
    each_piece(pool,
               [this](Piece& part) { part.squares = kernels::sum_of_squares(part.count, gradients_ + part.offset); });
    std::fill(factors_.begin(), factors_.end(), 0.0);
    double all = 0;
    for (const Piece& part : pieces_) {
      factors_[part.segment] += part.squares;
      all += part.squares;
    }
    for (double& factor : factors_) {
      factor = base_.clipnorm ? clip_factor(factor, *base_.clipnorm) : clip_factor(all, *base_.global_clipnorm);
    }
  }

  // Written so that a norm that is no number makes the gradients none either, rather than passing unseen.
  static double clip_factor(double squares, double limit) {
    const double norm = std::sqrt(squares);
    return norm <= limit ? 1 : limit / norm;
  }

  AnyOptimizer<T> optimizer_;
  std::vector<Segment> segments_;
  std::vector<std::string> slot_names_;
  std::vector<Buffer<T>> slots_;
  std::vector<Piece> pieces_;
  std::vector<double> factors_;
  std::size_t rule_slots_ = 0;  // of the slots, those that the rule itself asks for
  std::int64_t step_ = 0;
  std::int64_t updates_ = 0;
  bool updating_ = true;
  bool keep_ = false;
  bool storing_ = false;
  double decay_ = 0;
  OptimizerBase base_;
  T* weights_ = nullptr;
  T* gradients_ = nullptr;
};

}  // namespace nacre
