/* Texts by the hour as charts in SVG, with a table for who sees none. Pure. */
#ifndef GLAS_CHART_H
#define GLAS_CHART_H

#include <jansson.h>

struct buf;

/* Appends the charts of a day and of a month. `hours` is what glas_gw.hours()
 * tells; anything else, or NULL, is said to be not counted yet. */
void	 chart_write(struct buf *, const json_t *hours);

#endif
