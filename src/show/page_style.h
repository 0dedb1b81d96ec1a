/* How the status page looks. */
#ifndef GLAS_PAGE_STYLE_H
#define GLAS_PAGE_STYLE_H

extern const char page_style[];

#endif
