-- What talking with people needs beside their reports: the question that is
-- open, who helps others, polls, events, questions for debates, rumours, lists.

alter table glas_data.citizen
    add column dialog       text not null default '',
    add column dialog_until timestamptz,
    add column told_who     boolean not null default false,
    add column asked_group  boolean not null default false,
    add column people       text not null default '',
    add column helper       boolean not null default false,
    add column tester       boolean not null default false,
    add column erased_at    timestamptz;
comment on column glas_data.citizen.dialog is
    'What they were asked last and may answer: what, about what, and where in a long text.';
comment on column glas_data.citizen.dialog_until is 'Until when an answer to that is one.';
comment on column glas_data.citizen.told_who is 'They were told who runs this and what is kept.';
comment on column glas_data.citizen.asked_group is 'They were asked once which group they belong to.';
comment on column glas_data.citizen.people is 'What they answered: roma, elderly, woman, private; empty: nothing.';
comment on column glas_data.citizen.helper is 'They report for others, and have limits of their own.';
comment on column glas_data.citizen.tester is 'PROBA from them runs the whole path and counts nowhere.';
comment on column glas_data.citizen.erased_at is 'When they had all erased that points at them.';

alter table glas_data.message
    add column municipality text not null default '',
    add column settlement   text not null default '',
    add column test         boolean not null default false,
    add column done         text not null default '';
comment on column glas_data.message.municipality is 'Place that it speaks of; empty when none.';
comment on column glas_data.message.settlement is 'Settlement in it; empty when none.';
comment on column glas_data.message.test is 'A trial (PROBA): counts nowhere.';
comment on column glas_data.message.done is 'What it did beside being answered, a line a thing.';

alter table glas_data.report
    add column first  text not null default '',
    add column helped bigint,
    add column test   boolean not null default false;
comment on column glas_data.report.first is
    'First guess of the category, also where it was left open; `second` is the other.';
comment on column glas_data.report.helped is 'For whom it was reported, when for somebody else.';
comment on column glas_data.report.test is 'A trial (PROBA): counts nowhere.';

comment on column glas_data.outbox.kind is
    'emergency, receipt, rights, status, service, unclear; by a person: reply, event.';

alter table glas_data.category
    add column body text;
comment on column glas_data.category.body is
    'Key of the text that says which authority is competent.';

create table glas_data.helped (
    id       bigint generated always as identity primary key,
    helper   bigint not null,
    nickname text not null,
    since    timestamptz not null,
    unique (helper, nickname)
);
comment on table glas_data.helped is 'People for whom others report: each is a voice of their own.';
comment on column glas_data.helped.id is 'Number.';
comment on column glas_data.helped.helper is 'Who reports for them (citizen.id).';
comment on column glas_data.helped.nickname is 'What the helper calls them, folded.';
comment on column glas_data.helped.since is 'First report.';

create table glas_data.poll (
    number    int primary key,
    title     jsonb not null,
    options   jsonb not null,
    yes_no    boolean not null,
    opened_at timestamptz not null,
    opened_by text not null default '',
    closes_at timestamptz not null,
    closed_by text not null default ''
);
comment on table glas_data.poll is 'What people are asked to vote on.';
comment on column glas_data.poll.number is 'Number that people write when several are open.';
comment on column glas_data.poll.title is 'The question, by language.';
comment on column glas_data.poll.options is 'What one can vote for, in order, from 1.';
comment on column glas_data.poll.yes_no is 'Yes is 1, no is 2.';
comment on column glas_data.poll.opened_at is 'From when votes count.';
comment on column glas_data.poll.opened_by is 'Role that opened it.';
comment on column glas_data.poll.closes_at is 'Until when.';
comment on column glas_data.poll.closed_by is 'Role that closed it before its time.';

create table glas_data.vote (
    poll    int not null references glas_data.poll,
    citizen bigint not null,
    option  smallint not null,
    at      timestamptz not null,
    changed int not null default 0,
    test    boolean not null default false,
    primary key (poll, citizen)
);
comment on table glas_data.vote is 'One vote a person; the last one counts.';
comment on column glas_data.vote.poll is 'On what.';
comment on column glas_data.vote.citizen is 'Whose.';
comment on column glas_data.vote.option is 'For what, from 1.';
comment on column glas_data.vote.at is 'When it was given or changed last.';
comment on column glas_data.vote.changed is 'How often it was changed.';
comment on column glas_data.vote.test is 'A trial (PROBA): does not count.';

create table glas_data.event (
    number       int primary key,
    municipality text not null,
    title        jsonb not null,
    venue        text not null,
    starts_at    timestamptz not null,
    announced_at timestamptz not null,
    announced_by text not null default '',
    cancelled_at timestamptz
);
comment on table glas_data.event is 'Meetings and debates that people are invited to.';
comment on column glas_data.event.number is 'Number that people write when they have several invitations.';
comment on column glas_data.event.municipality is 'Whose people are invited.';
comment on column glas_data.event.title is 'What it is, by language.';
comment on column glas_data.event.venue is 'Where.';
comment on column glas_data.event.starts_at is 'When.';
comment on column glas_data.event.announced_at is 'When it was announced.';
comment on column glas_data.event.announced_by is 'Role that announced it.';
comment on column glas_data.event.cancelled_at is 'When it was called off.';

create table glas_data.invitation (
    event   int not null references glas_data.event,
    citizen bigint not null,
    outbox  bigint not null,
    primary key (event, citizen)
);
comment on table glas_data.invitation is 'Who was invited to an event: each once.';
comment on column glas_data.invitation.event is 'To what.';
comment on column glas_data.invitation.citizen is 'Who.';
comment on column glas_data.invitation.outbox is 'The text that invites them (outbox.id).';

create table glas_data.attendance (
    event   int not null references glas_data.event,
    citizen bigint not null,
    coming  boolean not null,
    at      timestamptz not null,
    test    boolean not null default false,
    primary key (event, citizen)
);
comment on table glas_data.attendance is 'Who comes to an event, by what they wrote last.';
comment on column glas_data.attendance.event is 'To what.';
comment on column glas_data.attendance.citizen is 'Who.';
comment on column glas_data.attendance.coming is 'Comes, or does not.';
comment on column glas_data.attendance.at is 'When they said so.';
comment on column glas_data.attendance.test is 'A trial (PROBA): does not count.';

create table glas_data.question (
    reference  glas.reference primary key references glas_data.report,
    state      text not null default 'waiting'
        check (state in ('waiting', 'approved', 'rejected', 'answered')),
    event      int references glas_data.event,
    answer     text not null default '',
    decided_by text not null default '',
    decided_at timestamptz
);
comment on table glas_data.question is 'Questions for public debates; each is a report, too.';
comment on column glas_data.question.reference is 'The report that it came as.';
comment on column glas_data.question.state is 'waiting, approved, rejected, answered.';
comment on column glas_data.question.event is 'Debate that it was put to.';
comment on column glas_data.question.answer is 'What was answered there, as the asker was told.';
comment on column glas_data.question.decided_by is 'Role that decided last.';
comment on column glas_data.question.decided_at is 'When.';

create table glas_data.rumour (
    id          bigint primary key,
    citizen     bigint not null,
    same_as     bigint references glas_data.rumour,
    answer      text not null default '',
    answered_by text not null default '',
    answered_at timestamptz,
    told_at     timestamptz
);
create index rumour_same_as on glas_data.rumour (same_as) where same_as is not null;
comment on table glas_data.rumour is 'What people ask whether it is true.';
comment on column glas_data.rumour.id is 'The text that asked (message.id).';
comment on column glas_data.rumour.citizen is 'Who asked.';
comment on column glas_data.rumour.same_as is 'The first text about the same; empty: this is it.';
comment on column glas_data.rumour.answer is 'What is known about it, as those who asked were told.';
comment on column glas_data.rumour.answered_by is 'Role that answered.';
comment on column glas_data.rumour.answered_at is 'When.';
comment on column glas_data.rumour.told_at is 'When this person was told.';

create table glas_data.subscription (
    citizen bigint not null,
    list    text not null,
    consent text not null,
    since   timestamptz not null,
    test    boolean not null default false,
    primary key (citizen, list)
);
create index subscription_list on glas_data.subscription (list);
comment on table glas_data.subscription is 'Who asked for news of what.';
comment on column glas_data.subscription.citizen is 'Who.';
comment on column glas_data.subscription.list is 'Municipality whose news they want.';
comment on column glas_data.subscription.consent is 'The words with which they asked.';
comment on column glas_data.subscription.since is 'When.';
comment on column glas_data.subscription.test is 'A trial (PROBA): does not count.';

create table glas_data.observer (
    citizen      bigint not null,
    form         text not null,
    weekday      smallint not null check (weekday between 1 and 7),
    name         text not null,
    organisation text not null,
    since        timestamptz not null,
    primary key (citizen, form)
);
comment on table glas_data.observer is
    'Local communities, parishes, unions that send a form each week on a day; silence is shown.';
comment on column glas_data.observer.citizen is 'Who.';
comment on column glas_data.observer.form is 'Form that they send.';
comment on column glas_data.observer.weekday is 'Day on which it is due: 1 Monday to 7 Sunday.';
comment on column glas_data.observer.name is 'What people call them.';
comment on column glas_data.observer.organisation is 'Member organisation that they report to.';
comment on column glas_data.observer.since is 'When they were registered.';

create table glas_data.taught (
    kind      text,
    code      text,
    lang      text,
    pattern   text,
    taught_by text not null,
    taught_at timestamptz not null,
    primary key (kind, code, lang, pattern)
);
comment on table glas_data.taught is 'Keywords that somebody taught at psql, and no pack brought.';
comment on column glas_data.taught.kind is 'category, topic, intent or actor.';
comment on column glas_data.taught.code is 'What they mean.';
comment on column glas_data.taught.lang is 'Language.';
comment on column glas_data.taught.pattern is 'The words, as in keyword.';
comment on column glas_data.taught.taught_by is 'Database role that taught it.';
comment on column glas_data.taught.taught_at is 'When.';
