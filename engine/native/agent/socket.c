#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "link.h"
#include "loop.h"
#include "stream.h"

struct connection {
	struct stream stream; /* first: the table frees it by this address */
	struct watch watch;
	bool connecting;
};

static struct connection *of_stream(struct stream *stream)
{
	return (struct connection *)stream;
}

static void revise(struct stream *stream)
{
	struct connection *connection = of_stream(stream);
	uint32_t wanted = 0;

	if (connection->connecting || stream->input.used > 0)
		wanted |= EPOLLOUT;
	if (!connection->connecting && !stream->guest_ended && stream->send_window > 0)
		wanted |= EPOLLIN;
	loop_want(stream->streams->loop, &connection->watch, wanted);
}

static size_t accept_input(struct stream *stream, const uint8_t *bytes, size_t count)
{
	struct connection *connection = of_stream(stream);

	if (connection->connecting)
		return 0;
	ssize_t sent = send(connection->watch.fd, bytes, count, MSG_NOSIGNAL);
	if (sent >= 0)
		return (size_t)sent;
	/* When the peer takes no more, it may still have things to say: reading tells how it ends. */
	return errno == EAGAIN || errno == EINTR ? 0 : count;
}

static void finish_if_both_ended(struct stream *stream)
{
	if (stream->guest_ended && stream->page_ended && stream->input.used == 0)
		stream_finish(stream);
	else
		revise(stream);
}

static void input_ended(struct stream *stream)
{
	struct connection *connection = of_stream(stream);

	if (connection->connecting)
		return; /* `connected` comes back to this */
	shutdown(connection->watch.fd, SHUT_WR);
	finish_if_both_ended(stream);
}

static void connected(struct connection *connection)
{
	struct stream *stream = &connection->stream;
	int error = 0;
	socklen_t length = sizeof(error);

	getsockopt(connection->watch.fd, SOL_SOCKET, SO_ERROR, &error, &length);
	if (error != 0) {
		stream_fail(stream, error, "connect");
		return;
	}
	connection->connecting = false;
	link_put(stream->streams->link, FRAME_OPENED, stream->number, NULL, 0);
	stream_feed(stream);
}

static void ready(struct watch *watch, uint32_t events)
{
	struct connection *connection =
		(struct connection *)((char *)watch - offsetof(struct connection, watch));
	struct stream *stream = &connection->stream;

	if (connection->connecting) {
		connected(connection);
		return;
	}
	if (events & EPOLLOUT)
		stream_feed(stream);
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || watch->fd < 0 || stream->guest_ended ||
	    stream->send_window == 0)
		return;
	ssize_t count = stream_read(stream, CHANNEL_MAIN, watch->fd);
	if (count > 0) {
		if (stream->send_window == 0)
			revise(stream);
	} else if (count == 0) {
		stream_send_eof(stream);
		finish_if_both_ended(stream);
	} else if (errno != EAGAIN && errno != EINTR) {
		stream_fail(stream, errno, "read");
	}
}

static void release(struct stream *stream, bool aborted)
{
	struct connection *connection = of_stream(stream);
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (aborted) /* the peer shall see a reset, not an orderly end */
		setsockopt(connection->watch.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	loop_close(stream->streams->loop, &connection->watch);
}

static const struct stream_kind connection_kind = {
	.accept = accept_input,
	.input_ended = input_ended,
	.revise = revise,
	.release = release,
};

static struct connection *add(struct streams *streams, uint16_t number, int fd)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (connection == NULL) {
		close(fd);
		return NULL;
	}
	stream_add(streams, &connection->stream, &connection_kind, number);
	watch_init(&connection->watch, fd, ready);
	return connection;
}

static void open_to(struct streams *streams, uint16_t number, const struct sockaddr *address, socklen_t length)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || (connect(fd, address, length) != 0 && errno != EINPROGRESS)) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		streams_refuse(streams, number, error, "connect");
		return;
	}
	int no_delay = 1;
	if (address->sa_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
	struct connection *connection = add(streams, number, fd);
	if (connection == NULL) {
		streams_refuse(streams, number, ENOMEM, "connect");
		return;
	}
	connection->connecting = true;
	revise(&connection->stream);
}

void socket_open_unix(struct streams *streams, uint16_t number, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path)) {
		streams_refuse(streams, number, ENAMETOOLONG, "connect");
		return;
	}
	strcpy(address.sun_path, path);
	open_to(streams, number, (const struct sockaddr *)&address, sizeof(address));
}

void socket_open_tcp(struct streams *streams, uint16_t number, const char *host, const char *port)
{
	struct sockaddr_storage address;
	socklen_t length;

	if (!address_parse(host, port, &address, &length)) {
		streams_refuse(streams, number, EINVAL, "address");
		return;
	}
	open_to(streams, number, (const struct sockaddr *)&address, length);
}

void socket_adopt(struct streams *streams, uint16_t number, int fd)
{
	struct connection *connection = add(streams, number, fd);

	if (connection != NULL)
		revise(&connection->stream);
	else
		streams_refuse(streams, number, ENOMEM, "accept");
}
