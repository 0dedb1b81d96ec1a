/*
 * Why a submit was refused (+CMS ERROR, 3GPP TS 27.005 and 24.011) and what a
 * status report says (TP-Status, 3GPP TS 23.040 9.2.3.15). Pure tables.
 */
#ifndef GLAS_CAUSE_H
#define GLAS_CAUSE_H

enum cause_class {
	CAUSE_TRY_AGAIN,	/* congestion, no service: the network's */
	CAUSE_RECIPIENT,	/* this number will never work */
	CAUSE_CREDIT,		/* barred, no money: hold this SIM */
	CAUSE_SIM,		/* SIM or modem: hold this link */
	CAUSE_MESSAGE		/* this message is not taken by anybody */
};

/* CAUSE_TRY_AGAIN for a number that the standards do not name. */
enum cause_class cause_of_cms(int cms_error);
/* In words, for people: static. */
const char	*cause_words(int cms_error);

enum report_outcome {
	REPORT_DELIVERED,
	REPORT_PENDING,
	REPORT_FAILED
};
/* REPORT_PENDING for a number that is no TP-Status octet. */
enum report_outcome cause_of_status(int tp_status);

#endif
