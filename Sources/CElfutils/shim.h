#ifndef COREVIEW_CELFUTILS_H
#define COREVIEW_CELFUTILS_H
#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <libelf.h>

/* Function-like macros do not import into Swift. */
static inline unsigned coreview_st_type(unsigned char info) { return GELF_ST_TYPE(info); }
static inline unsigned coreview_st_bind(unsigned char info) { return GELF_ST_BIND(info); }
static inline unsigned long coreview_r_sym(GElf_Xword info) { return GELF_R_SYM(info); }
static inline unsigned long coreview_r_type(GElf_Xword info) { return GELF_R_TYPE(info); }
#endif
