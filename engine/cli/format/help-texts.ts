/** What the help of several commands says about the same flags. */

export const FORMAT_HELP = `How to print it:
'table':            A table with titles (default)
'table TEMPLATE':   A table with the columns of a template
'json':             JSON, one object a line
'TEMPLATE':         Text after a template in Go's syntax`;

export const INSPECT_FORMAT_HELP = `How to print it:
'json':             JSON on one line
'TEMPLATE':         Text after a template in Go's syntax`;

export const DETACH_KEYS_HELP = "Keys that detach from the container";

export const FILTER_HELP = "Show only what matches";

export const NO_TRUNC_HELP = "Don't shorten ids and texts";
