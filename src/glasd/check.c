/*
 * glasd -t: what a start would find. Runs in glasd alone, before anything is
 * opened for work; owns nothing.
 */
#include <stdio.h>

#include "glasd/check.h"
#include "lib/mem.h"
#include "lib/seal.h"
#include "store/check.h"
#include "store/config.h"

static bool
check_links(const struct config *config, struct buf *problems)
{
	bool well = true;

	for (size_t n = 0; n < config->link_count; n++)
		well = check_link(config, &config->links[n], problems) && well;
	return (well);
}

bool
check_run(const struct config *config)
{
	struct buf problems = { 0 }, warnings = { 0 };
	struct seal_keys *keys = check_keys(config, &problems);
	bool well = keys != NULL;

	well = well && check_recall(config, &problems);
	well = check_content(config, &problems) && well;
	well = check_links(config, &problems) && well;
	well = check_database(config, keys, &problems, &warnings) &&
	    well;
	if (well && warnings.len == 0)
		printf("configuration, keys, content, links and database are "
		    "well\n");
	else if (well)
		printf("configuration, keys, content and links are well\n");
	fprintf(stderr, "%s%s", buf_str(&problems), buf_str(&warnings));
	seal_keys_free(keys);
	buf_clear(&problems);
	buf_clear(&warnings);
	return (well);
}
