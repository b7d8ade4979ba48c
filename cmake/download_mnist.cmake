# cmake -DFOLDER=<folder> -P download_mnist.cmake
#
# Downloads MNIST (LeCun, Cortes, Burges) into a folder: the four gzipped IDX files, verified.

cmake_minimum_required(VERSION 3.16)
include("${CMAKE_CURRENT_LIST_DIR}/download.cmake")

set(mirrors https://ossci-datasets.s3.amazonaws.com/mnist/ https://storage.googleapis.com/cvdf-datasets/mnist/)

nacre_download(FILE train-images-idx3-ubyte.gz FOLDER "${FOLDER}" MIRRORS ${mirrors}
               SHA256 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609)
nacre_download(FILE train-labels-idx1-ubyte.gz FOLDER "${FOLDER}" MIRRORS ${mirrors}
               SHA256 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c)
nacre_download(FILE t10k-images-idx3-ubyte.gz FOLDER "${FOLDER}" MIRRORS ${mirrors}
               SHA256 8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6)
nacre_download(FILE t10k-labels-idx1-ubyte.gz FOLDER "${FOLDER}" MIRRORS ${mirrors}
               SHA256 f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6)
