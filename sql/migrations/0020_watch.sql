-- When what is counted over everything was counted last, and indexes for people.

create table glas_data.counted (
    name    text primary key,
    at      timestamptz,
    took    interval not null default '0',
    written bigint not null default 0
);
comment on table glas_data.counted is
    'Materialized views that glas_gw.count_anew() keeps, a row each.';
comment on column glas_data.counted.name is 'Name of the view.';
comment on column glas_data.counted.at is 'When it was counted last; empty: never.';
comment on column glas_data.counted.took is 'How long that took.';
comment on column glas_data.counted.written is
    'How many rows had been written until then, as the statistics of the server say.';
insert into glas_data.counted (name) values
    ('trend'), ('rights_demand'), ('voices'), ('heatmap'), ('equity'), ('clusters');

-- What people ask for: the newest, what is open, what belongs to a report.
drop index glas_data.report_reported;
create index report_reported on glas_data.report (reported_at);
create index report_open on glas_data.report (status, reported_at)
    where status in ('new', 'open', 'referred', 'answered');
create index report_history_at on glas_data.report_history (at);
create index message_reference on glas_data.message (reference) where reference is not null;
create index outbox_reference on glas_data.outbox (reference) where reference is not null;
