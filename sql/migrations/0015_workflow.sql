-- Cases from beginning to end: why a state was left, what is the same as what,
-- until when something must happen, and whether it helped.

alter table glas_data.report_move
    add column note_needed boolean not null default false;
comment on column glas_data.report_move.note_needed is
    'Who makes this move has to say why.';
update glas_data.report_move set note_needed = true
 where now_is in ('closed', 'duplicate', 'withdrawn', 'not_for_us');

alter table glas_data.report
    add column merged_into glas.reference references glas_data.report,
    add column due_what    text not null default '';
comment on column glas_data.report.merged_into is
    'The report that this one is a duplicate of, and is answered with.';
comment on column glas_data.report.due_what is
    'Name of the deadline that due_at is of; empty: none.';
drop index glas_data.report_due;
create index report_due on glas_data.report (due_at) where due_at is not null;
create index report_merged on glas_data.report (merged_into) where merged_into is not null;
create index report_answered on glas_data.report (status_at) where status = 'answered';

-- It is told which text follows.
drop function if exists glas_data.follow(text, bigint);

create table glas_data.case_step (
    reference glas.reference references glas_data.report,
    step      text check (step in ('safe', 'contact_allowed', 'mandate', 'filed',
                  'invited', 'decided')),
    at        timestamptz not null,
    who       text not null,
    primary key (reference, step)
);
comment on table glas_data.case_step is
    'How far a report has come on its way to a signed complaint: a row for each
     step that was reached.';
comment on column glas_data.case_step.reference is 'Which report.';
comment on column glas_data.case_step.step is
    'safe, contact_allowed, mandate, filed, invited, decided.';
comment on column glas_data.case_step.at is 'When it was reached.';
comment on column glas_data.case_step.who is 'Database role that recorded it, or citizen.';

create table glas_data.deadline (
    name       text primary key check (name ~ '^[a-z0-9-]{1,40}$'),
    categories text[] not null default '{}',
    actors     text[] not null default '{}',
    runs_from  text not null check (runs_from in ('reported', 'referred', 'filed',
                   'invited', 'decided')),
    ends_with  text not null check (ends_with in ('answered', 'filed', 'invited',
                   'decided', 'closed')),
    count      int not null check (count between 1 and 3660),
    unit       text not null check (unit in ('hours', 'days', 'working days')),
    what       text not null check (what <> '' and length(what) <= 30),
    whose      text not null check (whose in ('citizen', 'authority', 'us')),
    law        text not null default '',
    source     text not null default '',
    checked_on date,
    changed_by text not null default '',
    changed_at timestamptz
);
comment on table glas_data.deadline is
    'What must happen within which time, by kind of case: rows that a lawyer
     maintains.';
comment on column glas_data.deadline.name is 'What the row is called.';
comment on column glas_data.deadline.categories is
    'Categories that it is for; POL_* is all that begin so.';
comment on column glas_data.deadline.actors is
    'Actors that it is for, whatever the category; without any of both, all cases.';
comment on column glas_data.deadline.runs_from is
    'What it is counted from: reported, referred, or a step: filed, invited, decided.';
comment on column glas_data.deadline.ends_with is
    'What it ends with: answered, closed, or a step: filed, invited, decided.';
comment on column glas_data.deadline.count is 'How many.';
comment on column glas_data.deadline.unit is 'hours, days, or working days.';
comment on column glas_data.deadline.what is 'What must have happened then.';
comment on column glas_data.deadline.whose is 'Who has to do it: citizen, authority, us.';
comment on column glas_data.deadline.law is 'The law that says so.';
comment on column glas_data.deadline.source is 'Where that was read.';
comment on column glas_data.deadline.checked_on is
    'When somebody checked it last; without that it counts nowhere.';
comment on column glas_data.deadline.changed_by is 'Database role that changed it last.';
comment on column glas_data.deadline.changed_at is 'When.';

-- What has no day of checking was not found in a source that can be relied on:
-- it counts once a lawyer has looked at it (glas.deadline_set).
insert into glas_data.deadline (name, categories, actors, runs_from, ends_with,
    count, unit, what, whose, law, source, checked_on) values
    ('police-complaint', '{POL_*,GEN_COND}', '{POLICE,GENDARMERIE}', 'reported', 'filed',
     30, 'days', 'file the complaint (pritužba)', 'citizen',
     'Law on Police, arts. 234-243; counted from the event, here from the first text',
     'page of the Ministry of the Interior on complaints', '2026-11-27'),
    ('police-talk', '{POL_*,GEN_COND}', '{POLICE,GENDARMERIE}', 'filed', 'invited',
     15, 'days', 'invite to a talk', 'authority',
     'Law on Police, arts. 234-243, and the rulebook on the complaint procedure',
     'page of the Ministry of the Interior on complaints', '2026-11-27'),
    ('police-decision', '{POL_*,GEN_COND}', '{POLICE,GENDARMERIE}', 'filed', 'decided',
     30, 'days', 'end the procedure', 'authority',
     'Law on Police, arts. 234-243, and the rulebook on the complaint procedure',
     'page of the Ministry of the Interior on complaints', '2026-11-27'),
    ('detention', '{POL_DET}', '{}', 'reported', 'closed',
     48, 'hours', 'release, or bring to court', 'authority',
     'Criminal Procedure Code, art. 294; counted from the arrest, here from the first text',
     'Constitution, arts. 27 and 29; Criminal Procedure Code', '2026-11-27'),
    ('equality-opinion', '{DSC,HATE}', '{}', 'filed', 'decided',
     90, 'days', 'opinion of the Commissioner', 'authority',
     'Law on Prohibition of Discrimination 22/2009, 52/2021', '', null),
    ('information-answer', '{}', '{}', 'filed', 'decided',
     15, 'days', 'answer the request', 'authority',
     'Law on Free Access to Information 120/2004, 105/2021; 48 hours where life, '
     'freedom, health or the environment is at stake; appeal within 15 days',
     'text of the law', null);

create table glas_data.holiday (
    day  date primary key,
    name text not null
);
comment on table glas_data.holiday is 'Days beside weekends on which nobody works.';
comment on column glas_data.holiday.day is 'The day.';
comment on column glas_data.holiday.name is 'Which holiday.';

create table glas_data.reminder (
    reference glas.reference references glas_data.report,
    deadline  text,
    at        timestamptz not null,
    outbox    bigint not null,
    primary key (reference, deadline)
);
comment on table glas_data.reminder is 'Who was reminded of which deadline: each once.';
comment on column glas_data.reminder.reference is 'Which report.';
comment on column glas_data.reminder.deadline is 'Which deadline (deadline.name).';
comment on column glas_data.reminder.at is 'When.';
comment on column glas_data.reminder.outbox is 'The text (outbox.id).';

create table glas_data.solved (
    reference   glas.reference primary key references glas_data.report,
    asked_at    timestamptz,
    outbox      bigint,
    solved      boolean,
    answered_at timestamptz,
    rating      smallint check (rating between 1 and 5),
    rated_at    timestamptz
);
comment on table glas_data.solved is
    'Whether those who reported say that it is solved, and how they rate it.';
comment on column glas_data.solved.reference is 'Which report.';
comment on column glas_data.solved.asked_at is 'When they were asked, once; empty: they said it unasked.';
comment on column glas_data.solved.outbox is 'The text that asked (outbox.id).';
comment on column glas_data.solved.solved is 'What they answered: yes or no.';
comment on column glas_data.solved.answered_at is 'When.';
comment on column glas_data.solved.rating is '1 to 5, 5 is best.';
comment on column glas_data.solved.rated_at is 'When they rated it last.';

insert into glas_data.setting (name, value, about) values
    ('remind_days', '5', 'So many days before a deadline of theirs runs out, people are reminded; 0: never.'),
    ('solved_days', '5', 'So many days after a report was answered, people are asked whether it is solved; 0: never.'),
    ('due_shown_days', '14', 'So many days a deadline that has passed stays in glas.due.');
