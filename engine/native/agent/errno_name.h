#ifndef AGENT_ERRNO_NAME_H
#define AGENT_ERRNO_NAME_H

/* The symbolic name of an errno (`ECONNREFUSED`); `EIO` for those that none of our calls gives. */
const char *errno_name(int number);

#endif
