/*
 * Whether the aggregator that texts are sent to is there.
 */
#ifndef GLAS_WEB_PEER_H
#define GLAS_WEB_PEER_H

#include <stdint.h>

struct sockaddr_storage;

void	 peer_init(const struct sockaddr_storage *, int len, uint16_t port);
/* It could not be reached: glasd is told to hand nothing over, until it can. */
void	 peer_away(void);

#endif
