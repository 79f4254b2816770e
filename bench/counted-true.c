/* /bin/true that can be counted: adds a byte to the file that is named. */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_WRONLY | O_APPEND) : -1;
	return fd >= 0 && write(fd, "", 1) == 1 ? 0 : 1;
}
