-- Talking to people from psql: questions about a report, lists that people ask
-- for, and texts to many.

create table glas_data.asked (
    id        bigint generated always as identity primary key,
    reference glas.reference not null references glas_data.report,
    question  text not null,
    asked_at  timestamptz not null,
    asked_by  text not null,
    outbox    bigint not null,
    until     timestamptz not null,
    message   bigint,
    answered_at timestamptz
);
create index asked_reference on glas_data.asked (reference);
create unique index asked_open on glas_data.asked (reference) where message is null;
comment on table glas_data.asked is
    'What people were asked about their reports, and the text that answered.';
comment on column glas_data.asked.id is 'Number.';
comment on column glas_data.asked.reference is 'About which report.';
comment on column glas_data.asked.question is 'What was asked, as it was sent.';
comment on column glas_data.asked.asked_at is 'When.';
comment on column glas_data.asked.asked_by is 'Database role that asked.';
comment on column glas_data.asked.outbox is 'The text that asks (outbox.id).';
comment on column glas_data.asked.until is 'Until when a text is taken for the answer.';
comment on column glas_data.asked.message is 'The text that answered (message.id); empty: none yet.';
comment on column glas_data.asked.answered_at is 'When it came.';

create table glas_data.list (
    code     text primary key check (code ~ '^[A-Z][A-Z0-9]{1,19}$'),
    names    jsonb not null,
    keywords text[] not null,
    added_by text not null,
    added_at timestamptz not null
);
comment on table glas_data.list is
    'Lists beside the municipalities whose news people can ask for.';
comment on column glas_data.list.code is 'Word that it is asked for and left with.';
comment on column glas_data.list.names is 'What it is about, by language.';
comment on column glas_data.list.keywords is 'Other words that mean it, lower case.';
comment on column glas_data.list.added_by is 'Role that made it.';
comment on column glas_data.list.added_at is 'When.';
comment on column glas_data.subscription.list is
    'Municipality, or code of a list, whose news they want.';

create table glas_data.broadcast (
    number      int primary key,
    state       text not null default 'draft' check (state in ('draft', 'canary',
                    'sending', 'paused', 'done', 'cancelled')),
    goes_on     text not null default '' check (goes_on in ('', 'canary', 'sending')),
    audience    text not null,
    list        text,
    texts       jsonb not null,
    drafted_by  text not null,
    drafted_at  timestamptz not null,
    approved_by text not null default '',
    canary_at   timestamptz
);
comment on table glas_data.broadcast is 'Texts to many people.';
comment on column glas_data.broadcast.number is 'Number.';
comment on column glas_data.broadcast.state is
    'draft, canary: a few get it first, sending, paused, done, cancelled.';
comment on column glas_data.broadcast.goes_on is 'Paused: the state that it goes on with.';
comment on column glas_data.broadcast.audience is 'Who is written to, in words.';
comment on column glas_data.broadcast.list is 'Whose subscribers these are; empty: people who reported.';
comment on column glas_data.broadcast.texts is 'What is sent, by language.';
comment on column glas_data.broadcast.drafted_by is 'Role that wrote it.';
comment on column glas_data.broadcast.drafted_at is 'When.';
comment on column glas_data.broadcast.approved_by is 'Another role, that approved it.';
comment on column glas_data.broadcast.canary_at is 'When the last of the first few were written to.';

create table glas_data.broadcast_person (
    broadcast int not null references glas_data.broadcast,
    citizen   bigint not null,
    place     int not null,
    delicate  boolean not null default false,
    outbox    bigint,
    segments  int not null default 0,
    at        timestamptz,
    none      text not null default '',
    primary key (broadcast, citizen)
);
create unique index broadcast_person_outbox on glas_data.broadcast_person (outbox)
 where outbox is not null;
create index broadcast_person_next on glas_data.broadcast_person (broadcast, place)
 where outbox is null and none = '';
create index broadcast_person_at on glas_data.broadcast_person (at) where at is not null;
comment on table glas_data.broadcast_person is
    'Who is written to by a broadcast: each once.';
comment on column glas_data.broadcast_person.broadcast is 'Which.';
comment on column glas_data.broadcast_person.citizen is 'Who.';
comment on column glas_data.broadcast_person.place is 'In what order; each language is among the first.';
comment on column glas_data.broadcast_person.delicate is
    'What they reported is such that a text unasked could endanger them.';
comment on column glas_data.broadcast_person.outbox is 'The text to them (outbox.id); empty: none yet.';
comment on column glas_data.broadcast_person.segments is 'What it costs.';
comment on column glas_data.broadcast_person.at is 'When it was put into the outbox.';
comment on column glas_data.broadcast_person.none is 'Why there is no text to them; empty: there is, or will be.';

create table glas_data.broadcast_history (
    id        bigint generated always as identity primary key,
    broadcast int not null references glas_data.broadcast,
    at        timestamptz not null,
    who       text not null,
    what      text not null,
    note      text not null default ''
);
create index broadcast_history_of on glas_data.broadcast_history (broadcast, id);
comment on table glas_data.broadcast_history is
    'Who did what with a broadcast; rows are only added.';
comment on column glas_data.broadcast_history.id is 'Order.';
comment on column glas_data.broadcast_history.broadcast is 'With which.';
comment on column glas_data.broadcast_history.at is 'When.';
comment on column glas_data.broadcast_history.who is 'Database role, or glas.';
comment on column glas_data.broadcast_history.what is
    'drafted, approved, canary, sending, paused, resumed, cancelled, done.';
comment on column glas_data.broadcast_history.note is 'Why.';

comment on column glas_data.outbox.kind is
    'emergency, receipt, rights, status, service, unclear; by a person: reply, event, broadcast; notice.';

insert into glas_data.setting (name, value, about) values
    ('ask_days', '5', 'Days within which a text answers a question of glas.ask().'),
    ('broadcast_segments', '2', 'Segments that a text to many may have.'),
    ('broadcast_a_minute', '20', 'Texts to many that are put into the outbox each minute.'),
    ('broadcast_a_day', '200', 'Segments of texts to many in a day.'),
    ('broadcast_canary', '5', 'People that a broadcast is sent to first.'),
    ('broadcast_wait', '30', 'Minutes between these and all others.'),
    ('broadcast_bad', '20', 'Per cent of these whom it may fail to reach.'),
    ('segment_price', '0', 'What a segment costs; 0: not known.'),
    ('segment_currency', 'RSD', 'Currency of segment_price.');
