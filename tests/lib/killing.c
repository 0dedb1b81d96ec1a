/*
 * Preloaded into glas-modem by tests: a text that says "kills" ends the program
 * as soon as libgammu decodes it, wherever the octets come from.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <string.h>

/* As in gammu-message.h, without its types. */
typedef int decode(void *di, void *sms, const unsigned char *buffer,
	    size_t length, size_t *final_pos, int smsc);

decode GSM_DecodePDUFrame;

static const unsigned char killing_octets[] = "\xeb\x34\x9b\x3d\x07";

int
GSM_DecodePDUFrame(void *di, void *sms, const unsigned char *buffer,
    size_t length, size_t *final_pos, int smsc)
{
	decode *real = (decode *)dlsym(RTLD_NEXT, "GSM_DecodePDUFrame");

	if (memmem(buffer, length, killing_octets,
	    sizeof killing_octets - 1) != NULL)
		raise(SIGSEGV);
	return (real(di, sms, buffer, length, final_pos, smsc));
}
