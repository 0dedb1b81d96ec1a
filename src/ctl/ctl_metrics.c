/*
 * glasctl metrics: what glasctl status knows, and what glasd has counted, for
 * Prometheus.
 */
#include <stdio.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "show/metrics.h"

int
ctl_metrics(const struct ctl *ctl, int argc, char **argv)
{
	struct buf text = { 0 };
	json_t *status;

	(void)argv;
	if (argc != 1)
		return (ctl_misused(ctl));
	status = ctl_control_ask(ctl, json_pack("{s:s}", "do", "status"));
	metrics_write(&text, status);
	fputs(buf_str(&text), stdout);
	buf_clear(&text);
	json_decref(status);
	return (fflush(stdout) == 0 ? CTL_DONE : CTL_FAILED);
}
