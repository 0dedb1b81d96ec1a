-- Missed calls that people are to call back, and what networks answered to codes
-- that were dialled.

create table glas_data.callback (
    id        bigint generated always as identity primary key,
    citizen   bigint not null references glas_data.citizen,
    gateway   text not null,
    link      text not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    times     int not null default 1,
    state     text not null default 'waiting'
              check (state in ('waiting', 'called', 'erased')),
    called_at timestamptz,
    called_by text not null default '',
    note      text not null default ''
);
create unique index callback_waiting on glas_data.callback (citizen)
    where state = 'waiting';
create index callback_citizen on glas_data.callback (citizen);
comment on table glas_data.callback is
    'Who called and is to be called back: one row for all calls until somebody does.';
comment on column glas_data.callback.id is 'Number.';
comment on column glas_data.callback.citizen is 'Who called.';
comment on column glas_data.callback.gateway is 'Which daemon noted the last call.';
comment on column glas_data.callback.link is 'By which link it came.';
comment on column glas_data.callback.first_at is 'When they called first.';
comment on column glas_data.callback.last_at is 'When they called last.';
comment on column glas_data.callback.times is 'How often they called.';
comment on column glas_data.callback.state is
    'waiting: nobody has called back yet; called; erased: they had all erased.';
comment on column glas_data.callback.called_at is 'When that was said.';
comment on column glas_data.callback.called_by is 'Database role that said it.';
comment on column glas_data.callback.note is 'What came of it, in words.';

create table glas_data.ussd_result (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    gateway text not null,
    link    text not null,
    code    text not null,
    outcome text not null,
    text    text not null default ''
);
create index ussd_result_at on glas_data.ussd_result (gateway, link, at);
comment on table glas_data.ussd_result is
    'What networks answered to codes that were dialled; kept for a year.';
comment on column glas_data.ussd_result.id is 'Number.';
comment on column glas_data.ussd_result.at is 'When the answer came.';
comment on column glas_data.ussd_result.gateway is 'Which daemon had it dialled.';
comment on column glas_data.ussd_result.link is 'By which link.';
comment on column glas_data.ussd_result.code is 'The code.';
comment on column glas_data.ussd_result.outcome is
    'answered; menu: the network wanted a choice, the session was closed; or why there is no text.';
comment on column glas_data.ussd_result.text is 'The answer; what may be a number is covered.';

insert into glas_data.owed_kind (reason, keep, about) values
    ('call', '0', 'they called, and nobody has called back yet');
