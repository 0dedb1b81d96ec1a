/*
 * glasctl train: how well texts are read, in figures. Owns nothing.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ctl_train.h"
#include "text/places.h"

static void
train_count(struct train_figures *f, enum train_figure which, bool good)
{
	f->all[which]++;
	f->good[which] += good;
}

static bool
train_place_is(const struct place *place, const char *wanted)
{
	char name[PLACE_TEXT_MAX];

	return (strcmp(place != NULL ? place_text(place, name) : "",
	    wanted) == 0);
}

/* Whether the note has [ALTLANG:lang]. */
static bool
train_lang_will_do(const char *note, enum lang lang)
{
	char flag[32];

	snprintf(flag, sizeof flag, "[ALTLANG:%s]", lang_name(lang));
	return (strstr(note, flag) != NULL);
}

static void
train_score_meaning(struct train_figures *f, const struct train_row *row,
    const struct reading *r)
{
	bool intent = false, both = false;

	for (size_t i = 0; i < row->text.label_count; i++) {
		const struct learn_label *label = &row->text.labels[i];
		const char *code = i > 0 || r->intent == INTENT_REPORT ||
		    r->intent == INTENT_RIGHTS ? label->code :
		    row->cells[TRAIN_CATEGORY];

		if (label->intent != r->intent)
			continue;
		intent = true;
		both |= strcmp(code, r->code) == 0;
	}
	train_count(f, TRAIN_RIGHT_INTENT, intent);
	train_count(f, TRAIN_RIGHT_BOTH, both);
	train_count(f, TRAIN_LEFT_OPEN, r->intent == INTENT_REPORT &&
	    *r->code == '\0');
}

static void
train_show(const struct train_row *row, const struct reading *r)
{
	ctl_say(stdout, "%s:%zu: %s: %s %s, danger %s, %s: read %s %s "
	    "(%s %d %%, %s), danger %s, %s", row->file, row->number,
	    row->text.text, row->cells[TRAIN_INTENT],
	    row->cells[TRAIN_CATEGORY],
	    row->text.danger == LEARN_DANGER ? "yes" : "no",
	    row->cells[TRAIN_LANG], intent_name(r->intent), r->code,
	    r->guess, r->confidence, r->second,
	    r->emergency != EMERGENCY_NONE ? "yes" : "no",
	    lang_name(r->lang));
}

void
train_score(struct train_figures *f, const struct content *content,
    const struct train_row *row, bool show)
{
	struct reading r;
	bool due = row->text.danger == LEARN_DANGER;

	reading_make(&r, content, row->text.text, LANG_UND);
	train_count(f, due ? TRAIN_DANGER : TRAIN_NO_ALARM,
	    (r.emergency != EMERGENCY_NONE) == due);
	if (!row->doubtful && row->text.label_count > 0) {
		train_score_meaning(f, row, &r);
		train_count(f, TRAIN_RIGHT_PLACE, train_place_is(r.place,
		    row->cells[TRAIN_PLACE]));
		if (row->text.lang != LANG_UND)
			train_count(f, TRAIN_RIGHT_LANG,
			    r.lang == row->text.lang ||
			    train_lang_will_do(row->cells[TRAIN_NOTE],
			    r.lang));
	}
	if (show)
		train_show(row, &r);
	reading_clear(&r);
}

void
train_print(const struct train_figures *learnt,
    const struct train_figures *keywords)
{
	static const char *const names[TRAIN_FIGURES] = {
		[TRAIN_RIGHT_INTENT] = "intent",
		[TRAIN_RIGHT_BOTH] = "intent and category",
		[TRAIN_LEFT_OPEN] = "category left open",
		[TRAIN_RIGHT_PLACE] = "place",
		[TRAIN_RIGHT_LANG] = "language",
		[TRAIN_DANGER] = "danger found",
		[TRAIN_NO_ALARM] = "no false alarm",
	};

	ctl_say(stdout, "%-20s %12s %9s %9s", "", "", "learnt", "keywords");
	for (size_t i = 0; i < TRAIN_FIGURES; i++) {
		double all = learnt->all[i] > 0 ? (double)learnt->all[i] : 1;

		ctl_say(stdout, "%-20s %5zu/%-6zu %7.1f %% %7.1f %%",
		    names[i], learnt->good[i], learnt->all[i],
		    100 * (double)learnt->good[i] / all,
		    100 * (double)keywords->good[i] / all);
	}
}
