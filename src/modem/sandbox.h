/*
 * What is left to a process that reads what strangers wrote.
 */
#ifndef GLAS_SANDBOX_H
#define GLAS_SANDBOX_H

#include <stdbool.h>

/* Limits, no core, nothing inherited but descriptors 0 to 2. First of all. */
void	 sandbox_limit(void);

/* Takes away the file system but the device, the time zone and, for the dummy
 * phone, its directory; the network; new programs and processes; most system
 * calls. `fatally`: a forbidden call ends the process, otherwise it fails with
 * EPERM. False when the kernel can do only a part of it, or nothing. */
bool	 sandbox_enter(const char *device, bool directory, bool fatally);

#endif
