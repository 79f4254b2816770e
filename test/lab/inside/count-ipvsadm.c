// Stands in the place of ipvsadm, keeps when it was called and with what, and becomes it: a shell that did the same would
// take as long as the call.
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **words) {
  struct timespec now;
  char line[256];
  clock_gettime(CLOCK_BOOTTIME, &now);
  int length = snprintf(line, sizeof line, "%.3f", now.tv_sec + now.tv_nsec / 1e9);
  for (int at = 1; at < count && length < (int)sizeof line - 64; at++)
    length += snprintf(line + length, sizeof line - length, " %.60s", words[at]);
  line[length++] = '\n';
  int calls = open("/run/calls", O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (calls >= 0) {
    if (write(calls, line, length) != length) return 1;
    close(calls);
  }
  execv("/usr/sbin/ipvsadm", words);
  return 127;
}
