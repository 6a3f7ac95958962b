#ifndef COREVIEW_CCOMPRESSION_H
#define COREVIEW_CCOMPRESSION_H
/* Types and constants only: the libraries are opened when a compressed core is, see Decoders. */
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_customMem */
#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#endif
