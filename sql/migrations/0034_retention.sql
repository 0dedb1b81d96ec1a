-- Numbers, dialogs, segments and logs have rules as words have.

drop function if exists glas_gw.prune(interval, int);

alter table glas_data.retention
    add column least int not null default 1,
    drop constraint retention_what_check,
    drop constraint retention_days_check,
    drop constraint retention_check;
alter table glas_data.retention
    add check (what in ('texts', 'other texts', 'replies', 'quarantine', 'numbers',
        'dialogs', 'segments', 'logs')),
    add check (days between least and 36500),
    add check (category = '' or what in ('texts', 'numbers'));
comment on column glas_data.retention.least is 'What works with less does not work.';
comment on column glas_data.retention.what is
    'texts of cases; other texts; replies; quarantine: what has been decided there;
     numbers, sealed; dialogs; segments; logs.';
comment on column glas_data.retention.category is
    'Only those of reports of this category; of numbers also why they are kept, as in
     glas.owed(); empty: of all that have no rule of their own.';
comment on column glas_data.retention.days is
    'So many days from when they came, or were sent; of numbers, dialogs: from when
     that ended which they were for.';

insert into glas_data.retention (what, category, days, least, about)
select 'numbers', k.reason, ceil(extract(epoch from k.keep) / 86400)::int, 0,
       'Sealed number: ' || k.about
  from glas_data.owed_kind k;
insert into glas_data.retention (what, days, least, about) values
    ('dialogs', 1, 1, 'What people were asked and have not answered.'),
    ('segments', 40, 7, 'That a segment came or went, and parts of long texts. A modem '
     'may give one again for days, and it would be a second text.'),
    ('logs', 365, 14, 'What networks said of balances and codes. How long a balance '
     'lasts is counted from two weeks.');
drop table glas_data.owed_kind;

comment on table glas_data.identity is
    'Every segment that was received, by a keyed digest of what makes it one:
     SIM, originator, time stamp, header and content. Kept as glas.retention says,
     so that a segment that a modem gives again is not a second text.';
create index outbox_segment_submitted on glas_data.outbox_segment
    using brin (submitted_at) with (pages_per_range = 32);
