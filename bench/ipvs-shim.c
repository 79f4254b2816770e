/*
 * Preloaded into keepalived: it takes IPVS for present, and what it writes there goes nowhere. With no generic netlink
 * family of that name keepalived falls back to socket options, and those always succeed. So it checks as ever, and the
 * cost of the kernel's table is in nobody's figures.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* linux/ip_vs.h: IP_VS_BASE_CTL and the room that its options take. */
enum { first_option = 64 + 1024 + 64, last_option = first_option + 32, so_get_info = first_option + 1 };
enum { version_1_2_1 = 0x010201, no_such_family = -12 };

static int is_ipvs(int level, int option)
{
	return level == IPPROTO_IP && option >= first_option && option <= last_option;
}

struct nl_sock;

int genl_ctrl_resolve(struct nl_sock *socket, const char *name)
{
	static int (*real)(struct nl_sock *, const char *);
	if (!strcmp(name, "IPVS"))
		return no_such_family;
	if (!real)
		real = dlsym(RTLD_NEXT, "genl_ctrl_resolve");
	return real(socket, name);
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *length)
{
	static int (*real)(int, int, int, void *, socklen_t *);
	if (is_ipvs(level, option)) {
		if (value && length) {
			memset(value, 0, *length);
			if (option == so_get_info && *length >= sizeof(unsigned))
				*(unsigned *)value = version_1_2_1;
		}
		return 0;
	}
	if (!real)
		real = dlsym(RTLD_NEXT, "getsockopt");
	return real(fd, level, option, value, length);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	static int (*real)(int, int, int, const void *, socklen_t);
	if (is_ipvs(level, option))
		return 0;
	if (!real)
		real = dlsym(RTLD_NEXT, "setsockopt");
	return real(fd, level, option, value, length);
}
