#ifndef COREVIEW_CCAPSTONE_H
#define COREVIEW_CCAPSTONE_H
#include <capstone/capstone.h>

/* Types only: the library is opened with dlopen(3) when it is first needed, so nothing here may call it. */

/* cs_detail is a union of one structure per processor, each with operands of its own; these flatten them. */
struct coreview_operand {
  unsigned kind;   /* cs_op_type: CS_OP_REG, CS_OP_IMM, CS_OP_MEM, CS_OP_FP; others are of one processor. */
  unsigned size;   /* Bytes; 0 where Capstone does not tell. */
  unsigned access; /* cs_ac_type; 0 where Capstone does not tell. */
  unsigned reg, segment, base, index;
  int scale;
  int64_t value; /* The immediate, or the displacement. */
};

static inline unsigned coreview_operand_count(const cs_detail *detail, cs_arch arch) {
  switch (arch) {
  case CS_ARCH_X86: return detail->x86.op_count;
  case CS_ARCH_ARM64: return detail->arm64.op_count;
  case CS_ARCH_ARM: return detail->arm.op_count;
  case CS_ARCH_PPC: return detail->ppc.op_count;
  case CS_ARCH_MIPS: return detail->mips.op_count;
  case CS_ARCH_SYSZ: return detail->sysz.op_count;
  default: return 0;
  }
}

#define COREVIEW_OPERAND(family)                                  \
  do {                                                            \
    result.kind = detail->family.operands[at].type;               \
    if (result.kind == CS_OP_REG) {                               \
      result.reg = detail->family.operands[at].reg;               \
    } else if (result.kind == CS_OP_IMM) {                        \
      result.value = detail->family.operands[at].imm;             \
    } else if (result.kind == CS_OP_MEM) {                        \
      result.base = detail->family.operands[at].mem.base;         \
      result.value = detail->family.operands[at].mem.disp;        \
    }                                                             \
  } while (0)

/* `at` must be less than the count; the arrays are as long as Capstone ever fills them. */
static inline struct coreview_operand coreview_operand_at(const cs_detail *detail, cs_arch arch, unsigned at) {
  struct coreview_operand result = {0};
  result.scale = 1;
  switch (arch) {
  case CS_ARCH_X86:
    if (at >= sizeof detail->x86.operands / sizeof *detail->x86.operands) break;
    COREVIEW_OPERAND(x86);
    result.size = detail->x86.operands[at].size;
    result.access = detail->x86.operands[at].access;
    if (result.kind == CS_OP_MEM) {
      result.segment = detail->x86.operands[at].mem.segment;
      result.index = detail->x86.operands[at].mem.index;
      result.scale = detail->x86.operands[at].mem.scale;
    }
    break;
  case CS_ARCH_ARM64:
    if (at >= sizeof detail->arm64.operands / sizeof *detail->arm64.operands) break;
    COREVIEW_OPERAND(arm64);
    result.access = detail->arm64.operands[at].access;
    if (result.kind == CS_OP_MEM) {
      result.index = detail->arm64.operands[at].mem.index;
      if (detail->arm64.operands[at].shift.type == ARM64_SFT_LSL && detail->arm64.operands[at].shift.value < 8)
        result.scale = 1 << detail->arm64.operands[at].shift.value;
    }
    break;
  case CS_ARCH_ARM:
    if (at >= sizeof detail->arm.operands / sizeof *detail->arm.operands) break;
    COREVIEW_OPERAND(arm);
    result.access = detail->arm.operands[at].access;
    if (result.kind == CS_OP_MEM) {
      result.index = detail->arm.operands[at].mem.index;
      result.scale = detail->arm.operands[at].mem.scale;
      if (detail->arm.operands[at].mem.lshift > 0 && detail->arm.operands[at].mem.lshift < 8)
        result.scale *= 1 << detail->arm.operands[at].mem.lshift;
    }
    break;
  case CS_ARCH_PPC:
    if (at >= sizeof detail->ppc.operands / sizeof *detail->ppc.operands) break;
    COREVIEW_OPERAND(ppc);
    break;
  case CS_ARCH_MIPS:
    if (at >= sizeof detail->mips.operands / sizeof *detail->mips.operands) break;
    COREVIEW_OPERAND(mips);
    break;
  case CS_ARCH_SYSZ:
    if (at >= sizeof detail->sysz.operands / sizeof *detail->sysz.operands) break;
    COREVIEW_OPERAND(sysz);
    if (result.kind == CS_OP_MEM) {
      result.index = detail->sysz.operands[at].mem.index;
      result.size = detail->sysz.operands[at].mem.length;
    }
    break;
  default: break;
  }
  return result;
}
#undef COREVIEW_OPERAND

/* What x86 text depends on besides operands. */
struct coreview_x86_encoding {
  uint8_t prefix[4], opcode[4];
  uint8_t rex, address_size, modrm, sib;
  uint8_t modrm_offset, displacement_offset, displacement_size, immediate_offset, immediate_size;
};

static inline struct coreview_x86_encoding coreview_x86_encoding(const cs_detail *detail) {
  const cs_x86 *x = &detail->x86;
  struct coreview_x86_encoding result = {
    {x->prefix[0], x->prefix[1], x->prefix[2], x->prefix[3]},
    {x->opcode[0], x->opcode[1], x->opcode[2], x->opcode[3]},
    x->rex, x->addr_size, x->modrm, x->sib,
    x->encoding.modrm_offset, x->encoding.disp_offset, x->encoding.disp_size, x->encoding.imm_offset,
    x->encoding.imm_size};
  return result;
}
#endif
