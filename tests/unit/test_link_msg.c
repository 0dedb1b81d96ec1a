/* The table of the link protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/mem.h"
#include "sms/link_msg.h"

/* Every message with all that it must have and nothing else. */
static const struct {
	enum link_msg_type	 type;
	enum link_msg_side	 side;
	const char		*json;
} least[] = {
	{ LINK_MSG_HELLO, LINK_MSG_FROM_LINK,
	    "{'t':'hello','protocol':1,'kind':'modem'}" },
	{ LINK_MSG_STATE, LINK_MSG_FROM_LINK, "{'t':'state','state':'ready'}" },
	{ LINK_MSG_BUSY, LINK_MSG_FROM_LINK, "{'t':'busy','deadline_ms':9}" },
	{ LINK_MSG_PONG, LINK_MSG_FROM_LINK, "{'t':'pong'}" },
	{ LINK_MSG_MO, LINK_MSG_FROM_LINK,
	    "{'t':'mo','id':'1','originator':'+381601234567'}" },
	{ LINK_MSG_RAW, LINK_MSG_FROM_LINK,
	    "{'t':'raw','id':'1','slot':3,'pdu':'00'}" },
	{ LINK_MSG_CALL, LINK_MSG_FROM_LINK,
	    "{'t':'call','id':'1','originator':''}" },
	{ LINK_MSG_SESSION, LINK_MSG_FROM_LINK, "{'t':'session','id':'1',"
	    "'session':'s','event':'begin','msisdn':'+381601234567'}" },
	{ LINK_MSG_SUBMITTED, LINK_MSG_FROM_LINK, "{'t':'submitted','id':'1',"
	    "'mt':5,'segment':1,'outcome':'accepted'}" },
	{ LINK_MSG_STATUS_REPORT, LINK_MSG_FROM_LINK,
	    "{'t':'status-report','id':'1','status':0}" },
	{ LINK_MSG_USSD_RESULT, LINK_MSG_FROM_LINK,
	    "{'t':'ussd-result','id':'1','code':'*100#','text':''}" },
	{ LINK_MSG_LOOK, LINK_MSG_FROM_LINK, "{'t':'look'}" },
	{ LINK_MSG_REFUSED, LINK_MSG_FROM_LINK,
	    "{'t':'refused','count':2,'why':'too long'}" },
	{ LINK_MSG_START, LINK_MSG_FROM_GLASD,
	    "{'t':'start','protocol':1,'name':'mts','settings':{},"
	    "'window':8}" },
	{ LINK_MSG_PING, LINK_MSG_FROM_GLASD, "{'t':'ping'}" },
	{ LINK_MSG_STOP, LINK_MSG_FROM_GLASD, "{'t':'stop'}" },
	{ LINK_MSG_ACK, LINK_MSG_FROM_GLASD, "{'t':'ack','ids':[]}" },
	{ LINK_MSG_NACK, LINK_MSG_FROM_GLASD,
	    "{'t':'nack','ids':['1'],'wait_ms':1000}" },
	{ LINK_MSG_ANSWER, LINK_MSG_FROM_GLASD,
	    "{'t':'answer','id':'1','session':'s','text':'','end':true}" },
	{ LINK_MSG_SUBMIT, LINK_MSG_FROM_GLASD, "{'t':'submit','mt':5,"
	    "'segment':1,'recipient':'+3816','encoding':'GSM7','udh':'',"
	    "'ud':'','want_report':false,'validity':0}" },
	{ LINK_MSG_USSD, LINK_MSG_FROM_GLASD,
	    "{'t':'ussd','id':'1','code':'*100#'}" },
	{ LINK_MSG_STATUS, LINK_MSG_FROM_GLASD,
	    "{'t':'status','part':'end'}" },
};

#define LEAST (sizeof least / sizeof *least)

static json_t *
parse(const char *text)
{
	char json[512];
	json_t *msg;

	assert_true(strlen(text) < sizeof json);
	strcpy(json, text);
	for (char *p = json; *p != '\0'; p++) {
		if (*p == '\'')
			*p = '"';
	}
	msg = json_loads(json, 0, NULL);
	assert_non_null(msg);
	return (msg);
}

static enum link_msg_side
other_side(enum link_msg_side side)
{
	return (side == LINK_MSG_FROM_LINK ? LINK_MSG_FROM_GLASD :
	    LINK_MSG_FROM_LINK);
}

static void
each_message_is_known_on_its_side_alone(void **state)
{
	unsigned int extra;
	const char *why;

	(void)state;
	assert_int_equal(LEAST, LINK_MSG_TYPES);
	for (size_t i = 0; i < LEAST; i++) {
		json_t *msg = parse(least[i].json);

		assert_int_equal(link_msg_check(msg, least[i].side, &why,
		    &extra), least[i].type);
		assert_null(why);
		assert_int_equal(extra, 0);
		assert_string_equal(link_msg_name(least[i].type),
		    link_msg_str(msg, "t"));
		assert_int_equal(link_msg_check(msg, other_side(least[i].side),
		    &why, &extra), LINK_MSG_TYPES);
		assert_non_null(why);
		json_decref(msg);
	}
}

static void
no_required_field_may_be_missing_or_of_another_type(void **state)
{
	unsigned int extra;
	const char *why, *key;
	json_t *value;

	(void)state;
	for (size_t i = 0; i < LEAST; i++) {
		json_t *msg = parse(least[i].json);

		json_object_foreach(msg, key, value) {
			json_t *poorer = json_copy(msg);

			json_object_del(poorer, key);
			assert_int_equal(link_msg_check(poorer, least[i].side,
			    &why, &extra), LINK_MSG_TYPES);
			assert_non_null(why);
			json_object_set_new(poorer, key, json_real(1.0));
			assert_int_equal(link_msg_check(poorer, least[i].side,
			    &why, &extra), LINK_MSG_TYPES);
			json_object_set_new(poorer, key, json_null());
			assert_int_equal(link_msg_check(poorer, least[i].side,
			    &why, &extra), LINK_MSG_TYPES);
			if (strcmp(key, "t") != 0)
				assert_string_equal(why, key);
			json_decref(poorer);
		}
		json_decref(msg);
	}
}

static void
optional_fields_may_be_absent_but_not_mistyped(void **state)
{
	json_t *msg = parse("{'t':'mo','id':'1','originator':'x','ton':'',"
	    "'scts':'','smsc':'','sim':'','alphabet':'gsm7','class':-1,"
	    "'replace':0,'udh':'','ud':'0041','text':'','network_id':''}");
	unsigned int extra;
	const char *why;

	(void)state;
	assert_int_equal(link_msg_check(msg, LINK_MSG_FROM_LINK, &why, &extra),
	    LINK_MSG_MO);
	assert_int_equal(extra, 0);
	json_object_set_new(msg, "class", json_string("1"));
	assert_int_equal(link_msg_check(msg, LINK_MSG_FROM_LINK, &why, &extra),
	    LINK_MSG_TYPES);
	assert_string_equal(why, "class");
	json_decref(msg);
}

static void
extra_fields_are_counted(void **state)
{
	json_t *msg = parse("{'t':'pong','a':1,'b':null,'c':{'d':2}}");
	unsigned int extra;
	const char *why;

	(void)state;
	assert_int_equal(link_msg_check(msg, LINK_MSG_FROM_LINK, &why, &extra),
	    LINK_MSG_PONG);
	assert_int_equal(extra, 3);
	json_decref(msg);
}

static void
what_is_no_message_is_refused_with_a_reason(void **state)
{
	static const char *const bad[] = {
		"{}", "{'t':1}", "{'t':null}", "{'t':['mo']}", "{'t':''}",
		"{'t':'MO'}", "{'t':'mo '}", "[]", "['t','pong']",
	};
	unsigned int extra;
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *msg = parse(bad[i]);

		assert_int_equal(link_msg_check(msg, LINK_MSG_FROM_LINK, &why,
		    &extra), LINK_MSG_TYPES);
		assert_non_null(why);
		json_decref(msg);
	}
	assert_int_equal(link_msg_check(NULL, LINK_MSG_FROM_LINK, &why,
	    &extra), LINK_MSG_TYPES);
}

static void
fields_are_read_with_defaults(void **state)
{
	json_t *msg = parse("{'s':'text','n':-7,'y':true,'no':false}");

	(void)state;
	assert_string_equal(link_msg_str(msg, "s"), "text");
	assert_string_equal(link_msg_str(msg, "n"), "");
	assert_string_equal(link_msg_str(msg, "none"), "");
	assert_int_equal(link_msg_int(msg, "n"), -7);
	assert_int_equal(link_msg_int(msg, "s"), 0);
	assert_true(link_msg_bool(msg, "y"));
	assert_false(link_msg_bool(msg, "no"));
	assert_false(link_msg_bool(msg, "none"));
	assert_string_equal(link_msg_name(LINK_MSG_TYPES), "?");
	json_decref(msg);
}

static void
a_link_takes_what_glasd_says_message_by_message(void **state)
{
	static const char said[] = "{\"t\":\"ping\"}\n{\"t\":\"stop\"}\n{";
	struct buf in = { 0 };
	enum link_msg_type type;
	const char *why;
	json_t *msg;

	(void)state;
	buf_add_str(&in, said);
	assert_non_null(msg = link_msg_next(&in, &type, &why));
	assert_int_equal(type, LINK_MSG_PING);
	json_decref(msg);
	assert_non_null(msg = link_msg_next(&in, &type, &why));
	assert_int_equal(type, LINK_MSG_STOP);
	json_decref(msg);
	assert_null(link_msg_next(&in, &type, &why));
	assert_null(why);
	buf_add_str(&in, "\"t\":\"pong\"}\n");
	assert_null(link_msg_next(&in, &type, &why));
	assert_string_equal(why, "unknown t");
	buf_add_str(&in, "pong\n");
	assert_null(link_msg_next(&in, &type, &why));
	assert_non_null(why);
	buf_clear(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_is_known_on_its_side_alone),
		cmocka_unit_test(
		    no_required_field_may_be_missing_or_of_another_type),
		cmocka_unit_test(
		    optional_fields_may_be_absent_but_not_mistyped),
		cmocka_unit_test(extra_fields_are_counted),
		cmocka_unit_test(what_is_no_message_is_refused_with_a_reason),
		cmocka_unit_test(fields_are_read_with_defaults),
		cmocka_unit_test(
		    a_link_takes_what_glasd_says_message_by_message),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
