-- The words of texts stand beside them, by the month in which they came: what is
-- old enough goes with its month, and counts stay.

create table glas_data.body (
    message     bigint not null,
    received_at timestamptz not null,
    text        text not null,
    original    bytea not null,
    trace       text not null default '',
    primary key (message, received_at)
) partition by range (received_at);
comment on table glas_data.body is
    'The words of a text, a partition a month (UTC). No row: they were kept as long
     as glas.retention says, and are gone.';
comment on column glas_data.body.message is 'Of which text (message.id).';
comment on column glas_data.body.received_at is 'As in message: says which month.';
comment on column glas_data.body.text is 'The text to read: unprintable characters made visible.';
comment on column glas_data.body.original is 'Header and octets as received, sealed.';
comment on column glas_data.body.trace is 'How it was understood, a line a decision.';

create table glas_data.body_kept partition of glas_data.body default;
comment on table glas_data.body_kept is
    'Of months whose partition is gone: what belongs to an open case.';

do $$
declare
    month date;
begin
    for month in
        select generate_series(date_trunc('month', min(m.received_at) at time zone 'utc'),
                   max(m.received_at) at time zone 'utc', interval '1 month')::date
          from glas_data.message m
    loop
        execute format('create table glas_data.%I partition of glas_data.body
                for values from (%L) to (%L)', 'body_' || to_char(month, 'YYYY_MM'),
            month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
    end loop;
end
$$;
insert into glas_data.body (message, received_at, text, original, trace)
select m.id, m.received_at, m.text, m.original, m.trace from glas_data.message m;
-- Views that show them are made anew with the code.
alter table glas_data.message drop column text cascade, drop column original, drop column trace;

create table glas_data.retention (
    what     text check (what in ('texts', 'other texts', 'replies', 'quarantine')),
    category text not null default '',
    days     int not null check (days between 1 and 36500),
    about    text not null,
    set_by   text not null default '',
    set_at   timestamptz,
    primary key (what, category),
    check (category = '' or what = 'texts')
);
comment on table glas_data.retention is 'How long words are kept; glas.retention shows it.';
comment on column glas_data.retention.what is
    'texts of cases; other texts; replies; quarantine: what has been decided there.';
comment on column glas_data.retention.category is
    'Only those of reports of this category; empty: of all that have no rule of their own.';
comment on column glas_data.retention.days is 'So many days from when they came, or were sent.';
comment on column glas_data.retention.about is 'What it is for.';
comment on column glas_data.retention.set_by is 'Database role that changed it; empty: nobody has.';
comment on column glas_data.retention.set_at is 'When.';
insert into glas_data.retention (what, days, about) values
    ('texts', 1095, 'Words of the texts of a case. What belongs to an open case stays.'),
    ('other texts', 365, 'Words of texts that belong to no case.'),
    ('replies', 1095, 'Words of what people were sent. What belongs to an open case stays.'),
    ('quarantine', 365, 'Texts that were set aside, when it was decided what becomes of them.');

create table glas_data.retained (
    what      text primary key,
    looked_at timestamptz not null,
    until     timestamptz
);
comment on table glas_data.retained is
    'How far the pass of glas_gw.retain() is, a row for each month of texts and for
     what it goes through otherwise.';
comment on column glas_data.retained.what is 'Partition, or replies.';
comment on column glas_data.retained.looked_at is 'When it was there last.';
comment on column glas_data.retained.until is 'Of replies: it has seen what was sent until then.';

create table glas_data.retention_history (
    id   bigint generated always as identity primary key,
    at   timestamptz not null,
    who  text not null,
    what text not null,
    gone bigint not null default 0
);
comment on table glas_data.retention_history is
    'What went, and what rules were changed; glas.retention_history shows it.';
comment on column glas_data.retention_history.id is 'Order.';
comment on column glas_data.retention_history.at is 'When.';
comment on column glas_data.retention_history.who is 'Database role; gateway: by itself.';
comment on column glas_data.retention_history.what is 'What.';
comment on column glas_data.retention_history.gone is 'How many texts lost their words.';
