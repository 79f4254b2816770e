/*
 * Speaks for hosts that nobody is: packets to them go out of the interface named on the command line, where they are seen,
 * and what ICMP has to say to them comes from there. Standard input: lines `ADDRESS KIND MILLISECONDS`; whoever is not
 * named, or with `mute`, stays silent. Linux in.h, ip.h and icmp.h; RFC 792.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netpacket/packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_HOSTS 65536
#define QUOTED 8

struct host {
	char kind[32];
	unsigned pause;
};

/* By the last two bytes of the address. */
static struct host hosts[MAX_HOSTS];

static unsigned short checksum(const unsigned char *bytes, size_t length)
{
	unsigned long sum = 0;

	for (size_t at = 0; at < length; at += 2)
		sum += bytes[at] << 8 | (at + 1 < length ? bytes[at + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum & 0xffff);
}

/* The code of "destination unreachable", or -1. */
static int code_of(const char *kind)
{
	if (!strcmp(kind, "host"))
		return ICMP_HOST_UNREACH;
	if (!strcmp(kind, "port"))
		return ICMP_PORT_UNREACH;
	if (!strcmp(kind, "filtered"))
		return ICMP_PKT_FILTERED;
	return -1;
}

/* How long the answer to a packet is, which begins at `icmp`; 0: there is none. */
static size_t make_answer(const unsigned char *packet, size_t length, const char *kind, unsigned char *icmp)
{
	size_t header = (packet[0] & 15) * 4;
	int code = code_of(kind);
	size_t size;

	if (code >= 0) {
		size = header + QUOTED < length ? header + QUOTED : length;
		memset(icmp, 0, 8);
		icmp[0] = ICMP_DEST_UNREACH;
		icmp[1] = code;
		memcpy(icmp + 8, packet, size);
		return size + 8;
	}
	if (packet[9] != IPPROTO_ICMP || packet[header] != ICMP_ECHO || !strcmp(kind, "mute"))
		return 0;
	size = length - header;
	memcpy(icmp, packet + header, size);
	icmp[0] = ICMP_ECHOREPLY;
	if (!strcmp(kind, "payload"))
		icmp[size - 1] ^= 1;
	if (!strcmp(kind, "sequence"))
		icmp[7] ^= 1;
	return size;
}

static void answer(int out, const unsigned char *packet, size_t length)
{
	const struct host *host = &hosts[packet[18] << 8 | packet[19]];
	unsigned char reply[2048] = { 0x45, 0 };
	unsigned char *icmp = reply + sizeof(struct iphdr);
	struct sockaddr_in to = { .sin_family = AF_INET };
	size_t size;
	unsigned short sum;

	if (length < sizeof(struct iphdr) || length > 1500 || !host->kind[0])
		return;
	size = make_answer(packet, length, host->kind, icmp);
	if (!size)
		return;
	icmp[2] = icmp[3] = 0;
	sum = checksum(icmp, size);
	memcpy(icmp + 2, &sum, 2);
	reply[8] = 64;
	reply[9] = IPPROTO_ICMP;
	memcpy(reply + 12, packet + 16, 4);
	memcpy(reply + 16, packet + 12, 4);
	memcpy(&to.sin_addr, packet + 12, 4);
	/* Each late answer waits on its own. */
	if (host->pause && fork())
		return;
	usleep(host->pause * 1000);
	if (sendto(out, reply, sizeof(struct iphdr) + size, 0, (struct sockaddr *)&to, sizeof to) < 0)
		perror("icmp-answerer");
	if (host->pause)
		_exit(0);
}

static void listen_to(const char *line)
{
	char address[32], kind[32];
	unsigned char bytes[4];
	unsigned pause;

	if (sscanf(line, "%31s %31s %u", address, kind, &pause) != 3 || inet_pton(AF_INET, address, bytes) != 1)
		return;
	struct host *host = &hosts[bytes[2] << 8 | bytes[3]];
	strcpy(host->kind, kind);
	host->pause = pause;
	puts(address);
	fflush(stdout);
}

int main(int count, char **words)
{
	struct sockaddr_ll from = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int in = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	int out = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct pollfd ready[] = { { .fd = in, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	unsigned char packet[2048];
	char line[128];

	signal(SIGCHLD, SIG_IGN);
	/* poll knows nothing of what stdio has read ahead. */
	setvbuf(stdin, NULL, _IONBF, 0);
	from.sll_ifindex = count > 1 ? if_nametoindex(words[1]) : 0;
	if (in < 0 || out < 0 || !from.sll_ifindex || bind(in, (struct sockaddr *)&from, sizeof from) < 0) {
		perror("icmp-answerer");
		return 1;
	}
	while (poll(ready, 2, -1) > 0) {
		if (ready[1].revents) {
			if (!fgets(line, sizeof line, stdin))
				return 0;
			listen_to(line);
		}
		if (ready[0].revents) {
			ssize_t length = recv(in, packet, sizeof packet, 0);
			if (length > 0 && packet[0] >> 4 == 4)
				answer(out, packet, length);
		}
	}
	return 1;
}
