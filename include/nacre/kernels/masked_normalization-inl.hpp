#pragma once
// Bodies of kernels/masked_normalization.hpp.

#include <algorithm>

#include <nacre/kernels/masked_normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {
namespace detail {

inline constexpr double mask_epsilon = 1e-7;   // Keras' backend.epsilon()
inline constexpr std::int64_t mask_tile = 64;  // channels at a time

/// Calls `work(channel - range.first, element)` for each element of these channels that counts, in order.
template <class Work>
void each_counted(const MaskedChannels& data, Range range, const Work& work) {
  for (std::int64_t o = 0; o < data.outer; ++o) {
    const std::int64_t row = o * data.channels;
    if (data.inner == 1 && data.run == data.channels) {
      if (data.mask[o] == 0) continue;
      for (std::int64_t c = range.first; c < range.last; ++c) work(c - range.first, row + c);
      continue;
    }
    for (std::int64_t c = range.first; c < range.last; ++c) {
      const std::int64_t end = (row + c + 1) * data.inner;
      for (std::int64_t first = end - data.inner; first < end; first += data.run) {
        if (data.mask[first / data.run] == 0) continue;
        for (std::int64_t element = first; element < first + data.run; ++element) work(c - range.first, element);
      }
    }
  }
}

/// Calls `work(tile)` for parts of a range of channels.
template <class Work>
void each_channel_tile(Range range, const Work& work) {
  for (std::int64_t first = range.first; first < range.last; first += mask_tile) {
    work(Range{first, std::min(first + mask_tile, range.last)});
  }
}

}  // namespace detail

template <class T>
void masked_statistics(const MaskedChannels& data, Range range, const T* x, T* mean, T* variance) {
  detail::each_channel_tile(range, [&](Range tile) {
    double count[detail::mask_tile] = {};
    double sum[detail::mask_tile] = {};
    double squares[detail::mask_tile] = {};
    detail::each_counted(data, tile, [&](std::int64_t c, std::int64_t element) {
      count[c] += 1;
      sum[c] += static_cast<double>(x[element]);
    });
    for (std::int64_t c = 0; c < tile.size(); ++c) sum[c] /= count[c] + detail::mask_epsilon;
    detail::each_counted(data, tile, [&](std::int64_t c, std::int64_t element) {
      const double difference = static_cast<double>(x[element]) - sum[c];
      squares[c] += difference * difference;
    });
    for (std::int64_t c = 0; c < tile.size(); ++c) {
      mean[tile.first + c] = static_cast<T>(sum[c]);
      variance[tile.first + c] = static_cast<T>(squares[c] / (count[c] + detail::mask_epsilon));
    }
  });
}

template <class T>
void masked_statistics_gradient(const MaskedChannels& data, Range range, const T* x, const T* mean,
                                const T* inverse_deviation, const std::type_identity_t<T>* gamma, const T* dgamma,
                                const T* dbeta, T* dx) {
  detail::each_channel_tile(range, [&](Range tile) {
    double count[detail::mask_tile] = {};
    T offset[detail::mask_tile] = {};
    T slope[detail::mask_tile] = {};
    detail::each_counted(data, tile, [&](std::int64_t c, std::int64_t) { count[c] += 1; });
    for (std::int64_t c = 0; c < tile.size(); ++c) {
      const std::int64_t channel = tile.first + c;
      const double n = count[c] + detail::mask_epsilon;
      const double inverse = static_cast<double>(inverse_deviation[channel]);
      const double scale = inverse * (gamma ? static_cast<double>(gamma[channel]) : 1.0) / n;
      const double by_deviation = static_cast<double>(dgamma[channel]) * inverse;
      const double center = static_cast<double>(mean[channel]);
      // The variance depends on the mean, too, as the mask's sum is not quite n.
      offset[c] = static_cast<T>(
          scale * (by_deviation * center * detail::mask_epsilon / n - static_cast<double>(dbeta[channel])));
      slope[c] = static_cast<T>(-scale * by_deviation);
    }
    detail::each_counted(data, tile, [&](std::int64_t c, std::int64_t element) {
      dx[element] += offset[c] + slope[c] * (x[element] - mean[tile.first + c]);
    });
  });
}

}  // namespace nacre::kernels
