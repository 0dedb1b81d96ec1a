-- The credit of prepaid SIMs: what operators answered, how fast it goes, and a
-- word to the operator of the gateway when it ends.

-- What was paid in makes a step up, and is no consumption.
create or replace view glas.credit with (security_barrier) as
with newest as (
    select distinct on (b.gateway, b.link) b.*
      from glas_data.balance b
     where b.amount is not null
     order by b.gateway, b.link, b.at desc
), step as (
    select b.gateway, b.link, b.at,
           lag(b.amount) over w - b.amount as spent
      from glas_data.balance b
      join newest n on n.gateway = b.gateway and n.link = b.link
                   and n.currency = b.currency
     where b.amount is not null and b.at > glas.now() - interval '14 days'
    window w as (partition by b.gateway, b.link order by b.at)
), pace as (
    select s.gateway, s.link,
           sum(greatest(s.spent, 0)) * 86400
               / extract(epoch from max(s.at) - min(s.at)) as a_day
      from step s
     group by s.gateway, s.link
    having max(s.at) - min(s.at) >= interval '1 day'
), unread as (
    select b.gateway, b.link, count(*)::int as times, max(b.at) as at,
           (array_agg(b.answer order by b.at desc))[1] as answer
      from glas_data.balance b
      left join newest n on n.gateway = b.gateway and n.link = b.link
     where b.at > coalesce(n.at, '-infinity')
     group by b.gateway, b.link
), valid as (
    select distinct on (b.gateway, b.link) b.gateway, b.link, b.valid_until, b.valid_days
      from glas_data.balance b
     where b.valid_until is not null
     order by b.gateway, b.link, b.at desc
), told as (
    select coalesce(n.gateway, u.gateway) as gateway,
           coalesce(n.link, u.link) as link,
           n.amount, n.currency, n.at, p.a_day,
           case when p.a_day > 0 then
               least(floor(greatest(n.amount, 0) / p.a_day), 9999)::int end as days,
           n.low_under, n.low_days, coalesce(u.times, 0) as unread,
           coalesce(u.answer, '') as answer, u.at as unread_at
      from newest n
      left join pace p on p.gateway = n.gateway and p.link = n.link
      full join unread u on u.gateway = n.gateway and u.link = n.link
)
select t.link, t.gateway, t.amount, t.currency, t.at as as_of,
       round(t.a_day, 2) as burn_a_day, t.days as days_left,
       coalesce(t.amount < nullif(t.low_under, 0), false)
           or coalesce(t.days < nullif(t.low_days, 0), false) as low,
       t.unread, t.answer, t.unread_at,
       v.valid_until, v.valid_until - (glas.now() at time zone 'Europe/Belgrade')::date as valid_days_left,
       coalesce(v.valid_until - (glas.now() at time zone 'Europe/Belgrade')::date < nullif(v.valid_days, 0), false)
           as expires
  from told t
  left join valid v on v.gateway = t.gateway and v.link = t.link
 where not (select glas_data.is_authority());
comment on view glas.credit is
    'What the prepaid SIMs have left, and for how long.
     Example: select * from glas.credit order by days_left;';
comment on column glas.credit.link is 'Link whose SIM it is.';
comment on column glas.credit.gateway is 'Daemon that runs it.';
comment on column glas.credit.amount is 'The credit; empty: no answer could be read yet.';
comment on column glas.credit.currency is 'RSD, EUR, ...; empty when the operator names none.';
comment on column glas.credit.as_of is 'When the operator said so.';
comment on column glas.credit.burn_a_day is
    'What goes in a day, over the last two weeks; empty before there is a day to tell from.';
comment on column glas.credit.days_left is 'For how many days it lasts like that; empty when nothing goes.';
comment on column glas.credit.low is 'It is below balance-low, or lasts for fewer days than balance-days, of glas.conf.';
comment on column glas.credit.unread is 'How many answers since then had no amount in them.';
comment on column glas.credit.answer is 'The last of those.';
comment on column glas.credit.unread_at is 'When it came.';
comment on column glas.credit.valid_until is
    'Last day on which the SIM can be used, as the operator said last; empty: it never did.';
comment on column glas.credit.valid_days_left is 'How many days that is from today.';
comment on column glas.credit.expires is 'These are fewer than balance-valid of glas.conf.';

create or replace function glas_gw.balance_put(
    p_gateway text, p_link text, p_at timestamptz, p_hundredths bigint,
    p_currency text, p_answer text, p_low_under int, p_low_days int,
    p_valid_until date default null, p_valid_days int default 0)
    returns table (low boolean, days_left int)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    insert into glas_data.balance (gateway, link, at, amount, currency, answer,
        low_under, low_days, valid_until, valid_days)
    values (p_gateway, p_link, p_at, p_hundredths / 100.0, p_currency, p_answer,
        p_low_under, p_low_days, p_valid_until, p_valid_days)
    on conflict do nothing;
    if p_hundredths is not null then
        update glas_data.link l
           set balance = btrim(round(p_hundredths / 100.0, 2) || ' ' || p_currency)
         where l.gateway = p_gateway and l.name = p_link;
    end if;
    return query
    select c.low, c.days_left from glas.credit c
     where c.gateway = p_gateway and c.link = p_link;
end
$$;
comment on function glas_gw.balance_put(text, text, timestamptz, bigint, text, text,
    int, int, date, int) is
    'What an operator answered about the credit of a link, null where no amount
     was found, and until when the SIM is valid, where it said so; says whether it
     is low. The same answer twice is one.';

-- Two gateways that find it at once meet at the row of the number.
create or replace function glas_gw.credit_warn(
    p_gateway text, p_link text, p_by text, p_token bytea, p_copy bytea)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person bigint;
    outbox bigint;
    said   text;
begin
    select format('Glas %s: the credit of %s is low: %s%s. Top it up, or texts will '
                  'not go out.', c.gateway, c.link,
                  btrim(c.amount || ' ' || c.currency),
                  ', about ' || c.days_left || ' days')
      into said
      from glas.credit c
     where c.gateway = p_gateway and c.link = p_link and c.low;
    if said is null then
        return null;
    end if;
    insert into glas_data.citizen as c (token, reply_copy, link, lang,
        lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
    values (p_token, p_copy, p_by, 'en', false, false, 0, 0, glas.now(),
        glas.now(), glas.now())
    on conflict (token) do update
        set reply_copy = coalesce(c.reply_copy, excluded.reply_copy)
    returning c.id into person;
    if exists (select from glas_data.outbox o
                where o.citizen = person and o.kind = 'notice'
                  and starts_with(o.text, format('Glas %s: the credit of %s is low',
                      p_gateway, p_link))
                  and o.created_at > glas.now() - interval '1 day') then
        return null;
    end if;
    outbox := glas_data.queue(person, 'notice', 1, said,
        p_expires => glas.now() + interval '1 day');
    update glas_data.outbox o set link = p_by where o.id = outbox;
    return outbox;
end
$$;
comment on function glas_gw.credit_warn(text, text, text, bytea, bytea) is
    'Tells who looks after a gateway that the credit of a link is low, by the
     link p_by, of each link once a day at most; null when there is nothing to tell.';
