-- Gateways tell which content they run: what they cannot use is seen.

alter table glas_data.gateway add column stale_since timestamptz;
comment on column glas_data.gateway.stale_since is
    'Since when it has run another content than that of the database; empty: it does not.';

drop function if exists glas_gw.alive(text, interval);
