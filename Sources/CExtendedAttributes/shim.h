#ifndef COREVIEW_CEXTENDEDATTRIBUTES_H
#define COREVIEW_CEXTENDEDATTRIBUTES_H
/* xattr(7), which Swift's Glibc module leaves out. */
#include <sys/xattr.h>
#endif
