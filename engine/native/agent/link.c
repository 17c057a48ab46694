#include "link.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

enum {
	CHUNKS_PER_TURN = 8, /* what the page can have outstanding: then others get their turn */
	LEAST_WRITE = 4096,
	MEMORY_NAP_NS = 5 * 1000 * 1000,
};

/* v86 takes a whole buffer before write() returns, so the only thing to wait for is the kernel's memory for
 * the copy: ask for less of it, then let others free some. */
static void write_out(struct link *link)
{
	size_t done = 0;
	size_t limit = LINK_OUT_SIZE;

	while (done < link->out_used) {
		size_t left = link->out_used - done;
		ssize_t wrote = write(link->port.fd, link->out + done, left < limit ? left : limit);
		if (wrote >= 0) {
			done += (size_t)wrote;
		} else if (errno == ENOMEM && limit > LEAST_WRITE) {
			limit /= 2;
		} else if (errno == ENOMEM || errno == EAGAIN || errno == EINTR) {
			nanosleep(&(struct timespec){ .tv_nsec = MEMORY_NAP_NS }, NULL);
		} else {
			break; /* the device is gone, and the page with it */
		}
	}
	link->out_used = 0;
}

static void put_credit(struct link *link)
{
	uint32_t chunks = link->chunks_read;

	link->chunks_read = 0;
	link_put(link, FRAME_CREDIT, 0, &chunks, sizeof(chunks));
}

void link_flush(struct link *link)
{
	/* Credit rides along with other output; alone it is worth a write only when the page may run short. */
	if (link->chunks_read >= CREDIT_EVERY || (link->chunks_read > 0 && link->out_used > 0))
		put_credit(link);
	if (link->out_used > 0)
		write_out(link);
}

uint8_t *link_reserve(struct link *link, size_t least, size_t *room)
{
	if (LINK_OUT_SIZE - link->out_used < sizeof(struct frame_header) + least)
		write_out(link);
	*room = LINK_OUT_SIZE - link->out_used - sizeof(struct frame_header);
	return link->out + link->out_used + sizeof(struct frame_header);
}

static void commit(struct link *link, struct frame_header header)
{
	memcpy(link->out + link->out_used, &header, sizeof(header));
	link->out_used += sizeof(header) + header.length;
}

void link_commit(struct link *link, uint16_t stream, enum channel channel, size_t length)
{
	commit(link, (struct frame_header){
			     .type = FRAME_DATA, .channel = (uint8_t)channel, .stream = stream, .length = length });
}

void link_put(struct link *link, enum frame_type type, uint16_t stream, const void *payload, size_t length)
{
	size_t room;
	uint8_t *place = link_reserve(link, length, &room);

	if (length > 0)
		memcpy(place, payload, length);
	commit(link, (struct frame_header){ .type = (uint8_t)type, .stream = stream, .length = length });
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Takes what it can of a header; returns how many bytes that was. */
static size_t take_header(struct link *link, const uint8_t *bytes, size_t count)
{
	size_t part = smaller(sizeof(link->header) - link->header_used, count);

	memcpy((uint8_t *)&link->header + link->header_used, bytes, part);
	link->header_used += part;
	link->payload_used = 0;
	return part;
}

/* Takes what it can of a payload. DATA is passed on piece by piece, other frames are gathered. */
static size_t take_payload(struct link *link, const uint8_t *bytes, size_t count)
{
	size_t part = smaller(link->header.length - link->payload_used, count);

	if (link->header.type == FRAME_DATA)
		streams_data(link->streams, link->header.stream, bytes, part);
	else
		memcpy(link->payload + link->payload_used, bytes, part);
	link->payload_used += part;
	return part;
}

static void parse(struct link *link, const uint8_t *bytes, size_t count)
{
	const struct frame_header *header = &link->header;

	while (count > 0) {
		bool in_header = link->header_used < sizeof(*header);
		size_t used = in_header ? take_header(link, bytes, count) : take_payload(link, bytes, count);
		bytes += used;
		count -= used;
		if (link->header_used < sizeof(*header))
			return;
		if (header->type != FRAME_DATA && header->length > CONTROL_PAYLOAD_MAX) {
			link->distrusted(link);
			return;
		}
		if (link->payload_used < header->length)
			continue;
		link->header_used = 0;
		if (header->type != FRAME_DATA) {
			link->payload[header->length] = '\0';
			streams_frame(link->streams, header, link->payload);
		}
	}
}

static void port_ready(struct watch *watch, uint32_t events)
{
	struct link *link = (struct link *)((char *)watch - offsetof(struct link, port));
	uint8_t chunk[CHUNK_SIZE];

	(void)events;
	for (int i = 0; i < CHUNKS_PER_TURN; i++) {
		ssize_t count = read(link->port.fd, chunk, sizeof(chunk));
		if (count <= 0)
			return;
		link->chunks_read++;
		if (link->live)
			parse(link, chunk, (size_t)count);
	}
}

void link_init(struct link *link, struct loop *loop, struct streams *streams, int port)
{
	link->loop = loop;
	link->streams = streams;
	link->live = false;
	watch_init(&link->port, port, port_ready);
	loop_want(loop, &link->port, EPOLLIN);
	link_restart(link);
}

void link_restart(struct link *link)
{
	uint8_t chunk[CHUNK_SIZE];

	while (read(link->port.fd, chunk, sizeof(chunk)) > 0)
		;
	link->header_used = link->payload_used = 0;
	link->out_used = 0;
	link->chunks_read = 0;
}
