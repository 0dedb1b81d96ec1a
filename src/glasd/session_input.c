/*
 * What is new in the input of a hop. Runs in glasd, called by session.c; owns
 * nothing. Some networks bring with each hop only what was typed, others all
 * since the start of the session, with stars between. Neither the input nor the
 * name of a session is kept, but a hash of each.
 */
#include <string.h>

#include "glasd/gateway.h"
#include "glasd/session_private.h"
#include "lib/clock.h"

static uint64_t
session_input_hash(const struct session_hop *hop, const char *octets,
    size_t len)
{
	uint8_t token[SEAL_TOKEN_LEN];
	struct buf b = { 0 };
	uint64_t hash;

	buf_printf(&b, "ussd %s ", hop->link);
	buf_add(&b, octets, len);
	seal_token(hop->sessions->gateway->keys, SEAL_TOKEN, b.data, b.len,
	    token);
	memcpy(&hash, token, sizeof hash);
	buf_clear(&b);
	return (hash != 0 ? hash : 1);
}

static uint64_t
session_input_session(const struct session_hop *hop)
{
	return (session_input_hash(hop, hop->session, strlen(hop->session)));
}

/* Whether the screen where they stand has ended a session. */
static bool
session_input_ended(const struct session_hop *hop,
    const struct session_where *w)
{
	return (ussd_is_over(hop->sessions->gateway->content, &w->state,
	    clock_wall_us()));
}

static bool
session_input_over(const struct session_hop *hop,
    const struct session_where *w)
{
	return (w->over || session_input_ended(hop, w));
}

/* Whether it was brought before: as the last thing, or, where it is all that
 * was typed, some hops ago. */
static bool
session_input_was(const struct session_hop *hop, const struct session_where *w)
{
	size_t count = hop->cumulative ? SESSION_EARLIER : 0;
	uint64_t hash;

	if (*hop->input == '\0')
		return (false);
	hash = session_input_hash(hop, hop->input, strlen(hop->input));
	for (size_t i = 0; i < count; i++) {
		if (w->earlier[i] == hash)
			return (true);
	}
	return (w->typed == hash);
}

static void
session_input_keep(const struct session_hop *hop, struct session_where *w)
{
	memmove(w->earlier + 1, w->earlier,
	    sizeof w->earlier - sizeof *w->earlier);
	w->earlier[0] = w->typed;
	w->typed = session_input_hash(hop, hop->input, strlen(hop->input));
}

/* Of what was typed nothing is known. */
static void
session_input_forget(struct session_where *w)
{
	memset(w->earlier, 0, sizeof w->earlier);
	w->typed = 0;
	w->typed_len = 0;
}

/* Whether this is what was typed before, and perhaps more. */
static bool
session_input_goes_on(const struct session_hop *hop,
    const struct session_where *w)
{
	size_t len = strlen(hop->input);

	return (w->typed_len != 0 && len >= w->typed_len &&
	    (len == w->typed_len || hop->input[w->typed_len] == '*') &&
	    session_input_hash(hop, hop->input, w->typed_len) == w->typed);
}

/* In a session that is over nobody types: its last hop is brought again, or the
 * network gives its name to another. */
bool
session_input_same(const struct session_hop *hop,
    const struct session_where *w)
{
	return (w->session == session_input_session(hop) &&
	    (!session_input_over(hop, w) || session_input_was(hop, w) ||
	    (hop->cumulative && session_input_goes_on(hop, w))));
}

/* Where only the last thing is told, it may be typed again until the end. */
bool
session_input_repeats(const struct session_hop *hop,
    const struct session_where *w)
{
	return (w->session == session_input_session(hop) &&
	    session_input_was(hop, w) &&
	    (hop->cumulative || session_input_over(hop, w)));
}

/* They are where they were, unless that was the end of something, or what was
 * dialled says where to. */
bool
session_input_begins(const struct session_hop *hop, struct session_where *w)
{
	if (session_input_same(hop, w))
		return (false);
	w->session = session_input_session(hop);
	w->over = false;
	session_input_forget(w);
	if (w->state.wrong)
		w->state.page = 0;
	w->state.wrong = false;
	if (session_input_ended(hop, w) || hop->input[0] != '\0')
		ussd_begin_again(&w->state);
	return (true);
}

/* Behind an empty first hop, what else was typed before came to nobody: choices
 * alone, or two and more with words behind them. Behind one the star may be one
 * of a text. */
static bool
session_input_choices(const char *input)
{
	static const char digits[] = "0123456789#";
	const size_t one = strspn(input, digits);
	size_t two = 0;

	if (input[strspn(input, "0123456789*#")] == '\0')
		return (true);
	if (one != 0 && input[one] == '*')
		two = strspn(input + one + 1, digits);
	return (two != 0 && input[one + 1 + two] == '*');
}

const char *
session_input_rest(const struct session_hop *hop, struct session_where *w,
    bool begins, bool *all)
{
	const char *rest = hop->input;

	*all = begins;
	if (hop->cumulative) {
		if (w->typed_len != 0 && !session_input_goes_on(hop, w)) {
			ussd_begin_again(&w->state);
			session_input_forget(w);
			*all = true;
		}
		*all = *all || (w->typed_len == 0 && session_input_choices(
		    rest));
		rest += w->typed_len;
		rest += *rest == '*' && !*all;
		w->typed_len = strlen(hop->input);
	}
	session_input_keep(hop, w);
	return (rest);
}

void
session_input_end(const struct session_hop *hop, struct session_where *w)
{
	if (w->session == session_input_session(hop))
		w->over = true;
}
