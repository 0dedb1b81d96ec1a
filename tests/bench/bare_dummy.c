/*
 * The least that a program does with texts on libgammu's dummy phone, to
 * measure glas-modem and glasd against: read one, delete it, send a reply, and
 * write message, report and reply to PostgreSQL. It takes no care: what it has
 * deleted and not committed is lost when it dies, a second part is taken for
 * the rest of the text that came before, and nobody is limited.
 *
 * usage: bare_dummy CONNINFO DIRECTORY BATCH
 *
 * BATCH texts are one transaction. Prints texts, segments and microseconds
 * from the first to be read until the last is committed.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gammu.h>
#include <libpq-fe.h>

#define DUMMY_TEXT_MAX 2048

static struct {
	PGconn		*conn;
	GSM_StateMachine *machine;
	GSM_MultiSMSMessage *read;
	GSM_SMSMessage	*reply;
	unsigned int	 texts, segments, batch;
	char		 text[DUMMY_TEXT_MAX];
} dummy;

static const char *const dummy_setup =
    "create table message (id bigint primary key, received_at timestamptz"
    " not null, number text not null, text text not null);"
    "create table report (reference text primary key, message bigint not null"
    " references message, reported_at timestamptz not null, category text"
    " not null, municipality text not null, status text not null);"
    "create table reply (id bigint primary key, message bigint not null"
    " references message, created_at timestamptz not null, text text"
    " not null, state text not null)";

static const char *const dummy_inserts[] = {
	"insert into message values ($1, now(), $2, $3)",
	"insert into report values (100000+$1::bigint, $1, now(), $2, $3, '')",
	"insert into reply values ($1, $1, now(), $2, $3)",
};

static int64_t
dummy_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

/*
 * PostgreSQL.
 */

static void
dummy_check(PGresult *res)
{
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		errx(1, "%s", PQerrorMessage(dummy.conn));
	PQclear(res);
}

static void
dummy_connect(const char *conninfo)
{
	char name[] = "0";

	dummy.conn = PQconnectdb(conninfo);
	if (PQstatus(dummy.conn) != CONNECTION_OK)
		errx(1, "%s", PQerrorMessage(dummy.conn));
	dummy_check(PQexec(dummy.conn, dummy_setup));
	for (int n = 0; n < 3; n++, name[0]++)
		dummy_check(PQprepare(dummy.conn, name, dummy_inserts[n], 0,
		    NULL));
	if (PQenterPipelineMode(dummy.conn) == 0)
		errx(1, "%s", PQerrorMessage(dummy.conn));
}

static void
dummy_insert(const char *statement, const char *id, const char *second,
    const char *third)
{
	const char *const values[] = { id, second, third };

	if (PQsendQueryPrepared(dummy.conn, statement, 3, values, NULL, NULL,
	    0) == 0)
		errx(1, "%s", PQerrorMessage(dummy.conn));
}

static void
dummy_commit(void)
{
	PGresult *res;

	if (PQpipelineSync(dummy.conn) == 0)
		errx(1, "%s", PQerrorMessage(dummy.conn));
	for (;;) {
		while ((res = PQgetResult(dummy.conn)) == NULL)
			;
		if (PQresultStatus(res) == PGRES_PIPELINE_SYNC)
			break;
		dummy_check(res);
	}
	PQclear(res);
}

/*
 * The phone.
 */

static void
dummy_ok(const char *what, GSM_Error error)
{
	if (error != ERR_NONE)
		errx(1, "%s: %s", what, GSM_ErrorString(error));
}

static void
dummy_sent(GSM_StateMachine *s, int status, int mr, void *arg)
{
	(void)s;
	(void)mr;
	(void)arg;
	if (status != 0)
		errx(1, "a reply was refused");
}

static void
dummy_open(const char *directory)
{
	GSM_Config *c;

	GSM_InitLocales(NULL);
	dummy.machine = GSM_AllocStateMachine();
	dummy.read = calloc(1, sizeof *dummy.read);
	dummy.reply = calloc(1, sizeof *dummy.reply);
	if (dummy.machine == NULL || dummy.read == NULL ||
	    dummy.reply == NULL)
		err(1, "memory");
	c = GSM_GetConfig(dummy.machine, 0);
	c->Device = strdup(directory);
	c->Connection = strdup("none");
	c->DebugFile = strdup("");
	snprintf(c->Model, sizeof c->Model, "dummy");
	c->UseGlobalDebugFile = FALSE;
	GSM_SetConfigNum(dummy.machine, 1);
	dummy_ok("open", GSM_InitConnection(dummy.machine, 1));
	GSM_SetSendSMSStatusCallback(dummy.machine, dummy_sent, NULL);
}

static void
dummy_send(const unsigned char *number, const char *text)
{
	GSM_SMSMessage *sms = dummy.reply;

	GSM_SetDefaultSMSData(sms);
	memcpy(sms->Number, number, sizeof sms->Number);
	sms->SMSC.Location = 0;
	EncodeUnicode(sms->SMSC.Number, "+381640000000", 13);
	sms->PDU = SMS_Submit;
	sms->Class = -1;
	sms->Coding = SMS_Coding_Default_No_Compression;
	EncodeUnicode(sms->Text, text, strlen(text));
	dummy_ok("send", GSM_SendSMS(dummy.machine, sms));
}

/*
 * A text.
 */

static void
dummy_answer(const unsigned char *number_utf16)
{
	char id[16], number[GSM_MAX_NUMBER_LENGTH * 4 + 1], reply[161];

	snprintf(id, sizeof id, "%u", ++dummy.texts);
	EncodeUTF8(number, number_utf16);
	snprintf(reply, sizeof reply, "Primljeno. Broj prijave %u. Cuvajte ga:"
	    " STATUS %u. Opasnost: 192.", 100000 + dummy.texts,
	    100000 + dummy.texts);
	dummy_send(number_utf16, reply);
	dummy_insert("0", id, number, dummy.text);
	dummy_insert("1", id, "POL_COND", "Vranje");
	dummy_insert("2", id, reply, "accepted");
	dummy.text[0] = '\0';
	if (dummy.texts % dummy.batch == 0)
		dummy_commit();
}

/* False at the end of the list. */
static bool
dummy_take(bool first)
{
	GSM_SMSMessage *sms = &dummy.read->SMS[0];
	size_t len = strlen(dummy.text);
	int location;
	char part[(GSM_MAX_SMS_LENGTH + 1) * 4];
	GSM_Error error;

	sms->Folder = 0;
	error = GSM_GetNextSMS(dummy.machine, dummy.read, first);
	if (error == ERR_EMPTY)
		return (false);
	dummy_ok("read", error);
	dummy.segments++;
	location = sms->Location;
	EncodeUTF8(part, sms->Text);
	snprintf(dummy.text + len, sizeof dummy.text - len, "%s", part);
	sms->Folder = 0;
	dummy_ok("delete", GSM_DeleteSMS(dummy.machine, sms));
	/* Deleting has changed it; without it the list would begin anew. */
	sms->Location = location;
	if (sms->UDH.Type == UDH_NoUDH ||
	    sms->UDH.PartNumber == sms->UDH.AllParts)
		dummy_answer(sms->Number);
	return (true);
}

int
main(int argc, char **argv)
{
	int64_t began;
	bool first = true;

	if (argc != 4)
		errx(1, "usage: bare_dummy CONNINFO DIRECTORY BATCH");
	dummy_connect(argv[1]);
	dummy_open(argv[2]);
	dummy.batch = (unsigned int)strtoul(argv[3], NULL, 10);
	began = dummy_now();
	while (dummy_take(first))
		first = false;
	if (dummy.texts % dummy.batch != 0)
		dummy_commit();
	printf("%u %u %lld\n", dummy.texts, dummy.segments,
	    (long long)(dummy_now() - began));
	GSM_TerminateConnection(dummy.machine);
	return (0);
}
