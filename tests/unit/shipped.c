/* The content pack that is shipped, for tests of what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "store/pack.h"
#include "text/content.h"

#include "shipped.h"

struct content *content;

char *
shipped_path(const char *relative)
{
	const char *top = getenv("top_srcdir");

	return (xasprintf("%s/%s", top != NULL ? top : ".", relative));
}

json_t *
shipped_pack(void)
{
	char *dir = shipped_path("etc/content");
	struct buf problems = { 0 };
	json_t *pack = pack_read(dir, &problems);

	if (problems.len > 0)
		print_error("%s", buf_str(&problems));
	buf_clear(&problems);
	free(dir);
	return (pack);
}

struct content *
shipped_content(void (*change)(json_t *pack))
{
	struct buf problems = { 0 };
	json_t *pack = shipped_pack();
	struct content *made;

	if (pack == NULL)
		return (NULL);
	if (change != NULL)
		change(pack);
	made = content_new(pack, &problems);
	if (problems.len > 0)
		print_error("%s", buf_str(&problems));
	buf_clear(&problems);
	return (made);
}

int
shipped_load_changed(void (*change)(json_t *pack))
{
	content = shipped_content(change);
	return (content != NULL ? 0 : -1);
}

int
shipped_load(void **state)
{
	(void)state;
	return (shipped_load_changed(NULL));
}

int
shipped_unload(void **state)
{
	(void)state;
	content_free(content);
	content = NULL;
	return (0);
}

json_t *
shipped_entries(json_t *pack, const char *section)
{
	return (json_object_get(json_object_get(pack, section), "entries"));
}
