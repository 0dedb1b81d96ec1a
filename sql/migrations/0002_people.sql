-- People who work with Glas, and what may become of a report.

create table glas_data.person (
    role         text primary key,
    organisation text not null,
    kind         text not null
        check (kind in ('caseworker', 'coordinator', 'press', 'operator', 'auditor')),
    since        timestamptz not null
);
comment on table glas_data.person is
    'Database roles of people, and the organisation that each works for.';
comment on column glas_data.person.role is 'Name of the database role.';
comment on column glas_data.person.organisation is
    'Member organisation; a case worker sees its reports and no others.';
comment on column glas_data.person.kind is
    'What they do: caseworker, coordinator, press, operator, auditor.';
comment on column glas_data.person.since is 'Since when.';

create table glas_data.report_move (
    was    text,
    now_is text,
    primary key (was, now_is)
);
comment on table glas_data.report_move is 'From which status a report may go to which.';
comment on column glas_data.report_move.was is 'Status before.';
comment on column glas_data.report_move.now_is is 'Status after.';

insert into glas_data.report_move (was, now_is)
select was, now_is
  from (values
    ('new',        array['open', 'referred', 'answered', 'closed', 'duplicate', 'withdrawn', 'not_for_us']),
    ('open',       array['referred', 'answered', 'closed', 'duplicate', 'withdrawn', 'not_for_us']),
    ('referred',   array['open', 'answered', 'closed', 'duplicate', 'withdrawn', 'not_for_us']),
    ('answered',   array['open', 'referred', 'closed', 'duplicate', 'withdrawn']),
    ('closed',     array['open']),
    ('duplicate',  array['open']),
    ('withdrawn',  array['open']),
    ('not_for_us', array['open', 'referred'])
  ) m (was, targets), unnest(targets) now_is;

insert into glas_data.setting (name, value, about) values
    ('reply_segments', '6', 'Segments that a reply by a person may have.'),
    ('trend_least', '5', 'Smaller counts than this are not published: they could point at a person.');

create index outbox_waiting on glas_data.outbox (citizen) where state = 'waiting';
