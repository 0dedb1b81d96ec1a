/*
 * What is left to a process that reads what strangers wrote.
 */
#ifndef GLAS_WEB_SANDBOX_H
#define GLAS_WEB_SANDBOX_H

#include <stdbool.h>

/* No core, no file, no program, no process, and few system calls; who comes to
 * the listener stays, and, where it calls out, new sockets of TCP. When it
 * listens and has read what it must. False when the kernel can do only a part of
 * it. */
bool	 web_sandbox_enter(bool out);

#endif
