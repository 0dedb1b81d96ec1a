/*
 * A content pack on disk: a directory with one file a section, NAME.json, one
 * entry a line. In memory: one JSON object, as content_new() takes it.
 */
#ifndef GLAS_PACK_H
#define GLAS_PACK_H

#include <stddef.h>

#include <jansson.h>

struct buf;

/* Reads the files of all sections. NULL when one cannot be read, is no JSON or
 * is not valid UTF-8: `problems` then has lines "FILE:LINE: what, and what to
 * do". The object is the caller's to json_decref(). */
json_t	*pack_read(const char *dir, struct buf *problems)
	    __attribute__((warn_unused_result));

/* Writes them, entries sorted, fields in the order of the sections, so that two
 * packs that mean the same are the same octets. Each file is replaced as a
 * whole. -1 with a line in `problems`. */
int	 pack_write(const char *dir, const json_t *pack, struct buf *problems)
	    __attribute__((warn_unused_result));

/* Writes the file of one section. */
int	 pack_write_section(const char *dir, const char *name,
	    const json_t *section, struct buf *problems)
	    __attribute__((warn_unused_result));

/* The line where an entry (from 1 on) of the section's file begins; 0 for the
 * file as a whole gives 1. Reads the file again: for messages. */
size_t	 pack_line(const char *dir, const char *section, size_t entry);

#endif
