-- When what is counted over everything was counted last.

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
