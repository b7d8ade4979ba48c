// noise_mnist FOLDER: writes the four files of a small MNIST whose pixels are noise.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <random>
#include <vector>

namespace {

/// An IDX file of unsigned bytes: 0, 0, 8, the rank, the extents as big-endian 32-bit words, the bytes.
void write_idx(const std::filesystem::path& path, std::initializer_list<std::uint32_t> extents, unsigned bound) {
  static std::mt19937 random;
  std::vector<char> bytes{0, 0, 8, static_cast<char>(extents.size())};
  std::size_t size = 1;
  for (const std::uint32_t extent : extents) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(extent >> shift & 0xFF));
    size *= extent;
  }
  for (std::size_t index = 0; index < size; ++index) bytes.push_back(static_cast<char>(random() % bound));
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: noise_mnist FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write_idx(folder / "train-images-idx3-ubyte", {2000, 28, 28}, 256);
  write_idx(folder / "train-labels-idx1-ubyte", {2000}, 10);
  write_idx(folder / "t10k-images-idx3-ubyte", {500, 28, 28}, 256);
  write_idx(folder / "t10k-labels-idx1-ubyte", {500}, 10);
}
