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
#include <nacre/core/list.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/optimizers/optimizer.hpp>
#include <nacre/optimizers/segment.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What an optimizer has gathered for one weight tensor under one name.
template <class T>
struct SlotTensor {
  std::string slot;    ///< "momentum"
  std::string weight;  ///< "dense/kernel"
  Shape shape;
  T* data;
};

/// Updates a block of weights with gradients that arrive a tile at a time.
///
/// A step is `begin_step`, then `take` for every element once, from any thread, then `finish_step`. By default `take`
/// updates the weights of the tile at once, while their gradients are still in the cache. Where the optimizer clips by
/// a norm, adds up gradients of several steps or takes tensors whole, or `store(true)` was called, `take` only keeps
/// the tile, and `finish_step` updates everything in one pass; between the two the gradients may be looked at and
/// changed. Both ways give the same bits, however the gradients are cut into tiles and however many threads there are.
/// Nothing is allocated after construction.
///
/// A copy has slots and step count of its own; the memory that it updates is passed again to each `begin_step`.
template <class T>
class Updater final : public GradientSink<T> {
 public:
  /// @param optimizer the rule.
  /// @param size      elements in the block of trainable weights.
  /// @param segments  the weight tensors in the block, in the order in which they lie there; they must not overlap.
  /// What
  ///                  lies between them is never touched.
  /// Throws ValueError for a segment that leaves the block or overlaps the one before.
  [[gnu::cold]] Updater(AnyOptimizer<T> optimizer, std::int64_t size, List<Segment> segments)
      : optimizer_(std::move(optimizer)), segments_(std::move(segments)) {
    require<ValueError>(size >= 0, "Updater: expected a block of 0 or more weights, got ", size);
    std::int64_t end = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const Segment& segment = segments_[s];
      const std::int64_t count = segment.count();
      require<ValueError>(segment.offset >= end && count <= size && segment.offset <= size - count,
                          "Updater: expected weight tensor ", s, " inside a block of ", size,
                          " weights, behind the one before it, got ", count, " elements from ", segment.offset, " on");
      end = segment.offset + count;
      const std::int64_t pieces = piece_count(count, piece_size, std::numeric_limits<std::int64_t>::max());
      for (std::int64_t index = 0; index < pieces; ++index) {
        const Range range = piece(count, pieces, index);
        pieces_.push_back({s, segment.offset + range.first, range.size(), 0});
      }
      if (optimizer_.decays(segment.name)) decaying_.push_back({segment.offset, end});
    }
    factors_.assign(segments_.size(), 1);
    base_ = optimizer_.base();
    for (const Slot& slot : optimizer_.slots()) add_slot(slot, size);
    for (const Segment& segment : segments_) {
      const auto scratch = static_cast<std::size_t>(optimizer_.scratch(segment));
      scratch_size_ = std::max(scratch_size_, static_cast<std::int64_t>(aligned_count<T>(scratch)));
    }
    rule_slots_ = slots_.size() - base_.slots().size();
  }

  /// The rule; its learning rate may be changed between steps.
  AnyOptimizer<T>& optimizer() { return optimizer_; }
  const AnyOptimizer<T>& optimizer() const { return optimizer_; }

  /// The learning rate of the next step, by the schedule where there is one.
  double learning_rate() const { return optimizer_.learning_rate_at(step_); }

  /// Whether gradients are to be kept until `finish_step` even where the optimizer could do without. For the steps to
  /// come. Returns what it was before.
  bool store(bool keep) { return std::exchange(keep_, keep); }

  /// Whether `take` keeps the gradients, so that `begin_step` must be given memory for them.
  bool stores() const { return keep_ || optimizer_.base().needs_whole_gradient(); }

  /// Begins the next step. `weights` is the block; `gradients`, of the same size, is written to where `stores()`, and
  /// may otherwise be nullptr. Throws StateError where it is needed and missing, ValueError where a schedule comes to a
  /// learning rate below 0 or to no number; the step has not begun then.
  void begin_step(T* weights, T* gradients) {
    base_ = optimizer_.base();
    storing_ = keep_ || base_.needs_whole_gradient();
    require<StateError>(!storing_ || gradients != nullptr, "Updater: expected memory for the gradients, which ",
                        keep_ ? "were asked to be kept" : "the optimizer needs whole");
    const double rate = learning_rate();
    weights_ = weights;
    gradients_ = gradients;
    ++step_;
    const std::int64_t together = base_.gradient_accumulation_steps.value_or(1);
    updates_ = step_ / together;
    updating_ = step_ % together == 0;
    if (!updating_) return;
    optimizer_.begin_step(rate, updates_);
    decay_ = base_.weight_decay.value_or(0) * rate;
  }

  /// `count` gradients for the weights from `offset` on; the tile may be overwritten. A tile that lies in the
  /// gradients' memory at its place is kept where it is.
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    if (!storing_) {
      update(offset, gradient, count, nullptr, 0);
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
    if (base_.whole_tensors) return update_tensors(pool);
    each_piece(pool, [this](Piece& part) { update_kept(part.segment, part.offset, part.count, nullptr); });
  }

  /// Instead of `finish_step`, after something failed: the step does not count.
  void abandon_step() { --step_; }

  /// The end of training: where the optimizer keeps averages of the weights, they become the weights.
  void finalize(T* weights) const {
    if (!optimizer_.base().use_ema || step_ == 0) return;
    const Buffer<T>& average = slot("average");
    for (const Segment& segment : segments_) {
      std::copy_n(average.data() + segment.offset, segment.count(), weights + segment.offset);
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
  [[gnu::cold]] std::vector<std::string> slot_names() const {
    std::vector<std::string> names;
    for (const SlotMemory& slot : slots_) names.push_back(slot.name);
    return names;
  }

  /// The numbers kept under that name; those that are shaped as the weights lie as in the block of weights. Throws
  /// ValueError for a name that is not in `slot_names()`.
  Buffer<T>& slot(std::string_view name) { return slots_[slot_index(name)].numbers; }
  const Buffer<T>& slot(std::string_view name) const { return slots_[slot_index(name)].numbers; }

  /// Everything that is kept, slot by slot, but for what has no elements. With the step number it is the optimizer's
  /// whole state.
  [[gnu::cold]] List<SlotTensor<T>> slot_tensors() { return list_tensors<T>(slots_); }
  [[gnu::cold]] List<SlotTensor<const T>> slot_tensors() const { return list_tensors<const T>(slots_); }

  const List<Segment>& segments() const { return segments_; }

 private:
  // A part of one weight tensor: what one task of the pass works on.
  struct Piece {
    std::size_t segment;
    std::int64_t offset;
    std::int64_t count;
    double squares;
  };

  // The numbers of one slot: as the weights lie where `offsets` is empty, otherwise each tensor's from its offset on.
  struct SlotMemory {
    std::string name;
    Slot::Extents extents;
    Buffer<T> numbers;
    List<std::int64_t> offsets;
  };

  // With a rule's slots, about as much as a core's second cache holds.
  static constexpr std::int64_t piece_size = 16384;

  [[gnu::cold]] void add_slot(const Slot& slot, std::int64_t size) {
    SlotMemory made{std::string(slot.name), slot.extents, {}, {}};
    if (slot.extents != nullptr) {
      size = 0;
      for (const Segment& segment : segments_) {
        made.offsets.push_back(size);
        size += static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(slot.shape_for(segment).size())));
      }
    }
    made.numbers = Buffer<T>(static_cast<std::size_t>(size));
    for (std::size_t s = 0; slot.initial != 0 && s < segments_.size(); ++s) {
      std::fill_n(made.numbers.data() + offset_in(made, s), slot.shape_for(segments_[s]).size(),
                  static_cast<T>(slot.initial));
    }
    slots_.push_back(std::move(made));
  }

  std::int64_t offset_in(const SlotMemory& slot, std::size_t segment) const {
    return slot.offsets.empty() ? segments_[segment].offset : slot.offsets[segment];
  }

  template <class Number, class Slots>
  [[gnu::cold]] List<SlotTensor<Number>> list_tensors(Slots& slots) const {
    List<SlotTensor<Number>> tensors;
    for (auto& slot : slots) {
      for (std::size_t s = 0; s < segments_.size(); ++s) {
        const Shape shape = slot.extents == nullptr ? segments_[s].shape : slot.extents(segments_[s]);
        if (shape.size() == 0) continue;
        tensors.push_back({slot.name, segments_[s].name, shape, slot.numbers.data() + offset_in(slot, s)});
      }
    }
    return tensors;
  }

  std::size_t slot_index(std::string_view name) const {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [name](const SlotMemory& slot) { return slot.name == name; });
    require<ValueError>(found != slots_.end(), optimizer_.class_name(), ": has no slot \"", name, "\"");
    return static_cast<std::size_t>(found - slots_.begin());
  }

  /// Updates weights by gradients that were kept: all of the tensor of that number where the rule takes it whole.
  void update_kept(std::size_t segment, std::int64_t offset, std::int64_t count, const Segment* tensor,
                   int worker = 0) {
    T* gradient = gradients_ + offset;
    const double factor = factors_[segment];
    if (factor != 1) kernels::scale(count, gradient, static_cast<T>(factor));
    update(offset, gradient, count, tensor, worker);
  }

  void update_tensors(ThreadPool& pool) {
    const SingleThreadedBlas blas;
    const auto needed = static_cast<std::size_t>(scratch_size_) * static_cast<std::size_t>(pool.threads());
    if (scratch_.size() < needed) scratch_ = Buffer<T>(needed);  // where there are more threads than ever before
    pool.run(static_cast<std::int64_t>(segments_.size()), [this](std::int64_t index, int worker) {
      const FlushDenormals flush;
      const Segment& segment = segments_[static_cast<std::size_t>(index)];
      update_kept(static_cast<std::size_t>(index), segment.offset, segment.count(), &segment, worker);
    });
  }

  void update(std::int64_t offset, T* gradient, std::int64_t count, const Segment* tensor, int worker) {
    // Decayed moments become denormal; a thread that treats them otherwise than the pool's would compute other bits.
    const FlushDenormals flush;
    if (decay_ != 0) decay(offset, count);
    if (base_.clipvalue) kernels::clip_value(count, gradient, static_cast<T>(*base_.clipvalue));
    Update<T> step{weights_ + offset, gradient, {}, count, tensor, scratch_.data() + worker * scratch_size_};
    for (std::size_t slot = 0; slot < rule_slots_; ++slot) {
      SlotMemory& memory = slots_[slot];
      const bool as_weights = memory.offsets.empty();
      const std::int64_t at = as_weights ? offset : memory.offsets[static_cast<std::size_t>(tensor - segments_.data())];
      step.slots[slot] = memory.numbers.data() + at;
    }
    optimizer_.update(step);
    if (base_.use_ema) average(offset, count);
  }

  /// Those weights of the part that decay.
  void decay(std::int64_t offset, std::int64_t count) {
    const auto factor = static_cast<T>(decay_);
    if (decaying_.size() == segments_.size()) return kernels::decay(count, weights_ + offset, factor);
    auto next = std::partition_point(decaying_.begin(), decaying_.end(),
                                     [offset](const Range& range) { return range.last <= offset; });
    for (; next != decaying_.end() && next->first < offset + count; ++next) {
      const std::int64_t first = std::max(next->first, offset);
      kernels::decay(std::min(next->last, offset + count) - first, weights_ + first, factor);
    }
  }

  void average(std::int64_t offset, std::int64_t count) {
    T* weights = weights_ + offset;
    T* average = slots_[rule_slots_].numbers.data() + offset;
    kernels::moving_average(count, average, weights, updates_ == 1 ? 0.0 : base_.ema_momentum);
    const bool overwrite = base_.ema_overwrite_frequency && updates_ % *base_.ema_overwrite_frequency == 0;
    if (overwrite) std::copy_n(average, count, weights);
  }

  /// Adds the step's gradients to those of the steps before it; in an updating step their mean takes their place.
  void accumulate(ThreadPool& pool) {
    const T share = static_cast<T>(1.0 / static_cast<double>(*base_.gradient_accumulation_steps));
    each_piece(pool, [this, share](Piece& part) {
      T* gradient = gradients_ + part.offset;
      T* sum = slots_.back().numbers.data() + part.offset;
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
  List<Segment> segments_;
  List<SlotMemory> slots_;
  List<Range> decaying_;  // the weight tensors that decay, in order
  List<Piece> pieces_;
  std::vector<double> factors_;
  Buffer<T> scratch_;              // of whole tensors' updates, a part for each thread
  std::int64_t scratch_size_ = 0;  // of such a part
  std::size_t rule_slots_ = 0;     // of the slots, those that the rule itself asks for
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
