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
    ('due_filled', 'no', 'Whether reports from before there were deadlines have got theirs.'),
    ('due_shown_days', '14', 'So many days a deadline that has passed stays in glas.due.');

-- Who is woken when somebody may be in danger.
create table glas_data.duty (
    id           bigint generated always as identity primary key,
    organisation text not null,
    weekday      smallint not null check (weekday between 1 and 7),
    from_time    time not null,
    to_time      time not null,
    member       text not null,
    set_by       text not null,
    set_at       timestamptz not null
);
comment on table glas_data.duty is 'Who is on duty when, each week.';
comment on column glas_data.duty.id is 'Number; where several are on duty, the lower is told first.';
comment on column glas_data.duty.organisation is 'For whose reports; empty: for the network.';
comment on column glas_data.duty.weekday is 'Day on which it begins: 1 Monday to 7 Sunday.';
comment on column glas_data.duty.from_time is 'From when, in Serbia.';
comment on column glas_data.duty.to_time is 'Until when; not later than from_time: on the next day.';
comment on column glas_data.duty.member is 'Database role of who is on duty.';
comment on column glas_data.duty.set_by is 'Database role that said so.';
comment on column glas_data.duty.set_at is 'When.';

create table glas_data.duty_phone (
    member  text primary key,
    citizen bigint not null unique references glas_data.citizen,
    since   timestamptz not null
);
comment on table glas_data.duty_phone is
    'The telephones of those on duty: each registered itself with a code.';
comment on column glas_data.duty_phone.member is 'Database role.';
comment on column glas_data.duty_phone.citizen is 'Who writes from it; its number is sealed there.';
comment on column glas_data.duty_phone.since is 'When it was registered.';

create table glas_data.duty_code (
    code    text primary key,
    member  text not null unique,
    until   timestamptz not null,
    tries   smallint not null default 10,
    made_by text not null
);
comment on table glas_data.duty_code is 'Codes by which telephones may be registered.';
comment on column glas_data.duty_code.code is 'Six digits.';
comment on column glas_data.duty_code.member is 'For whom.';
comment on column glas_data.duty_code.until is 'Until when.';
comment on column glas_data.duty_code.tries is 'So many wrong codes may still come.';
comment on column glas_data.duty_code.made_by is 'Database role that asked for it.';

create table glas_data.duty_call (
    reference glas.reference primary key references glas_data.report,
    begun_at  timestamptz not null,
    next_at   timestamptz not null,
    stuck_at  timestamptz,
    taken_by  text not null default '',
    taken_at  timestamptz
);
create index duty_call_open on glas_data.duty_call (next_at) where taken_at is null;
comment on table glas_data.duty_call is 'Reports that somebody on duty has to take.';
comment on column glas_data.duty_call.reference is 'Which report.';
comment on column glas_data.duty_call.begun_at is 'Since when.';
comment on column glas_data.duty_call.next_at is 'When the next one is told.';
comment on column glas_data.duty_call.stuck_at is 'Since when there is nobody left to tell.';
comment on column glas_data.duty_call.taken_by is 'Who took it: a database role.';
comment on column glas_data.duty_call.taken_at is 'When.';

create table glas_data.duty_told (
    reference glas.reference references glas_data.duty_call,
    member    text,
    at        timestamptz not null,
    outbox    bigint,
    primary key (reference, member)
);
comment on table glas_data.duty_told is 'Who was told of which report.';
comment on column glas_data.duty_told.reference is 'Which report.';
comment on column glas_data.duty_told.member is 'Who: a database role.';
comment on column glas_data.duty_told.at is 'When.';
comment on column glas_data.duty_told.outbox is 'The text (outbox.id); empty: it could not be written.';

insert into glas_data.setting (name, value, about) values
    ('duty_minutes', '15', 'So many minutes one on duty has to take a report before the next is told.'),
    ('duty_code_hours', '4', 'So many hours a code registers a telephone for duty.');

create table glas_data.consent (
    id          bigint generated always as identity primary key,
    reference   glas.reference not null references glas_data.report,
    step        text not null check (step in ('safe', 'contact_allowed', 'mandate',
                    'filed', 'invited', 'decided')),
    asked       text not null default '',
    asked_at    timestamptz not null,
    asked_by    text not null,
    outbox      bigint,
    agreed      boolean,
    answer      text not null default '',
    answered_at timestamptz,
    message     bigint,
    paper       text not null default ''
);
create index consent_reference on glas_data.consent (reference, id);
comment on table glas_data.consent is
    'What people were asked on the way to a signed complaint, and what they said;
     no step is reached without a row here.';
comment on column glas_data.consent.id is 'Order of the questions.';
comment on column glas_data.consent.reference is 'Of which report.';
comment on column glas_data.consent.step is 'Which step it is for.';
comment on column glas_data.consent.asked is 'The text that asked, letter by letter; empty: not by text.';
comment on column glas_data.consent.asked_at is 'When, or when it was recorded.';
comment on column glas_data.consent.asked_by is 'Database role that asked, or recorded it.';
comment on column glas_data.consent.outbox is 'The text that asked (outbox.id).';
comment on column glas_data.consent.agreed is 'Yes or no; empty: no answer yet.';
comment on column glas_data.consent.answer is 'Their words, letter by letter.';
comment on column glas_data.consent.answered_at is 'When.';
comment on column glas_data.consent.message is 'The text that answered (message.id).';
comment on column glas_data.consent.paper is
    'What was recorded by a person instead: the paper that was signed, the fact.';
