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

-- What stands in a regular expression for digits is those of ASCII where the locale of
-- the database is C. The zeros of all scripts, then; full width, circles and what else
-- is only a form of a digit, or of a space, NFKC makes plain.
create or replace function glas_data.plain(p_text text) returns text
    language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select case when octet_length(p_text) = length(p_text) then p_text
        else translate(normalize(p_text, nfkc),
            (select string_agg(chr(ascii(zero) + n), '' order by zero, n)
               from string_to_table(
                    U&'\0660\06F0\07C0\0966\09E6\0A66\0AE6\0B66\0BE6\0C66\0CE6\0D66'
                     '\0DE6\0E50\0ED0\0F20\1040\1090\17E0\1810\1946\19D0\1A80\1A90'
                     '\1B50\1BB0\1C40\1C50\A620\A8D0\A900\A9D0\A9F0\AA50\ABF0'
                     '\+0104A0\+010D30\+011066\+0110F0\+011136\+0111D0\+0112F0'
                     '\+011450\+0114D0\+011650\+0116C0\+011730\+0118E0\+011950'
                     '\+011C50\+011D50\+011DA0\+011F50\+016A60\+016AC0\+016B50'
                     '\+01E140\+01E2F0\+01E4F0\+01E950',
                    null) zero, generate_series(0, 9) n),
            repeat('0123456789', 60)) end
    $$;
comment on function glas_data.plain(text) is
    'A text with the digits of all scripts as 0 to 9.';

-- An error is in the log of the server, and who typed a number there, in the wrong
-- place or the wrong order, does not see that it stays.
create or replace function glas_data.echo(p_text text) returns text
    language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select left(regexp_replace(glas_data.plain(left(p_text, 200)),
        '[+]?([0-9][^[:alnum:]]{0,6}){3,}([0-9][^[:alnum:]]{0,6}[0-9][^[:alnum:]]{0,6}[0-9])',
        '...\2', 'g'), 40)
    $$;
comment on function glas_data.echo(text) is
    'What somebody typed, as an error repeats it: its beginning, and of six digits or
     more the last three.';
