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
    language plpgsql immutable parallel safe security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    extension text := glas_data.gsm7_extension();
    gsm7 boolean := translate(p_text, glas_data.gsm7_basic() || extension, '') = '';
    room int := case when gsm7 then 153 else 67 end;
    wide int := length(p_text) - length(case when gsm7
        then translate(p_text, extension, '')
        else regexp_replace(p_text, '[\U00010000-\U0010FFFF]', '', 'g') end);
    used int := 0;
    size int;
begin
    encoding := case when gsm7 then 'GSM7' else 'UCS2' end;
    units := length(p_text) + wide;
    segments := case when units <= case when gsm7 then 160 else 70 end then 1
                     else (units + room - 1) / room end;
    -- A character of two units is never cut: that is seen letter by letter.
    if segments > 1 and wide > 0 then
        segments := 1;
        for i in 1 .. length(p_text) loop
            size := case when gsm7
                then 1 + (strpos(extension, substr(p_text, i, 1)) > 0)::int
                else 1 + (ascii(substr(p_text, i, 1)) > 65535)::int end;
            if used + size > room then
                segments := segments + 1;
                used := 0;
            end if;
            used := used + size;
        end loop;
    end if;
end
$$;
comment on function glas_data.sms_size(text) is
    'Encoding, segments and septets or UCS-2 units of a text.';

-- Signs that word processors put in, each turned into one plain sign; the
-- ellipsis becomes three.
create or replace function glas_data.plain_signs(p_text text) returns text
    language sql immutable parallel safe
    as $$
    select replace(translate(p_text,
        e'\u0009\u2028\u2029\u00A0\u2007\u202F\u3000\u00AB'
        || e'\u00BB\u201C\u201D\u201E\u201F\u2033\u2036\u2018'
        || e'\u2019\u201A\u201B\u2032\u2035\u2039\u203A\u0060'
        || e'\u00B4\u02BC\u2010\u2011\u2012\u2013\u2014\u2015'
        || e'\u2212\u2022\u00B7\u2044\u00D7',
        e' \n\n    """"""""''''''''''''''''''''''--------./x'),
        e'\u2026', '...')
    $$;
comment on function glas_data.plain_signs(text) is
    'Curly quotes, long dashes, special spaces and the like as plain ones.';

create or replace function glas_data.unseen_letters() returns text
    language sql immutable parallel safe
    as $$
    select '[\u0001-\u0009\u000B\u000E-\u001F\u007F-\u009F\u00AD'
        || '\u0300-\u036F\u0483-\u0489\u061C\u1AB0-\u1AFF\u1DC0-\u1DFF'
        || '\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u20D0-\u20F0\u2DE0-\u2DFF'
        || '\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF'
        || '\U000E0001-\U000E007F\U000E0100-\U000E01EF]'
    $$;
comment on function glas_data.unseen_letters() is
    'Regular expression for what shows nothing of its own: marks on letters, controls, joiners.';

-- A letter that is not in the alphabet, in letters that are; '' for what shows
-- nothing of its own, null when there is nothing like it.
create or replace function glas_data.plain_letter(p_letter text) returns text
    language plpgsql immutable parallel safe
    as $$
declare
    cyrillic text[] := string_to_array(
        'E Jo Đ Đ Je Dz I Ji J Lj Nj Ć Ć I U Dž '
        'A B V G D E Ž Z I J K L M N O P R S T U F H C Č Š Št A Y J E Ju Ja '
        'a b v g d e ž z i j k l m n o p r s t u f h c č š št a y j e ju ja '
        'e jo đ đ je dz i ji j lj nj ć ć i u dž', ' ');
    digraphs text[] := array['DŽ', 'Dž', 'dž', 'LJ', 'Lj', 'lj', 'NJ', 'Nj', 'nj'];
    code  int := ascii(p_letter);
    plain text := p_letter;
begin
    if code between 1024 and 1119 then
        plain := cyrillic[code - 1023];
    elsif code between 452 and 460 then
        plain := digraphs[code - 451];
    end if;
    plain := glas_data.plain_signs(normalize(glas_data.plain_signs(plain), nfkd));
    plain := regexp_replace(plain, glas_data.unseen_letters(), '', 'g');
    plain := translate(plain, 'łŁıĸħĦŧŦŋŊəƏʒƷ', 'lLikhHtTnNeEzZ');
    plain := replace(replace(replace(replace(plain, 'đ', 'dj'), 'Đ', 'Dj'),
        'ð', 'dj'), 'Ð', 'Dj');
    plain := replace(replace(replace(replace(plain, 'œ', 'oe'), 'Œ', 'Oe'),
        'þ', 'th'), 'Þ', 'Th');
    plain := replace(replace(plain, 'θ', 'th'), 'ẞ', 'SS');
    if translate(plain, glas_data.gsm7_basic() || glas_data.gsm7_extension(), '') = '' then
        return plain;
    end if;
    return null;
end
$$;
comment on function glas_data.plain_letter(text) is
    'One letter in letters of the GSM 7-bit alphabet.';

-- Whether a letter that becomes two is in a shouted word: the next letter is
-- a capital, or this one is the last and the one before is.
create or replace function glas_data.is_shouted(p_before text, p_next text)
    returns boolean
    language sql immutable parallel safe
    as $$
    select case when coalesce(p_next, '') ~ letter then p_next ~ capital
                else coalesce(p_before, '') ~ capital end
      from (select '[A-Z\u00C0-\u00D6\u00D8-\u00DE\u018F\u01C4\u01C7\u01CA\u0391-\u03AB\u0400-\u042F'
                || 'ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ]',
                   '[A-Za-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02C1\u0370-\u0481'
                || '\u048A-\u1FFF\u2C00-\u2DDF\u3041-\uD7FF\uF900-\uFFDC]') c (capital, letter)
    $$;
comment on function glas_data.is_shouted(text, text) is
    'Whether the second of two letters is to be a capital as well.';

-- The second and later parts of what is seen as one sign, like an emoji of
-- several persons or a flag, get no question mark of their own.
create or replace function glas_data.is_continued(p_before text, p_here text, p_flags int)
    returns boolean
    language sql immutable parallel safe
    as $$
    select (p_before is not null and p_here ~ '[\U0001F3FB-\U0001F3FF]')
        or (p_before = e'\u200D' and p_here ~ '[\u00A9\u00AE\u2190-\u3299\U0001F000-\U0001FAFF]')
        or (p_flags % 2 = 1 and p_here ~ '[\U0001F1E6-\U0001F1FF]')
    $$;
comment on function glas_data.is_continued(text, text, int) is
    'Whether a character belongs to the one before it; p_flags: flag letters before it.';

create or replace function glas_data.sms_text(p_text text, p_cyrillic boolean)
    returns text
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
declare
    alphabet text := glas_data.gsm7_basic() || glas_data.gsm7_extension();
    written  text := normalize(p_text, nfc);
    letters  text[];
    here     text;
    plain    text;
    flags    int := 0;
    result   text := '';
begin
    if not p_cyrillic and translate(written, alphabet, '') = '' then
        return written;
    end if;
    letters := regexp_split_to_array(written, '');
    for n in 1 .. coalesce(cardinality(letters), 0) loop
        here := letters[n];
        if p_cyrillic then
            plain := case when ascii(here) < 128 then here
                else glas_data.plain_signs(here) end;
        elsif strpos(alphabet, here) > 0 then
            plain := here;
        else
            plain := glas_data.plain_letter(here);
            if plain is null then
                plain := case when glas_data.is_continued(letters[n - 1], here, flags)
                    then '' else '?' end;
            elsif here ~ '[\u0402-\u042FĐÐŒÞ]' and length(plain) > 1
                  and glas_data.is_shouted(letters[n - 1], letters[n + 1]) then
                plain := upper(plain);
            end if;
        end if;
        flags := case when here ~ '[\U0001F1E6-\U0001F1FF]' then flags + 1 else 0 end;
        result := result || plain;
    end loop;
    return result;
end
$$;
comment on function glas_data.sms_text(text, boolean) is
    'The letters that a text is sent in: those of GSM-7, unless the person asked for their own.';
