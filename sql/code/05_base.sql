-- What everything else stands on: the clock, the facts about an installation,
-- how a time is written, and the order in which references are used.

create or replace function glas.now() returns timestamptz
    language sql stable parallel safe
    as $$ select pg_catalog.now() $$;
comment on function glas.now() is
    'The time that Glas goes by; everything asks here, so that tests can move it.';

create or replace function glas_data.setting(p_name text) returns text
    language sql stable
    as $$ select value from glas_data.setting where name = p_name $$;
comment on function glas_data.setting(text) is 'One fact about this installation.';

create or replace function glas_data.utc(p_at timestamptz) returns text
    language sql stable parallel safe
    as $$
    select pg_catalog.to_char(p_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    $$;
comment on function glas_data.utc(timestamptz) is 'A time as programs write it.';

-- The n-th reference: all numbers of a length are used once, in an order that
-- does not tell how many there were, before the next length begins.
create or replace function glas_data.reference_nth(n bigint, factor bigint)
    returns text
    language plpgsql immutable parallel safe
    as $$
declare
    low  bigint := 10000;
    rest bigint := n - 1;
    digits text;
begin
    while rest >= 9 * low loop
        rest := rest - 9 * low;
        low := 10 * low;
    end loop;
    digits := (low + (rest * factor) % (9 * low))::text;
    return digits || glas_data.luhn_digit(digits);
end
$$;
comment on function glas_data.reference_nth(bigint, bigint) is
    'The n-th reference of this installation.';

-- An error is in the log of the server, and who typed a number there, in the wrong
-- place or the wrong order, does not see that it stays.
create or replace function glas_data.echo(p_text text) returns text
    language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select left(regexp_replace(left(p_text, 200),
        '[+]?([0-9][^[:alnum:]]{0,6}){3,}([0-9][^[:alnum:]]{0,6}[0-9][^[:alnum:]]{0,6}[0-9])',
        '...\2', 'g'), 40)
    $$;
comment on function glas_data.echo(text) is
    'What somebody typed, as an error repeats it: its beginning, and of six digits or
     more the last three.';
