/*
 * Preloaded into linux.uml. User-Mode-Linux 6.1 keeps 2696 bytes of a process's extended registers (up to AVX-512 and
 * protection keys) and hands the kernel just these. On a processor with more of them (AMX) the kernel insists on the
 * whole area (arch/x86/kernel/fpu/regset.c:xstateregs_set answers EFAULT), and process 1 of the guest dies of
 * "ptrace set fp regs failed, errno = 14". So read the whole area, and write back the part that the guest knows with
 * zeroes behind it: what it never used is in its initial state.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PEEK_FIRST = 1, PEEK_LAST = 3, GET_REGISTERS = 0x4204, SET_REGISTERS = 0x4205, EXTENDED_STATE = 0x202 };

static char state[65536];
static size_t whole;

/* What libc's ptrace does: a peeked word is the return value. */
static long plain_ptrace(long request, int pid, void *address, void *data) {
  long peeked = 0;
  int peeks = request >= PEEK_FIRST && request <= PEEK_LAST;
  long outcome = syscall(SYS_ptrace, request, pid, address, peeks ? (void *)&peeked : data);
  if (!peeks || outcome < 0) return outcome;
  errno = 0;
  return peeked;
}

long ptrace(long request, int pid, void *address, void *data) {
  struct iovec *known = data;
  struct iovec all = {state, sizeof state};
  size_t length;
  if ((request != GET_REGISTERS && request != SET_REGISTERS) || (long)address != EXTENDED_STATE)
    return plain_ptrace(request, pid, address, data);
  if (request == GET_REGISTERS || whole == 0) {
    long outcome = syscall(SYS_ptrace, GET_REGISTERS, pid, address, &all);
    if (outcome < 0) return outcome;
    whole = all.iov_len;
  }
  length = known->iov_len < whole ? known->iov_len : whole;
  if (request == GET_REGISTERS) {
    memcpy(known->iov_base, state, length);
    known->iov_len = length;
    return 0;
  }
  memcpy(state, known->iov_base, length);
  memset(state + length, 0, whole - length);
  all.iov_len = whole;
  return syscall(SYS_ptrace, SET_REGISTERS, pid, address, &all);
}
