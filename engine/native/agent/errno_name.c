#include "errno_name.h"

#include <errno.h>
#include <stddef.h>

/* glibc has strerrorname_np, musl has not. */
#define ENTRY(name) { name, #name }

static const struct {
	int number;
	const char *name;
} entries[] = {
	ENTRY(E2BIG),	      ENTRY(EACCES),	   ENTRY(EADDRNOTAVAIL), ENTRY(EAGAIN),	     ENTRY(ECONNABORTED),
	ENTRY(ECONNREFUSED),  ENTRY(ECONNRESET),   ENTRY(EHOSTUNREACH),	 ENTRY(EINVAL),	     ENTRY(EISDIR),
	ENTRY(ELOOP),	      ENTRY(EMFILE),	   ENTRY(ENAMETOOLONG),	 ENTRY(ENETUNREACH), ENTRY(ENFILE),
	ENTRY(ENOENT),	      ENTRY(ENOEXEC),	   ENTRY(ENOMEM),	 ENTRY(ENOSPC),	     ENTRY(ENOTDIR),
	ENTRY(ENOTSOCK),      ENTRY(ENXIO),	   ENTRY(EPERM),	 ENTRY(EPIPE),	     ENTRY(EPROTO),
	ENTRY(EPROTOTYPE),    ENTRY(ETIMEDOUT),	   ENTRY(ETXTBSY),
};

const char *errno_name(int number)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (entries[i].number == number)
			return entries[i].name;
	return "EIO";
}
