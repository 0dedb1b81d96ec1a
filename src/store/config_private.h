/* What the parts of the configuration share; see config.c. */
#ifndef GLAS_CONFIG_PRIVATE_H
#define GLAS_CONFIG_PRIVATE_H

#include <stdbool.h>

#include "store/config.h"

/* config_value.c: what is wrong with a value, and what to write; NULL. */
const char *config_check_name(const char *);
const char *config_check_country(const char *);
const char *config_check_prefixes(const char *);
const char *config_check_imei(const char *);
const char *config_check_connection(const char *);
const char *config_check_number(const char *);
const char *config_check_control(const char *);
const char *config_check_ussd(const char *);
const char *config_check_listen(const char *);
const char *config_check_allow(const char *);
/* config_web.c: the same of a value, of a whole section [web NAME], and whether
 * one of two addresses leaves no room for the other. */
const char *config_check_header(const char *);
const char *config_check_web(const struct config_link *);
bool	 config_listens_clash(const char *, const char *);

#endif
