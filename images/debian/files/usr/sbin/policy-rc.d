#!/bin/sh
# A container has no init that could run services: packages must not try to start theirs.
exit 101
