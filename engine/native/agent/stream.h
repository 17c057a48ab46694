/* The table of streams: numbers, windows, and the operations that each kind of stream brings. */
#ifndef AGENT_STREAM_H
#define AGENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ring.h"
#include "wire.h"

struct link;
struct loop;
struct stream;

/* What a kind of stream does. */
struct stream_kind {
	/* Takes bytes from the page; returns how many, 0 when it must wait (then it calls stream_feed later).
	 * Bytes that nobody will ever read are taken and dropped; it never ends the stream itself. */
	size_t (*accept)(struct stream *stream, const uint8_t *bytes, size_t count);
	/* The page's EOF, after everything before it was accepted. */
	void (*input_ended)(struct stream *stream);
	/* Bytes wait in stream->input, or the page opened its window: look again at what to watch for. */
	void (*revise)(struct stream *stream);
	void (*resize)(struct stream *stream, uint16_t rows, uint16_t columns); /* optional */
	void (*signal)(struct stream *stream, uint8_t number);                  /* optional */
	/* Releases what the stream holds of the system; `aborted` unless it came to its natural end. */
	void (*release)(struct stream *stream, bool aborted);
};

struct stream {
	const struct stream_kind *kind;
	struct streams *streams;
	struct stream *next; /* among the live, or among those to be freed after this turn */
	struct stream *previous;
	struct ring input;
	uint32_t send_window;    /* bytes that we may still send */
	uint32_t receive_window; /* bytes that the page may still send */
	uint32_t ungranted;      /* bytes accepted, not yet given back to the page's window */
	uint16_t number;
	bool page_ended;  /* the page sent EOF */
	bool guest_ended; /* we sent EOF */
	bool resetting;   /* ours, reset by us: keeps its number until the page has answered */
};

enum { STREAM_NUMBERS = 65536, GUEST_STREAMS_MAX = 512 };

struct streams {
	struct link *link;
	struct loop *loop;
	struct stream *live;
	struct stream *dead;
	uint16_t last_guest_number;
	uint16_t guest_count;
	void *opener_context;
	/* Carries out the page's OPEN: `strings` is `length` bytes of NUL-terminated strings. */
	void (*open)(void *context, uint16_t number, const char *strings, size_t length);
	struct stream *by_number[STREAM_NUMBERS];
};

/* For link.c: a complete frame, and a piece of a frame of DATA. */
void streams_frame(struct streams *streams, const struct frame_header *header, const uint8_t *payload);
void streams_data(struct streams *streams, uint16_t number, const uint8_t *bytes, size_t count);

/* Ends every stream without a word to the page. */
void streams_end_all(struct streams *streams);

/* Frees the streams that ended during this turn. */
void streams_sweep(struct streams *streams);

/* A free even number for a stream that the guest opens; 0 when there are too many. */
uint16_t streams_guest_number(struct streams *streams);

/* Says that the stream `number` cannot be: RESET with `error`'s name and what was tried. */
void streams_refuse(struct streams *streams, uint16_t number, int error, const char *what);

/* Enters a stream, allocated with malloc by its kind as the first member of its own structure. */
void stream_add(struct streams *streams, struct stream *stream, const struct stream_kind *kind, uint16_t number);

/* Reads from `fd` straight into a frame, within the page's window; returns what read(2) returned, or the sum
 * of several reads. Not to be called with a window of 0. */
ssize_t stream_read(struct stream *stream, enum channel channel, int fd);

/* Offers the waiting input to its kind again. */
void stream_feed(struct stream *stream);

/* Sends EOF, unless that was done before. */
void stream_send_eof(struct stream *stream);

/* The stream came to its natural end. */
void stream_finish(struct stream *stream);

/* The stream failed: RESET with `error`'s name and what was tried. */
void stream_fail(struct stream *stream, int error, const char *what);

#endif
