-- Which glasd has the name of a gateway, and which links send.

alter table glas_data.gateway
    add column instance text not null default '',
    add column rival_since timestamptz,
    add column rival_at timestamptz;
comment on column glas_data.gateway.instance is
    'Which daemon has the name, by an id out of its spool; empty: the next that comes.';
comment on column glas_data.gateway.rival_since is 'Since when another daemon comes under this name.';
comment on column glas_data.gateway.rival_at is 'When it came last.';

alter table glas_data.link add column sends boolean not null default true;
comment on column glas_data.link.sends is
    'Whether it sends texts: one that takes sessions of USSD alone does not.';

-- They take more than before.
drop function if exists glas_gw.connect(text, text, text, interval);
drop function if exists glas_gw.links_put(text, text[], text[], text[], text[], int[],
    text[], int[], int[], timestamptz[], int[], int[], int[]);
