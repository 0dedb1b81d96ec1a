/*
 * Whether the control socket of a configuration is its own: a file of somebody's
 * is not put in its place, nor that of another gateway. Runs in glasd, and in
 * glasctl doctor; changes nothing, and owns nothing.
 */
#include <sys/stat.h>
#include <string.h>

#include "lib/mem.h"
#include "store/check.h"
#include "store/config.h"

bool
check_control(const struct config *config, struct buf *problems)
{
	const char *path = config->gateway.control;
	struct stat st;

	if (lstat(path, &st) == -1 || S_ISSOCK(st.st_mode))
		return (true);
	buf_printf(problems, "%s is no socket, and stays as it is: give "
	    "`control` a path where nothing is, or move that away\n", path);
	return (false);
}

bool
check_control_other(const struct config *config, const json_t *status,
    struct buf *problems)
{
	const char *name = json_string_value(json_object_get(status,
	    "gateway"));

	if (name == NULL || strcmp(name, config->gateway.name) == 0)
		return (true);
	buf_printf(problems, "%s: another gateway listens there, %s: give "
	    "this one a `control` of its own\n", config->gateway.control,
	    name);
	return (false);
}
