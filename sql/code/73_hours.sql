-- How many texts came and went, by the hour, for those who look after a gateway: a
-- gap tells of a modem that is deaf. Trials are texts here, missed calls are not.

create materialized view if not exists glas_data.hours as
with counted as (
    select date_trunc('hour', m.received_at, 'UTC') as hour, m.gateway,
           count(*) as received, 0 as sent
      from glas_data.message m
     where m.received_at >= glas.now() - interval '31 days' and m.channel <> 'call'
     group by 1, 2
    union all
    select date_trunc('hour', o.sent_at, 'UTC'), coalesce(o.gateway, ''), 0, count(*)
      from glas_data.outbox o
     where o.created_at >= glas.now() - interval '38 days'
       and o.sent_at >= glas.now() - interval '31 days'
     group by 1, 2
)
select c.hour, c.gateway, sum(c.received)::int as received, sum(c.sent)::int as sent
  from counted c
 group by 1, 2;
create unique index if not exists hours_row on glas_data.hours (hour, gateway);
comment on materialized view glas_data.hours is 'What glas.hours shows.';

create or replace view glas.hours with (security_barrier) as
select h.hour at time zone 'Europe/Belgrade' as hour, h.gateway, h.received, h.sent,
       glas_data.bar(h.received, max(h.received) over (), 24) as bar
  from glas_data.hours h
 where not (select glas_data.is_authority())
 order by h.hour desc, h.gateway;
comment on view glas.hours is
    'Texts by the hour, of a month; an hour without any has no row. Counted every few
     minutes.
     Example: select * from glas.hours limit 24;';
comment on column glas.hours.hour is 'When the hour began, in Serbia.';
comment on column glas.hours.gateway is 'Which gateway.';
comment on column glas.hours.received is 'Texts that came.';
comment on column glas.hours.sent is 'Texts that the network took.';
comment on column glas.hours.bar is 'Those that came, to look at; the longest is 24 wide.';

create or replace function glas_gw.hours(p_gateway text) returns jsonb
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with slot as (
        select generate_series(date_trunc('hour', glas.now(), 'UTC') - interval '719 hours',
                               date_trunc('hour', glas.now(), 'UTC'), interval '1 hour') as hour
    )
    select jsonb_build_object(
        'at', (select to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                 from glas_data.counted c where c.name = 'hours'),
        'first', to_char(min(s.hour) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'offset_min', extract(epoch from (glas.now() at time zone 'Europe/Belgrade')
                                       - (glas.now() at time zone 'UTC'))::int / 60,
        'received', jsonb_agg(coalesce(h.received, 0) order by s.hour),
        'sent', jsonb_agg(coalesce(h.sent, 0) order by s.hour))
      from slot s
      left join glas_data.hours h on h.hour = s.hour and h.gateway = p_gateway
    $$;
comment on function glas_gw.hours(text) is
    'The texts of a gateway in the last 720 hours, the newest last, as they were counted
     then; offset_min: how far the clocks in Serbia are ahead of UTC.';
