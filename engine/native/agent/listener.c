#include "listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "link.h"
#include "socket.h"
#include "stream.h"

enum {
	BACKLOG = 128,
	QUERY_MAX = 8192,
	ANSWER_MAX = 16 * 1024,
	QUERIES_MAX = 64, /* unanswered ones; then the oldest is given up, as its asker has */
	NAME_MAX_LENGTH = 64,
	ORIGINAL_DESTINATION = 80, /* SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST, both 80 */
};

struct query {
	struct stream stream; /* first: the table frees it by this address */
	int fd;               /* the listener's, which outlives every query */
	struct sockaddr_storage peer;
	socklen_t peer_length;
	size_t answer_length; /* more than ANSWER_MAX: too long to send */
	uint8_t answer[ANSWER_MAX];
};

static struct query *of_stream(struct stream *stream)
{
	return (struct query *)stream;
}

static size_t gather_answer(struct stream *stream, const uint8_t *bytes, size_t count)
{
	struct query *query = of_stream(stream);

	if (query->answer_length + count <= ANSWER_MAX)
		memcpy(query->answer + query->answer_length, bytes, count);
	query->answer_length += count;
	return count;
}

static void send_answer(struct stream *stream)
{
	struct query *query = of_stream(stream);

	if (query->answer_length > 0 && query->answer_length <= ANSWER_MAX)
		sendto(query->fd, query->answer, query->answer_length, MSG_NOSIGNAL,
		       (struct sockaddr *)&query->peer, query->peer_length);
	stream_finish(stream);
}

static void nothing_to_revise(struct stream *stream)
{
	(void)stream;
}

static void nothing_to_release(struct stream *stream, bool aborted)
{
	(void)stream;
	(void)aborted;
}

static const struct stream_kind query_kind = {
	.accept = gather_answer,
	.input_ended = send_answer,
	.revise = nothing_to_revise,
	.release = nothing_to_release,
};

static void give_up_oldest(struct streams *streams)
{
	struct stream *oldest = NULL;
	int count = 0;

	for (struct stream *stream = streams->live; stream != NULL; stream = stream->next) {
		if (stream->kind != &query_kind || stream->resetting)
			continue;
		oldest = stream; /* new streams are put first */
		count++;
	}
	if (count >= QUERIES_MAX)
		stream_fail(oldest, ETIMEDOUT, "no answer");
}

/* Sends OPEN with up to four strings; NULL ends them early. */
static void put_open(struct streams *streams, uint16_t number, const char *const strings[4])
{
	char payload[4 * (ADDRESS_TEXT_MAX + 1)];
	size_t length = 0;

	for (int i = 0; i < 4 && strings[i] != NULL; i++) {
		size_t part = strlen(strings[i]) + 1;
		memcpy(payload + length, strings[i], part);
		length += part;
	}
	link_put(streams->link, FRAME_OPEN, number, payload, length);
}

static void datagram_ready(struct watch *watch, uint32_t events)
{
	struct listener *listener = (struct listener *)((char *)watch - offsetof(struct listener, watch));
	struct streams *streams = listener->listeners->streams;
	uint8_t bytes[QUERY_MAX];
	char peer_text[ADDRESS_TEXT_MAX];
	struct query *query = calloc(1, sizeof(*query));
	struct sockaddr_storage peer;
	socklen_t peer_length = sizeof(peer);

	(void)events;
	ssize_t count = recvfrom(watch->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&peer, &peer_length);
	if (count > 0)
		give_up_oldest(streams);
	uint16_t number = count > 0 ? streams_guest_number(streams) : 0;
	if (query == NULL || number == 0) {
		free(query); /* its asker will ask again */
		return;
	}
	stream_add(streams, &query->stream, &query_kind, number);
	query->fd = watch->fd;
	query->peer = peer;
	query->peer_length = peer_length;
	address_format(&peer, peer_text);
	put_open(streams, number, (const char *const[4]){ "datagram", listener->name, peer_text });
	link_put(streams->link, FRAME_DATA, number, bytes, (size_t)count);
	query->stream.send_window -= (uint32_t)count;
	stream_send_eof(&query->stream);
}

/* Where the client wanted to go: before an iptables rule redirected it to us, if one did. */
static void local_address(int fd, struct sockaddr_storage *address)
{
	socklen_t length = sizeof(*address);

	getsockname(fd, (struct sockaddr *)address, &length);
	int level = address->ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct sockaddr_storage original;
	length = sizeof(original);
	if (getsockopt(fd, level, ORIGINAL_DESTINATION, &original, &length) == 0)
		*address = original;
}

static void connection_ready(struct watch *watch, uint32_t events)
{
	struct listener *listener = (struct listener *)((char *)watch - offsetof(struct listener, watch));
	struct streams *streams = listener->listeners->streams;
	struct sockaddr_storage peer, local;
	socklen_t length = sizeof(peer);
	char peer_text[ADDRESS_TEXT_MAX], local_text[ADDRESS_TEXT_MAX];

	(void)events;
	uint16_t number = streams_guest_number(streams);
	if (number == 0)
		return; /* listeners_revise silences us until there is room */
	int fd = accept4(watch->fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	local_address(fd, &local);
	address_format(&peer, peer_text);
	address_format(&local, local_text);
	put_open(streams, number, (const char *const[4]){ "accept", listener->name, peer_text, local_text });
	socket_adopt(streams, number, fd);
}

void listeners_init(struct listeners *listeners, struct streams *streams)
{
	memset(listeners, 0, sizeof(*listeners));
	listeners->streams = streams;
}

static int bind_socket(const struct sockaddr_storage *address, socklen_t length, bool datagram)
{
	int type = (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
	int fd = socket(address->ss_family, type, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)address, length) == 0 && (datagram || listen(fd, BACKLOG) == 0))
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

bool listeners_add(struct listeners *listeners, const char *description, bool datagram)
{
	struct listener *listener = &listeners->all[listeners->count];
	struct sockaddr_storage address;
	socklen_t length;
	const char *equals = strchr(description, '=');

	errno = EINVAL;
	if (listeners->count == LISTENERS_MAX || equals == NULL || equals - description >= NAME_MAX_LENGTH ||
	    !address_parse_pair(equals + 1, &address, &length))
		return false;
	int fd = bind_socket(&address, length, datagram);
	if (fd < 0)
		return false;
	listener->name = strndup(description, (size_t)(equals - description));
	if (listener->name == NULL) {
		close(fd);
		return false;
	}
	listener->listeners = listeners;
	watch_init(&listener->watch, fd, datagram ? datagram_ready : connection_ready);
	listeners->count++;
	return true;
}

void listeners_revise(struct listeners *listeners)
{
	struct streams *streams = listeners->streams;
	bool open = listeners->live && streams->guest_count < GUEST_STREAMS_MAX;

	for (int i = 0; i < listeners->count; i++)
		loop_want(streams->loop, &listeners->all[i].watch, open ? EPOLLIN : 0);
}
