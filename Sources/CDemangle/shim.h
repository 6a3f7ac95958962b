#ifndef COREVIEW_CDEMANGLE_H
#define COREVIEW_CDEMANGLE_H
#include <libiberty/demangle.h>
#include <stdlib.h>
#endif
