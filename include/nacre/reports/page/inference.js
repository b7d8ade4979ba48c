R"js(
// The trained network, computed in the page: every layer as it behaves after training, one sample at a time. A tensor
// is {shape, data}: the extents of a sample and its numbers in row-major order, channels last. Sums are kept in double.

const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);

const tensor = (shape, data = new Float32Array(sizeOf(shape))) => ({shape, data});

const logistic = (x) => 1 / (1 + Math.exp(-x));
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

// The error function, to 1.5e-7. Abramowitz and Stegun, "Handbook of mathematical functions", 7.1.26.
function errorFunction(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return Math.sign(x) * (1 - factors.reduce((sum, factor) => sum * t + factor, 0) * t * Math.exp(-x * x));
}

// What each elementwise activation makes of a number: (x, options).
const elementwise = {
  linear: (x) => x,
  relu: (x, {negative_slope = 0, max_value = Infinity, threshold = 0}) =>
    (x < threshold ? (negative_slope === 0 ? 0 : negative_slope * (x - threshold)) : Math.min(x, max_value)),
  sigmoid: logistic,
  tanh: (x) => Math.tanh(x),
  relu6: (x) => clamp(x, 0, 6),
  leaky_relu: (x, {negative_slope = 0.2}) => (x < 0 ? negative_slope * x : x),
  elu: (x, {alpha = 1}) => (x > 0 ? x : alpha * Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  gelu: (x, {approximate = false}) =>
    (approximate ? x * logistic(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x ** 3))
      : 0.5 * x * (1 + errorFunction(x * Math.SQRT1_2))),
  silu: (x) => x * logistic(x),
  mish: (x) => x * Math.tanh(softplus(x)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  hard_sigmoid: (x) => clamp(x + 3, 0, 6) / 6,
  hard_silu: (x) => x * clamp(x + 3, 0, 6) / 6,
  exponential: Math.exp,
  celu: (x, {alpha = 1}) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
  hard_shrink: (x, {threshold = 0.5}) => (Math.abs(x) <= threshold ? 0 : x),
  hard_tanh: (x) => clamp(x, -1, 1),
  log_sigmoid: (x) => -softplus(-x),
  soft_shrink: (x, {threshold = 0.5}) => x - clamp(x, -threshold, threshold),
  sparse_plus: (x) => (x >= 1 ? x : x <= -1 ? 0 : (x + 1) ** 2 / 4),
  sparse_sigmoid: (x) => clamp((x + 1) / 2, 0, 1),
  squareplus: (x, {b = 4}) => (x + Math.sqrt(x * x + b)) / 2,
  tanh_shrink: (x) => x - Math.tanh(x),
  threshold: (x, {threshold = 0, default_value = 0}) => (x <= threshold ? default_value : x),
};

// An activation is a name, or {class_name, config} where it has options.
function activate(activation, input) {
  const {class_name: name, config: options} =
    typeof activation === "string" ? {class_name: activation, config: {}} : activation;
  const last = input.shape.length - 1;
  if (name === "softmax") return softmax(input, last);
  if (name === "sparsemax") return sparsemax(input);
  if (name === "log_softmax") return tensor(input.shape, softmax(input, last).data.map(Math.log));
  return tensor(input.shape, input.data.map((x) => elementwise[name](x, options)));
}

// Exponentials that sum to 1 along an axis of the sample.
function softmax(input, axis) {
  const output = tensor(input.shape);
  const length = input.shape[axis];
  const stride = sizeOf(input.shape.slice(axis + 1));
  for (let block = 0; block < input.data.length; block += length * stride) {
    for (let first = block; first < block + stride; ++first) {
      const places = Array.from({length}, (_, i) => first + i * stride);
      const peak = Math.max(...places.map((place) => input.data[place]));
      const powers = places.map((place) => Math.exp(input.data[place] - peak));
      const sum = powers.reduce((a, b) => a + b, 0);
      places.forEach((place, i) => { output.data[place] = powers[i] / sum; });
    }
  }
  return output;
}

// The nearest point among those of numbers from 0 on that sum to 1, over each row of the last axis.
function sparsemax(input) {
  const output = tensor(input.shape);
  const length = input.shape[input.shape.length - 1];
  for (let first = 0; first < input.data.length; first += length) {
    const row = Array.from(input.data.slice(first, first + length));
    let sum = 0;
    let tau = 0;
    row.slice().sort((a, b) => b - a).forEach((x, i) => {
      sum += x;
      if (1 + (i + 1) * x > sum) tau = (sum - 1) / (i + 1);
    });
    row.forEach((x, i) => { output.data[first + i] = Math.max(x - tau, 0); });
  }
  return output;
}

// An option's axis counts the batch as axis 0, or counts from the end; this is the sample's own axis.
const sampleAxis = (axis, rank) => (axis < 0 ? rank + axis : axis - 1);

// Where windows lie along one axis: how many, and how many cells of padding come before the first.
function windows(extent, window, stride, dilation, padding) {
  const reach = (window - 1) * dilation + 1;
  if (padding === "valid") return {count: Math.floor((extent - reach) / stride) + 1, padding: 0};
  const count = Math.ceil(extent / stride);
  return {count, padding: Math.floor(Math.max((count - 1) * stride + reach - extent, 0) / 2)};
}

function convolution(input, config, weight) {
  const [height, width, channels] = input.shape;
  const [kernelHeight, kernelWidth] = config.kernel_size;
  const [strideY, strideX] = config.strides;
  const [dilationY, dilationX] = config.dilation_rate;
  const {filters, groups} = config;
  const rows = windows(height, kernelHeight, strideY, dilationY, config.padding);
  const columns = windows(width, kernelWidth, strideX, dilationX, config.padding);
  const kernel = weight("kernel");
  const bias = config.use_bias ? weight("bias") : new Float32Array(filters);
  const depth = channels / groups;
  const groupFilters = filters / groups;
  const output = tensor([rows.count, columns.count, filters]);
  const sums = new Float64Array(filters);
  for (let row = 0; row < rows.count; ++row) {
    for (let column = 0; column < columns.count; ++column) {
      sums.set(bias);
      for (let i = 0; i < kernelHeight; ++i) {
        const y = row * strideY - rows.padding + i * dilationY;
        if (y < 0 || y >= height) continue;
        for (let j = 0; j < kernelWidth; ++j) {
          const x = column * strideX - columns.padding + j * dilationX;
          if (x < 0 || x >= width) continue;
          for (let channel = 0; channel < channels; ++channel) {
            const value = input.data[(y * width + x) * channels + channel];
            const first = Math.floor(channel / depth) * groupFilters;
            const taps = ((i * kernelWidth + j) * depth + (channel % depth)) * filters;
            for (let f = first; f < first + groupFilters; ++f) sums[f] += value * kernel[taps + f];
          }
        }
      }
      output.data.set(sums, (row * columns.count + column) * filters);
    }
  }
  return activate(config.activation, output);
}

// Each window's cells inside the image, channel by channel, as one number.
function pooling(input, config, summarize) {
  const [height, width, channels] = input.shape;
  const [poolHeight, poolWidth] = config.pool_size;
  const [strideY, strideX] = config.strides ?? config.pool_size;
  const rows = windows(height, poolHeight, strideY, 1, config.padding);
  const columns = windows(width, poolWidth, strideX, 1, config.padding);
  const output = tensor([rows.count, columns.count, channels]);
  for (let row = 0; row < rows.count; ++row) {
    for (let column = 0; column < columns.count; ++column) {
      const top = row * strideY - rows.padding;
      const left = column * strideX - columns.padding;
      for (let channel = 0; channel < channels; ++channel) {
        const cells = [];
        for (let y = Math.max(top, 0); y < Math.min(top + poolHeight, height); ++y) {
          for (let x = Math.max(left, 0); x < Math.min(left + poolWidth, width); ++x) {
            cells.push(input.data[(y * width + x) * channels + channel]);
          }
        }
        output.data[(row * columns.count + column) * channels + channel] = summarize(cells);
      }
    }
  }
  return output;
}

function globalPooling(input, config, summarize) {
  const channels = input.shape[2];
  const output = tensor(config.keepdims ? [1, 1, channels] : [channels]);
  for (let channel = 0; channel < channels; ++channel) {
    output.data[channel] = summarize(Array.from(input.data).filter((_, i) => i % channels === channel));
  }
  return output;
}

const mean = (cells) => cells.reduce((a, b) => a + b, 0) / cells.length;
const largest = (cells) => cells.reduce((a, b) => Math.max(a, b));

function dense(input, config, weight) {
  const inputs = input.shape[input.shape.length - 1];
  const kernel = weight("kernel");
  const bias = config.use_bias ? weight("bias") : new Float32Array(config.units);
  const output = tensor([...input.shape.slice(0, -1), config.units]);
  const sums = new Float64Array(config.units);
  for (let row = 0; row < input.data.length / inputs; ++row) {
    sums.set(bias);
    for (let i = 0; i < inputs; ++i) {
      const value = input.data[row * inputs + i];
      for (let unit = 0; unit < config.units; ++unit) sums[unit] += value * kernel[i * config.units + unit];
    }
    output.data.set(sums, row * config.units);
  }
  return activate(config.activation, output);
}

function batchNormalization(input, config, weight) {
  const axis = sampleAxis(config.axis, input.shape.length);
  const channels = input.shape[axis];
  const inner = sizeOf(input.shape.slice(axis + 1));
  const average = weight("moving_mean");
  const variance = weight("moving_variance");
  const gamma = config.scale ? weight("gamma") : new Float32Array(channels).fill(1);
  const beta = config.center ? weight("beta") : new Float32Array(channels);
  return tensor(input.shape, input.data.map((x, i) => {
    const channel = Math.floor(i / inner) % channels;
    return gamma[channel] * (x - average[channel]) / Math.sqrt(variance[channel] + config.epsilon) + beta[channel];
  }));
}

function rectifier(input, config) {
  const top = config.max_value ?? Infinity;
  return tensor(input.shape, input.data.map((x) =>
    x < config.threshold ? config.negative_slope * (x - config.threshold) : Math.min(x, top)));
}

function reshape(input, config) {
  const known = config.target_shape.reduce((product, extent) => (extent > 0 ? product * extent : product), 1);
  return tensor(config.target_shape.map((extent) => (extent > 0 ? extent : input.data.length / known)), input.data);
}

// What each class of layer makes of its input: (input, config, weight by name) to output.
const layerFunctions = {
  Activation: (input, config) => activate(config.activation, input),
  AveragePooling2D: (input, config) => pooling(input, config, mean),
  BatchNormalization: batchNormalization,
  Conv2D: convolution,
  Dense: dense,
  Dropout: (input) => input,
  ELU: (input, config) => activate({class_name: "elu", config}, input),
  Flatten: (input) => tensor([input.data.length], input.data),
  GlobalAveragePooling2D: (input, config) => globalPooling(input, config, mean),
  GlobalMaxPooling2D: (input, config) => globalPooling(input, config, largest),
  LeakyReLU: (input, config) => activate({class_name: "leaky_relu", config}, input),
  MaxPooling2D: (input, config) => pooling(input, config, largest),
  ReLU: rectifier,
  Rescaling: (input, config) => tensor(input.shape, input.data.map((x) => x * config.scale + config.offset)),
  Reshape: reshape,
  Softmax: (input, config) => softmax(input, sampleAxis(config.axis, input.shape.length)),
};

// A trained model: its layers as saved files describe them, and its weights by name ("dense/kernel").
class Model {
  constructor({architecture, weights, bytes, logits}) {
    const {input_shape, layer_names, layers} = architecture.config;
    this.inputShape = input_shape;
    this.layers = layers.map((layer, i) => ({name: layer_names[i], ...layer}));
    this.logits = logits;
    this.weights = new Map(weights.map(({name, shape, offset}) =>
      [name, {shape, data: new Float32Array(bytes.buffer, offset, sizeOf(shape))}]));
  }

  // The output of the layer of that number, or of the last one.
  outputOf(features, last = this.layers.length - 1) {
    let current = tensor(this.inputShape, Float32Array.from(features));
    for (const {name, class_name, config} of this.layers.slice(0, last + 1)) {
      current = layerFunctions[class_name](current, config, (weight) => this.weights.get(`${name}/${weight}`).data);
    }
    return current;
  }

  // The probability of each class.
  probabilities(features) {
    const output = this.outputOf(features);
    return Array.from((this.logits ? softmax(output, 0) : output).data);
  }
}
)js"
