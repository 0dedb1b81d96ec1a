/*
 * Questions to a running glasd, for commands of glasctl. Owns nothing. Who
 * cannot ask is told why.
 */
#include <stdio.h>

#include <jansson.h>

#include "ctl/ctl.h"
#include "lib/mem.h"
#include "store/config.h"
#include "store/control_ask.h"

json_t *
ctl_control_ask(const struct ctl *ctl, json_t *request)
{
	struct config *config = ctl_config(ctl);
	struct buf why = { 0 };
	json_t *answer = NULL;

	if (config == NULL) {
		json_decref(request);
		return (NULL);
	}
	answer = control_ask(config, request, &why);
	if (answer == NULL)
		ctl_say(stderr, "glasd does not answer at %s: %s: systemctl "
		    "status glas says whether it runs; its user and root may "
		    "open the socket",
		    config->gateway.control, buf_str(&why));
	buf_clear(&why);
	config_free(config);
	return (answer);
}
