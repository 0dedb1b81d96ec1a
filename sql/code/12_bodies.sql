-- Where the words of texts are, and the months that they are kept by.

create or replace function glas_data.text_of(p_message bigint, p_received timestamptz)
    returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select b.text from glas_data.body b
     where b.message = p_message and b.received_at = p_received
    $$;
comment on function glas_data.text_of(bigint, timestamptz) is
    'The words of a text; null when they are gone.';

create or replace function glas_data.text_of(p_message bigint) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.text_of(m.id, m.received_at) from glas_data.message m
     where m.id = p_message
    $$;
comment on function glas_data.text_of(bigint) is
    'The words of a text whose time is not at hand; null when they are gone.';

create or replace function glas_data.retention_days(p_what text) returns int
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select r.days from glas_data.retention r where r.what = p_what and r.category = ''
    $$;
comment on function glas_data.retention_days(text) is
    'How many days that is kept for which there is one rule.';

-- A month of which something is kept already stays in body_kept.
create or replace function glas_data.body_month(p_month date) returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    begins timestamptz := date_trunc('month', p_month::timestamp) at time zone 'utc';
    ends   timestamptz := (date_trunc('month', p_month::timestamp) + interval '1 month')
                          at time zone 'utc';
    name   text := 'body_' || to_char(p_month, 'YYYY_MM');
begin
    if to_regclass('glas_data.' || name) is not null
       or exists (select from glas_data.body_kept k
                   where k.received_at >= begins and k.received_at < ends) then
        return false;
    end if;
    execute format('create table glas_data.%I partition of glas_data.body '
        'for values from (%L) to (%L)', name, begins, ends);
    execute format('alter table glas_data.%I enable row level security', name);
    return true;
end
$$;
comment on function glas_data.body_month(date) is
    'Makes the partition of this month, unless it is there.';

create or replace function glas_data.body_ahead() returns int
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select count(*)::int from generate_series(0, 2) n
     where glas_data.body_month((glas.now() + n * interval '1 month')::date)
    $$;
comment on function glas_data.body_ahead() is
    'Makes the partitions of this month and the next two; says how many.';
select glas_data.body_ahead();
