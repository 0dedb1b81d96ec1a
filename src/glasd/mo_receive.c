/*
 * First step of the MO path: what a link offers becomes an item of the durable
 * log, with the number in normal form and an identity that is the same however
 * often the same message is offered. Runs in glasd, called by link_message.c for
 * each `mo`, `raw` and `call`. A field that cannot be is the link's fault: -1.
 */
#include <string.h>

#include "glasd/away.h"
#include "glasd/gateway.h"
#include "glasd/journal.h"
#include "glasd/mo.h"
#include "lib/clock.h"
#include "lib/hex.h"
#include "lib/seal.h"
#include "sms/link_msg.h"
#include "store/config.h"

#define MO_UDH_MAX	256
#define MO_UD_MAX	4096	/* octets; a link's text may be longer than one
				   segment */

/* Two octets of length before each: no two messages run into one. */
static void
mo_identity_add(struct buf *b, const void *octets, size_t len)
{
	uint8_t length[2] = { (uint8_t)(len >> 8), (uint8_t)len };

	buf_add(b, length, sizeof length);
	buf_add(b, octets, len);
}

static void
mo_identity_str(struct buf *b, const char *s)
{
	mo_identity_add(b, s, strlen(s));
}

/* It may have been offered under the keys before, too. */
static void
mo_identity_seal(const struct gateway *g, struct buf *b, struct item *item)
{
	seal_token(g->keys, SEAL_TOKEN, b->data, b->len, item->identity);
	item->offered_before = seal_keys_two(g->keys);
	if (item->offered_before)
		seal_token(g->keys, SEAL_TOKEN_BEFORE, b->data, b->len,
		    item->identity_before);
	buf_clear(b);
}

/*
 * The SIM, not the port: a SIM may move. A link with ids of its own uses
 * those, and they may begin anew, or be those of two networks behind links of
 * one name: so who wrote, and what, belongs to both. The words alone are no
 * identity: who says the same twice has said it twice.
 */
static void
mo_identity(struct gateway *g, const json_t *msg, struct item *item)
{
	const char *network_id = link_msg_str(msg, "network_id");
	struct buf b = { 0 };

	if (network_id[0] != '\0') {
		mo_identity_str(&b, item->link);
		mo_identity_str(&b, network_id);
		mo_identity_str(&b, item->msisdn);
	} else {
		mo_identity_str(&b, link_msg_str(msg, "sim"));
		mo_identity_str(&b, item->msisdn);
		mo_identity_str(&b, link_msg_str(msg, "smsc"));
		mo_identity_str(&b, link_msg_str(msg, "scts"));
	}
	mo_identity_str(&b, link_msg_str(msg, "alphabet"));
	mo_identity_add(&b, item->udh, item->udh_len);
	mo_identity_add(&b, item->ud, item->ud_len);
	mo_identity_seal(g, &b, item);
}

static int
mo_alphabet(const char *name, enum item_alphabet *alphabet)
{
	if (strcmp(name, "gsm7") == 0 || name[0] == '\0')
		*alphabet = ITEM_GSM7;
	else if (strcmp(name, "ucs2") == 0)
		*alphabet = ITEM_UCS2;
	else if (strcmp(name, "binary") == 0)
		*alphabet = ITEM_BINARY;
	else
		return (-1);
	return (0);
}

/* Fills udh and ud from the message; the octets stay in `room`. */
static int
mo_user_data(const json_t *msg, uint8_t room[MO_UDH_MAX + MO_UD_MAX],
    struct item *item)
{
	const json_t *text = json_object_get(msg, "text");
	int n;

	if (text != NULL) {
		item->alphabet = ITEM_TEXT;
		item->ud = (const uint8_t *)json_string_value(text);
		item->ud_len = json_string_length(text);
		return (item->ud_len <= MO_UD_MAX ? 0 : -1);
	}
	if (mo_alphabet(link_msg_str(msg, "alphabet"), &item->alphabet) == -1)
		return (-1);
	n = hex_decode(room, MO_UDH_MAX, link_msg_str(msg, "udh"));
	if (n == -1)
		return (-1);
	item->udh = room;
	item->udh_len = (size_t)n;
	n = hex_decode(room + MO_UDH_MAX, MO_UD_MAX, link_msg_str(msg, "ud"));
	if (n == -1)
		return (-1);
	item->ud = room + MO_UDH_MAX;
	item->ud_len = (size_t)n;
	return (0);
}

static void
mo_item_init(struct item *item, enum item_type type, const char *link)
{
	*item = (struct item){ .type = type, .at = clock_wall_us(), .mr = -1 };
	strncpy(item->link, link, sizeof item->link - 1);
}

/* The octets of its words stay in `room`. */
static int
mo_read(struct gateway *g, const char *link, const json_t *msg,
    uint8_t room[MO_UDH_MAX + MO_UD_MAX], struct item *item)
{
	const char *scts = link_msg_str(msg, "scts");
	int offset;

	mo_item_init(item, ITEM_MO, link);
	item->kind = msisdn_normalise(link_msg_str(msg, "originator"),
	    link_msg_str(msg, "ton"), g->config->gateway.country,
	    item->msisdn);
	if (scts[0] != '\0' && clock_parse(scts, &item->scts, &offset) == -1)
		return (-1);
	return (mo_user_data(msg, room, item));
}

bool
mo_is_urgent(struct gateway *g, const char *link, const json_t *msg)
{
	uint8_t room[MO_UDH_MAX + MO_UD_MAX];
	struct item item;

	return (strcmp(link_msg_str(msg, "t"), "mo") == 0 &&
	    mo_read(g, link, msg, room, &item) == 0 &&
	    away_urgent(g->away, &item));
}

int
mo_receive(struct gateway *g, const char *link, const json_t *msg)
{
	uint8_t room[MO_UDH_MAX + MO_UD_MAX];
	struct item item;

	if (mo_read(g, link, msg, room, &item) == -1)
		return (-1);
	mo_identity(g, msg, &item);
	journal_add(g->journal, &item);
	away_see(g->away, &item);
	return (0);
}

int
mo_receive_raw(struct gateway *g, const char *link, const json_t *msg)
{
	uint8_t pdu[MO_UD_MAX];
	struct item item;
	struct buf b = { 0 };
	int n = hex_decode(pdu, sizeof pdu, link_msg_str(msg, "pdu"));

	if (n == -1)
		return (-1);
	mo_item_init(&item, ITEM_RAW, link);
	item.alphabet = ITEM_BINARY;
	item.kind = MSISDN_NONE;
	item.ud = pdu;
	item.ud_len = (size_t)n;
	mo_identity_str(&b, link_msg_str(msg, "sim"));
	mo_identity_add(&b, item.ud, item.ud_len);
	mo_identity_seal(g, &b, &item);
	journal_add(g->journal, &item);
	return (0);
}

void
mo_receive_call(struct gateway *g, const char *link, const json_t *msg)
{
	struct item item;

	mo_item_init(&item, ITEM_CALL, link);
	item.alphabet = ITEM_TEXT;
	item.kind = msisdn_normalise(link_msg_str(msg, "originator"), "",
	    g->config->gateway.country, item.msisdn);
	/* Each ring is one: nothing of it but the moment tells calls apart. */
	seal_random(item.identity, sizeof item.identity);
	journal_add(g->journal, &item);
}
