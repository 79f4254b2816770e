/*
 * Stands in for the kernel's IPVS where there is none: LD_PRELOAD it into keepalived and ipvsadm. Both use the socket
 * options (IPv4 and fwmarks only) because the netlink family is hidden from them. IPVS_TABLE names the file with the
 * table, shared by every process that names it; each command that changes something becomes a line in IPVS_LOG:
 * nanoseconds of CLOCK_MONOTONIC, the command, and the error that it met, if any.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_SERVICES 256
#define MAX_DESTS 32

struct service {
	struct ip_vs_service_user key;
	unsigned count;
	struct ip_vs_dest_user dests[MAX_DESTS];
};

struct table {
	unsigned count;
	struct ip_vs_timeout_user timeouts;
	struct service services[MAX_SERVICES];
};

struct nl_sock;

static struct table *open_table(int *file)
{
	const char *path = getenv("IPVS_TABLE");
	struct table *table;

	*file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (*file < 0 || flock(*file, LOCK_EX) || ftruncate(*file, sizeof(struct table)))
		abort();
	table = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, *file, 0);
	if (table == MAP_FAILED)
		abort();
	return table;
}

static void close_table(struct table *table, int file)
{
	munmap(table, sizeof(struct table));
	close(file);
}

static struct service *find_service(struct table *table, const struct ip_vs_service_user *key)
{
	for (unsigned i = 0; i < table->count; i++) {
		const struct ip_vs_service_user *have = &table->services[i].key;
		if (key->fwmark ? have->fwmark == key->fwmark
				: !have->fwmark && have->protocol == key->protocol && have->addr == key->addr && have->port == key->port)
			return &table->services[i];
	}
	return NULL;
}

static struct ip_vs_dest_user *find_dest(struct service *service, const struct ip_vs_dest_user *key)
{
	for (unsigned i = 0; i < service->count; i++)
		if (service->dests[i].addr == key->addr && service->dests[i].port == key->port)
			return &service->dests[i];
	return NULL;
}

static int add_service(struct table *table, const struct ip_vs_service_user *wanted)
{
	if (find_service(table, wanted))
		return EEXIST;
	if (table->count == MAX_SERVICES)
		return ENOMEM;
	struct service *service = &table->services[table->count++];
	memset(service, 0, sizeof(*service));
	service->key = *wanted;
	return 0;
}

static int change_service(struct table *table, int command, const struct ip_vs_service_user *wanted)
{
	struct service *service = find_service(table, wanted);

	if (!service)
		return ESRCH;
	if (command == IP_VS_SO_SET_EDIT)
		service->key = *wanted;
	else
		*service = table->services[--table->count];
	return 0;
}

static int change_dest(struct table *table, int command, const struct ip_vs_service_user *key,
		       const struct ip_vs_dest_user *wanted)
{
	struct service *service = find_service(table, key);
	struct ip_vs_dest_user *dest;

	if (!service)
		return ESRCH;
	dest = find_dest(service, wanted);
	if (command == IP_VS_SO_SET_ADDDEST) {
		if (dest)
			return EEXIST;
		if (service->count == MAX_DESTS)
			return ENOMEM;
		service->dests[service->count++] = *wanted;
		return 0;
	}
	if (!dest)
		return ENOENT;
	if (command == IP_VS_SO_SET_EDITDEST) {
		*dest = *wanted;
		return 0;
	}
	/* The order of the others stays: it is what a listing shows. */
	memmove(dest, dest + 1, (char *)&service->dests[--service->count] - (char *)dest);
	return 0;
}

static int change(struct table *table, int command, const void *value, socklen_t length)
{
	const struct ip_vs_service_user *service = value;

	switch (command) {
	case IP_VS_SO_SET_FLUSH:
		table->count = 0;
		return 0;
	case IP_VS_SO_SET_TIMEOUT:
		table->timeouts = *(const struct ip_vs_timeout_user *)value;
		return 0;
	case IP_VS_SO_SET_ADD:
		return add_service(table, service);
	case IP_VS_SO_SET_EDIT:
	case IP_VS_SO_SET_DEL:
		return change_service(table, command, service);
	case IP_VS_SO_SET_ADDDEST:
	case IP_VS_SO_SET_EDITDEST:
	case IP_VS_SO_SET_DELDEST:
		if (length < sizeof(*service) + sizeof(struct ip_vs_dest_user))
			return EINVAL;
		return change_dest(table, command, service, (const void *)(service + 1));
	default:
		return 0;
	}
}

static const char *name_of(int command)
{
	switch (command) {
	case IP_VS_SO_SET_ADD: return "ADD";
	case IP_VS_SO_SET_EDIT: return "EDIT";
	case IP_VS_SO_SET_DEL: return "DEL";
	case IP_VS_SO_SET_FLUSH: return "FLUSH";
	case IP_VS_SO_SET_ADDDEST: return "ADDDEST";
	case IP_VS_SO_SET_EDITDEST: return "EDITDEST";
	case IP_VS_SO_SET_DELDEST: return "DELDEST";
	case IP_VS_SO_SET_TIMEOUT: return "TIMEOUT";
	default: return NULL;
	}
}

static int write_service(char *to, size_t size, int command, const struct ip_vs_service_user *service)
{
	char address[INET_ADDRSTRLEN];
	int length = 0;

	inet_ntop(AF_INET, &service->addr, address, sizeof(address));
	if (service->fwmark)
		length = snprintf(to, size, " fwmark:%u", service->fwmark);
	else
		length = snprintf(to, size, " %s:%s:%u", service->protocol == IPPROTO_UDP ? "udp" : service->protocol == IPPROTO_TCP ? "tcp" : "sctp",
				  address, ntohs(service->port));
	if (command != IP_VS_SO_SET_ADD && command != IP_VS_SO_SET_EDIT)
		return length;
	length += snprintf(to + length, size - length, " %.16s flags=%x", service->sched_name,
			   service->flags & ~IP_VS_SVC_F_HASHED);
	if (service->flags & IP_VS_SVC_F_PERSISTENT)
		length += snprintf(to + length, size - length, " timeout=%u mask=%08x", service->timeout, ntohl(service->netmask));
	return length;
}

static int write_dest(char *to, size_t size, int command, const struct ip_vs_dest_user *dest)
{
	static const char *const methods[] = { "NAT", "local", "TUN", "DR" };
	char address[INET_ADDRSTRLEN];
	int length;

	inet_ntop(AF_INET, &dest->addr, address, sizeof(address));
	length = snprintf(to, size, " %s:%u", address, ntohs(dest->port));
	if (command == IP_VS_SO_SET_DELDEST)
		return length;
	length += snprintf(to + length, size - length, " weight=%d %s", dest->weight, methods[dest->conn_flags & 3]);
	if (dest->u_threshold || dest->l_threshold)
		length += snprintf(to + length, size - length, " limits=%u-%u", dest->l_threshold, dest->u_threshold);
	return length;
}

static void write_log(int command, const void *value, int fault)
{
	const struct ip_vs_service_user *service = value;
	const char *path = getenv("IPVS_LOG");
	const char *name = name_of(command);
	struct timespec now;
	char line[512];
	int length, file;

	if (!path || !name)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	length = snprintf(line, sizeof(line), "%lld %s", now.tv_sec * 1000000000LL + now.tv_nsec, name);
	if (command != IP_VS_SO_SET_FLUSH && command != IP_VS_SO_SET_TIMEOUT)
		length += write_service(line + length, sizeof(line) - length, command, service);
	if (command == IP_VS_SO_SET_ADDDEST || command == IP_VS_SO_SET_EDITDEST || command == IP_VS_SO_SET_DELDEST)
		length += write_dest(line + length, sizeof(line) - length, command, (const void *)(service + 1));
	if (fault)
		length += snprintf(line + length, sizeof(line) - length, " = %s", strerrorname_np(fault));
	line[length++] = '\n';
	file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (file < 0 || write(file, line, length) != length)
		abort();
	close(file);
}

static void show_service(struct ip_vs_service_entry *to, const struct service *service)
{
	memset(to, 0, sizeof(*to));
	to->protocol = service->key.protocol;
	to->addr = service->key.addr;
	to->port = service->key.port;
	to->fwmark = service->key.fwmark;
	memcpy(to->sched_name, service->key.sched_name, sizeof(to->sched_name));
	to->flags = service->key.flags | IP_VS_SVC_F_HASHED;
	to->timeout = service->key.timeout;
	to->netmask = service->key.netmask;
	to->num_dests = service->count;
}

static int show_services(const struct table *table, struct ip_vs_get_services *to, socklen_t length)
{
	if (length < sizeof(*to) + table->count * sizeof(struct ip_vs_service_entry))
		return EINVAL;
	to->num_services = table->count;
	for (unsigned i = 0; i < table->count; i++)
		show_service(&to->entrytable[i], &table->services[i]);
	return 0;
}

static int show_dests(struct table *table, struct ip_vs_get_dests *to, socklen_t length)
{
	struct ip_vs_service_user key = { .protocol = to->protocol, .addr = to->addr, .port = to->port, .fwmark = to->fwmark };
	const struct service *service = find_service(table, &key);

	if (!service)
		return ESRCH;
	if (length < sizeof(*to) + service->count * sizeof(struct ip_vs_dest_entry))
		return EINVAL;
	to->num_dests = service->count;
	for (unsigned i = 0; i < service->count; i++) {
		const struct ip_vs_dest_user *dest = &service->dests[i];
		to->entrytable[i] = (struct ip_vs_dest_entry){ .addr = dest->addr, .port = dest->port,
			.conn_flags = dest->conn_flags, .weight = dest->weight,
			.u_threshold = dest->u_threshold, .l_threshold = dest->l_threshold };
	}
	return 0;
}

static int show(struct table *table, int question, void *value, socklen_t length)
{
	struct service *service;

	switch (question) {
	case IP_VS_SO_GET_INFO:
		*(struct ip_vs_getinfo *)value = (struct ip_vs_getinfo){ .version = IP_VS_VERSION_CODE, .size = 4096, .num_services = table->count };
		return 0;
	case IP_VS_SO_GET_SERVICES:
		return show_services(table, value, length);
	case IP_VS_SO_GET_SERVICE: {
		const struct ip_vs_service_entry *entry = value;
		struct ip_vs_service_user key = { .protocol = entry->protocol, .addr = entry->addr, .port = entry->port, .fwmark = entry->fwmark };
		service = find_service(table, &key);
		if (!service)
			return ESRCH;
		show_service(value, service);
		return 0;
	}
	case IP_VS_SO_GET_DESTS:
		return show_dests(table, value, length);
	case IP_VS_SO_GET_TIMEOUT:
		*(struct ip_vs_timeout_user *)value = table->timeouts;
		return 0;
	default:
		memset(value, 0, length);
		return 0;
	}
}

static int answer(int fault)
{
	if (!fault)
		return 0;
	errno = fault;
	return -1;
}

int genl_ctrl_resolve(struct nl_sock *socket, const char *name)
{
	static int (*real)(struct nl_sock *, const char *);

	if (!strcmp(name, IPVS_GENL_NAME))
		return -12;
	if (!real)
		real = dlsym(RTLD_NEXT, "genl_ctrl_resolve");
	return real(socket, name);
}

int getsockopt(int socket, int level, int option, void *value, socklen_t *length)
{
	static int (*real)(int, int, int, void *, socklen_t *);
	struct table *table;
	int file, fault;

	if (level != IPPROTO_IP || option < IP_VS_BASE_CTL || option > IP_VS_SO_GET_MAX) {
		if (!real)
			real = dlsym(RTLD_NEXT, "getsockopt");
		return real(socket, level, option, value, length);
	}
	table = open_table(&file);
	fault = show(table, option, value, *length);
	close_table(table, file);
	return answer(fault);
}

int setsockopt(int socket, int level, int option, const void *value, socklen_t length)
{
	static int (*real)(int, int, int, const void *, socklen_t);
	struct table *table;
	int file, fault;

	if (level != IPPROTO_IP || option < IP_VS_BASE_CTL || option > IP_VS_SO_SET_MAX) {
		if (!real)
			real = dlsym(RTLD_NEXT, "setsockopt");
		return real(socket, level, option, value, length);
	}
	table = open_table(&file);
	fault = change(table, option, value, length);
	write_log(option, value, fault);
	close_table(table, file);
	return answer(fault);
}
