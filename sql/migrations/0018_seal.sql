-- Who may see a number, and how long it is kept: requests that a second person
-- approves, reasons for which a reply copy is kept, and the recall copy.

alter table glas_data.citizen
    add column recall_copy    bytea,
    add column copy_looked_at timestamptz;
comment on column glas_data.citizen.recall_copy is
    'The number, sealed for a key whose private half is kept offline; empty where
     the network has no such key.';
comment on column glas_data.citizen.copy_looked_at is
    'When it was last looked whether an answer may still be owed to them.';
-- first_at never changes: a text of theirs does not touch this index.
create index citizen_copy on glas_data.citizen (coalesce(copy_looked_at, first_at))
    where reply_copy is not null;

-- One more argument.
drop function if exists glas_gw.mo_store;

-- Who asked, before anybody told them.
create index rumour_owed on glas_data.rumour (citizen) where told_at is null;

create table glas_data.owed_kind (
    reason text primary key,
    keep   interval not null,
    about  text not null
);
comment on table glas_data.owed_kind is
    'Why the sealed number of a person is kept: while one of these holds, and so
     much longer.';
comment on column glas_data.owed_kind.reason is 'Word for it, as in glas.owed().';
comment on column glas_data.owed_kind.keep is 'How long after it has ended.';
comment on column glas_data.owed_kind.about is 'What it is.';
insert into glas_data.owed_kind (reason, keep, about) values
    ('wrote',        '3 days',  'they wrote'),
    ('case',         '30 days', 'a report of theirs is open, or what it is the same as; counted from when it was answered or closed'),
    ('text',         '3 days',  'a text to them is on its way; counted from when it was written'),
    ('question',     '30 days', 'they asked a question for a debate, or whether a rumour is true'),
    ('event',        '1 day',   'they come to an event; counted from when it begins'),
    ('dialog',       '0',       'they were asked something, and may still answer'),
    ('subscription', '0',       'they asked for news'),
    ('observer',     '0',       'they send a form each week'),
    ('duty',         '0',       'they are woken when somebody may be in danger');

insert into glas_data.setting (name, value, about) values
    ('reveal_hours', '24', 'So many hours a number may be shown after that was approved.'),
    ('reveal_wait_days', '7', 'So many days a request to see a number waits for approval.');

create table glas_data.reveal (
    id           bigint generated always as identity primary key,
    citizen      bigint not null references glas_data.citizen,
    reference    glas.reference not null references glas_data.report,
    reason       text not null,
    asked_by     text not null,
    asked_at     timestamptz not null,
    approved_by  text not null default '' check (approved_by <> asked_by),
    approved_at  timestamptz,
    refused_by   text not null default '',
    refused_why  text not null default '',
    until        timestamptz not null,
    ticket       bytea,
    ticket_until timestamptz,
    shown_at     timestamptz,
    told         bigint
);
create index reveal_citizen on glas_data.reveal (citizen);
create index reveal_reference on glas_data.reveal (reference);
comment on table glas_data.reveal is 'Requests to see the number of a person.';
comment on column glas_data.reveal.id is 'Number of the request.';
comment on column glas_data.reveal.citizen is 'Whose number.';
comment on column glas_data.reveal.reference is 'The report that it is for.';
comment on column glas_data.reveal.reason is 'Why, in the words of who asked.';
comment on column glas_data.reveal.asked_by is 'Database role that asked, and that alone may see it.';
comment on column glas_data.reveal.asked_at is 'When.';
comment on column glas_data.reveal.approved_by is 'Database role of the second person; empty: nobody yet.';
comment on column glas_data.reveal.approved_at is 'When.';
comment on column glas_data.reveal.refused_by is
    'Database role that refused it, before it was shown; empty: nobody has.';
comment on column glas_data.reveal.refused_why is 'Why, in the words of who refused.';
comment on column glas_data.reveal.until is 'Until when it may be approved, then shown.';
comment on column glas_data.reveal.ticket is
    'Digest of the word with which the gateway''s machine fetches the copy, once.';
comment on column glas_data.reveal.ticket_until is 'Until when that word is good.';
comment on column glas_data.reveal.shown_at is 'When the number was shown; never again.';
comment on column glas_data.reveal.told is 'The text that told the person (outbox.id); empty: none did.';

create table glas_data.reveal_history (
    id     bigint generated always as identity primary key,
    reveal bigint not null references glas_data.reveal,
    at     timestamptz not null,
    who    text not null,
    what   text not null check (what in ('asked', 'approved', 'refused', 'taken', 'shown')),
    note   text not null default ''
);
create index reveal_history_of on glas_data.reveal_history (reveal);
comment on table glas_data.reveal_history is
    'Who did what with a request to see a number; rows are only added.';
comment on column glas_data.reveal_history.id is 'Order of the steps.';
comment on column glas_data.reveal_history.reveal is 'Which request.';
comment on column glas_data.reveal_history.at is 'When.';
comment on column glas_data.reveal_history.who is 'Database role; for shown also the user of the machine.';
comment on column glas_data.reveal_history.what is
    'asked, approved, refused, taken: asked for on the gateway''s machine, shown.';
comment on column glas_data.reveal_history.note is 'From which copy, until when.';
