#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errno_name.h"
#include "link.h"

enum {
	GRANT_FROM = WINDOW_TO_GUEST / 2, /* smaller grants would cost a frame each for typed bytes */
	LEAST_FRAME = 4096,
	LEAST_TO_READ_ON = 1024, /* a terminal hands out 4 KiB a read: ask again when it had much to say */
	RESET_TEXT_MAX = 256,
};

static bool opened_by_guest(uint16_t number)
{
	return number % 2 == 0;
}

void stream_add(struct streams *streams, struct stream *stream, const struct stream_kind *kind, uint16_t number)
{
	memset(stream, 0, sizeof(*stream));
	stream->kind = kind;
	stream->streams = streams;
	stream->number = number;
	stream->send_window = WINDOW_TO_PAGE;
	stream->receive_window = WINDOW_TO_GUEST;
	stream->next = streams->live;
	if (stream->next != NULL)
		stream->next->previous = stream;
	streams->live = stream;
	streams->by_number[number] = stream;
	if (opened_by_guest(number))
		streams->guest_count++;
}

static void release(struct stream *stream, bool aborted)
{
	ring_free(&stream->input);
	stream->kind->release(stream, aborted);
}

static void forget(struct stream *stream)
{
	struct streams *streams = stream->streams;

	if (stream->previous != NULL)
		stream->previous->next = stream->next;
	else
		streams->live = stream->next;
	if (stream->next != NULL)
		stream->next->previous = stream->previous;
	streams->by_number[stream->number] = NULL;
	if (opened_by_guest(stream->number))
		streams->guest_count--;
	/* This turn's events may still point at its watches. */
	stream->next = streams->dead;
	streams->dead = stream;
}

void streams_sweep(struct streams *streams)
{
	while (streams->dead != NULL) {
		struct stream *stream = streams->dead;
		streams->dead = stream->next;
		free(stream);
	}
}

void streams_end_all(struct streams *streams)
{
	while (streams->live != NULL) {
		struct stream *stream = streams->live;
		if (!stream->resetting)
			release(stream, true);
		forget(stream);
	}
}

uint16_t streams_guest_number(struct streams *streams)
{
	uint16_t number = streams->last_guest_number;

	if (streams->guest_count >= GUEST_STREAMS_MAX)
		return 0;
	do
		number += 2; /* wraps to 0, which is the link's own number */
	while (number == 0 || streams->by_number[number] != NULL);
	streams->last_guest_number = number;
	return number;
}

void streams_refuse(struct streams *streams, uint16_t number, int error, const char *what)
{
	char text[RESET_TEXT_MAX];
	int length = snprintf(text, sizeof(text), "%s: %s: %s", errno_name(error), what, strerror(error));

	if (length >= (int)sizeof(text))
		length = sizeof(text) - 1;
	link_put(streams->link, FRAME_RESET, number, text, (size_t)length);
}

void stream_fail(struct stream *stream, int error, const char *what)
{
	streams_refuse(stream->streams, stream->number, error, what);
	release(stream, true);
	if (opened_by_guest(stream->number))
		stream->resetting = true;
	else
		forget(stream);
}

void stream_finish(struct stream *stream)
{
	release(stream, false);
	forget(stream);
}

void stream_send_eof(struct stream *stream)
{
	if (stream->guest_ended)
		return;
	stream->guest_ended = true;
	link_put(stream->streams->link, FRAME_EOF, stream->number, NULL, 0);
}

ssize_t stream_read(struct stream *stream, enum channel channel, int fd)
{
	struct link *link = stream->streams->link;
	size_t room;
	size_t used = 0;
	uint8_t *place = link_reserve(link, LEAST_FRAME, &room);
	ssize_t count;

	if (room > stream->send_window)
		room = stream->send_window;
	do {
		count = read(fd, place + used, room - used);
		if (count > 0)
			used += (size_t)count;
	} while (count >= LEAST_TO_READ_ON && used < room);
	if (used == 0)
		return count;
	stream->send_window -= used;
	link_commit(link, stream->number, channel, used);
	return (ssize_t)used;
}

static void accepted(struct stream *stream, size_t count)
{
	stream->ungranted += count;
	if (stream->ungranted < GRANT_FROM || stream->page_ended)
		return;
	uint32_t grant = stream->ungranted;
	stream->ungranted = 0;
	stream->receive_window += grant;
	link_put(stream->streams->link, FRAME_WINDOW, stream->number, &grant, sizeof(grant));
}

void stream_feed(struct stream *stream)
{
	while (stream->input.used > 0) {
		size_t count;
		const uint8_t *bytes = ring_peek(&stream->input, &count);
		size_t taken = stream->kind->accept(stream, bytes, count);
		if (taken == 0)
			break;
		ring_drop(&stream->input, taken);
		accepted(stream, taken);
	}
	if (stream->input.used == 0 && stream->page_ended)
		stream->kind->input_ended(stream);
	else
		stream->kind->revise(stream);
}

void streams_data(struct streams *streams, uint16_t number, const uint8_t *bytes, size_t count)
{
	struct stream *stream = streams->by_number[number];
	size_t taken = 0;

	if (stream == NULL || stream->resetting)
		return;
	if (count > stream->receive_window || stream->page_ended) {
		stream_fail(stream, EPROTO, "data beyond the window or the end");
		return;
	}
	stream->receive_window -= count;
	if (stream->input.used == 0)
		taken = stream->kind->accept(stream, bytes, count);
	accepted(stream, taken);
	if (taken == count)
		return;
	if (ring_push(&stream->input, bytes + taken, count - taken))
		stream->kind->revise(stream);
	else
		stream_fail(stream, ENOMEM, "input");
}

static void page_reset(struct stream *stream)
{
	if (!stream->resetting) {
		release(stream, true);
		link_put(stream->streams->link, FRAME_RESET, stream->number, NULL, 0);
	}
	forget(stream);
}

static void page_ended(struct stream *stream)
{
	if (stream->resetting) {
		if (stream->guest_ended)
			forget(stream); /* the page saw our EOF before our RESET, and knows it no more */
		return;
	}
	stream->page_ended = true;
	if (stream->input.used == 0)
		stream->kind->input_ended(stream);
}

static void page_window(struct stream *stream, const uint8_t *payload)
{
	uint32_t more;

	memcpy(&more, payload, sizeof(more));
	stream->send_window += more;
	stream->kind->revise(stream);
}

static void page_resize(struct stream *stream, const uint8_t *payload)
{
	uint16_t size[2];

	memcpy(size, payload, sizeof(size));
	if (stream->kind->resize != NULL)
		stream->kind->resize(stream, size[0], size[1]);
}

void streams_frame(struct streams *streams, const struct frame_header *header, const uint8_t *payload)
{
	static const uint8_t least_length[FRAME_CREDIT + 1] = {
		[FRAME_WINDOW] = 4, [FRAME_RESIZE] = 4, [FRAME_SIGNAL] = 1
	};
	struct stream *stream = streams->by_number[header->stream];

	if (header->type == FRAME_OPEN) {
		if (stream == NULL && !opened_by_guest(header->stream))
			streams->open(streams->opener_context, header->stream, (const char *)payload, header->length);
		return;
	}
	/* A frame for a stream that has ended was on its way when it did. */
	if (stream == NULL || header->type > FRAME_CREDIT || header->length < least_length[header->type])
		return;
	if (header->type == FRAME_RESET)
		page_reset(stream);
	else if (header->type == FRAME_EOF)
		page_ended(stream);
	else if (stream->resetting)
		return;
	else if (header->type == FRAME_WINDOW)
		page_window(stream, payload);
	else if (header->type == FRAME_RESIZE)
		page_resize(stream, payload);
	else if (header->type == FRAME_SIGNAL && stream->kind->signal != NULL)
		stream->kind->signal(stream, payload[0]);
}
