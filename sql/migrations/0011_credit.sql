-- What the SIMs of the links have left, what they may spend, and which link
-- sends for another.

create table glas_data.balance (
    gateway   text not null,
    link      text not null,
    at        timestamptz not null,
    amount    numeric(12, 2),
    currency  text not null default '',
    answer    text not null default '',
    low_under int not null,
    low_days  int not null,
    primary key (gateway, link, at)
);
comment on table glas_data.balance is
    'Every answer of an operator about the credit of a link, for a year.';
comment on column glas_data.balance.gateway is 'Daemon that asked.';
comment on column glas_data.balance.link is 'Link whose SIM it is.';
comment on column glas_data.balance.at is 'When it was answered.';
comment on column glas_data.balance.amount is 'The credit; empty: no amount was found in the answer.';
comment on column glas_data.balance.currency is 'RSD, EUR, ...; empty when the answer names none.';
comment on column glas_data.balance.answer is
    'What was answered, when no amount was found: unprintable characters made
     visible, long numbers covered.';
comment on column glas_data.balance.low_under is 'Less than this is low (balance-low of glas.conf); 0: none is.';
comment on column glas_data.balance.low_days is 'It is low when it lasts for fewer days (balance-days); 0: none is.';

alter table glas_data.link add column failover_after interval;
comment on column glas_data.link.failover_after is
    'How long its gateway is lost before another sends its texts; empty: none does.';

alter table glas_data.spend
    add column link text not null default '',
    drop constraint spend_pkey,
    add primary key (day, gateway, link);
comment on table glas_data.spend is 'Segments handed to the network, by day, gateway and link.';
comment on column glas_data.spend.link is 'By which link; empty: before links were told apart.';

alter table glas_data.event add column most_segments int;
comment on column glas_data.event.most_segments is
    'So many segments of invitations are sent at most; empty: all.';

-- They take more than before.
drop function if exists glas_gw.mt_release(int);
drop function if exists glas.event_announce(text, text, timestamptz, text, jsonb);
drop function if exists glas_gw.mt_claim(text, text[], int[]);
drop function if exists glas_gw.mt_result(text, date, bigint[], int[], text[], text[],
    int[], timestamptz[], timestamptz[], bigint[], int[], text[], int[], timestamptz[]);
drop function if exists glas_gw.links_put(text, text[], text[], text[], text[], int[],
    text[], int[], int[], timestamptz[], int[], int[]);
