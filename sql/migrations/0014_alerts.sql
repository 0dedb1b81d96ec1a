-- What gateways say is wrong with them, beside what the database finds itself.

create table glas_data.alert (
    gateway text not null references glas_data.gateway on delete cascade,
    name    text not null,
    link    text not null,
    since   timestamptz not null,
    text    text not null,
    remedy  text not null,
    primary key (gateway, name, link)
);
comment on table glas_data.alert is
    'What is wrong with a gateway, as it said last; glas.alerts shows it.';
comment on column glas_data.alert.gateway is 'Which daemon said so.';
comment on column glas_data.alert.name is 'What kind of trouble, as in glas.alerts.';
comment on column glas_data.alert.link is 'Which of its links; empty: none of a link.';
comment on column glas_data.alert.since is 'Since when.';
comment on column glas_data.alert.text is 'What is wrong.';
comment on column glas_data.alert.remedy is 'What to do about it.';

-- Each gateway asks every ten seconds who is taken for a machine.
create index citizen_silenced on glas_data.citizen (silenced_at)
    where silenced_at is not null;

-- They give or take other things than before.
drop view if exists glas.alerts;
drop function if exists glas_gw.connect(text, text, text, interval);
drop function if exists glas_gw.alive(text, interval, text);
