/*
 * The target of HTTP checks: one process on all addresses, as cheap as can be, so that it is never what limits the contestants.
 *
 *   web-server PORT COUNTS_PATH PAGE_FILE
 *
 * Every request ends with an empty line and gets the page, after which the connection is closed. A request for COUNTS_PATH gets how many
 * connections and requests there were, in the words of nginx's stub_status.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_connections = 65536, longest_request = 1024, events_at_once = 256 };

/* What has come of each connection's request, by descriptor. */
static char requests[most_connections][longest_request];
static unsigned short lengths[most_connections];

static unsigned long accepted, answered;
static char page[65536];
static size_t page_length;
static const char *counts_path;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static size_t with_header(char *out, size_t room, const char *body, size_t length)
{
	return snprintf(out, room,
			"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%.*s", length,
			(int)length, body);
}

static void answer(int fd)
{
	char counts[512], text[256];
	size_t length;

	answered++;
	if (strncmp(requests[fd] + 4, counts_path, strlen(counts_path)) != 0) {
		if (send(fd, page, page_length, MSG_NOSIGNAL) < 0)
			return;
	} else {
		length = snprintf(text, sizeof(text), "server accepts handled requests\n %lu %lu %lu \n", accepted, accepted, answered);
		length = with_header(counts, sizeof(counts), text, length);
		if (send(fd, counts, length, MSG_NOSIGNAL) < 0)
			return;
	}
}

static void take(int fd)
{
	ssize_t got = recv(fd, requests[fd] + lengths[fd], longest_request - 1 - lengths[fd], 0);

	if (got > 0) {
		lengths[fd] += got;
		requests[fd][lengths[fd]] = 0;
		if (!strstr(requests[fd], "\r\n\r\n") && lengths[fd] < longest_request - 1)
			return;
		answer(fd);
	}
	close(fd);
}

static int listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 16384))
		fail("listen");
	return fd;
}

int main(int argc, char **argv)
{
	struct epoll_event events[events_at_once], event = { .events = EPOLLIN };
	static char body[60000];
	int listener, epoll, i;
	FILE *file;

	if (argc != 4)
		return 2;
	counts_path = argv[2];
	file = fopen(argv[3], "r");
	if (!file)
		fail(argv[3]);
	page_length = with_header(page, sizeof(page), body, fread(body, 1, sizeof(body), file));
	fclose(file);
	listener = event.data.fd = listen_on(atoi(argv[1]));
	epoll = epoll_create1(0);
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event))
		fail("epoll");
	for (;;) {
		int count = epoll_wait(epoll, events, events_at_once, -1);

		for (i = 0; i < count; i++) {
			int fd = events[i].data.fd;

			if (fd != listener) {
				take(fd);
				continue;
			}
			while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
				accepted++;
				if (fd >= most_connections) {
					close(fd);
					continue;
				}
				lengths[fd] = 0;
				event.data.fd = fd;
				if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
					close(fd);
			}
		}
	}
}
