-- Words that people write and the content does not know, and how one is taught.
-- Folding is that of src/text/fold.c for the letters of our languages.

create or replace function glas_data.fold(p_text text) returns text
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
declare
    pairs text[] := array['đ', 'dj', 'ð', 'dj', 'ђ', 'dj', 'ѓ', 'dj', 'љ', 'lj', 'њ', 'nj',
        'џ', 'dz', 'ѕ', 'dz', 'щ', 'st', 'ю', 'ju', 'я', 'ja', 'ё', 'jo'];
    folded text := translate(normalize(p_text, nfc),
        'ĐÐАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁЂЃЄЅІЇЈЉЊЋЌЍЎЏЀ',
        'đðабвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќѝўџѐ');
begin
    -- As most words of the content are: ASCII without quotes.
    if p_text ~ e'^[\\u0001-&(-_a-\\u007F]*$' then
        return lower(p_text);
    end if;
    for n in 1 .. cardinality(pairs) / 2 loop
        folded := replace(folded, pairs[2 * n - 1], pairs[2 * n]);
    end loop;
    folded := translate(folded, 'абвгдежзийклмнопрстуфхцчшъыьэєіїјћќѝўѐıøØ',
                                'abvgdezzijklmnoprstufhccsaijeeiijcciueioo');
    folded := regexp_replace(normalize(folded, nfkd), e'[\u0300-\u036F]', '', 'g');
    return lower(translate(folded, e'''`\u00B4\u02BC\u2018\u2019\u201A\u201B', ''));
end
$$;
comment on function glas_data.fold(text) is
    'A text for comparing: small Latin letters without marks; signs and spaces stay.';

-- A pattern as the content has it: each word folded, with its ^ and *.
create or replace function glas_data.fold_pattern(p_words text) returns text
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select btrim(regexp_replace(regexp_replace(
        glas_data.fold(p_words), '\s+', ' ', 'g'), '^ ?\^ ', '^'))
    $$;
comment on function glas_data.fold_pattern(text) is
    'Words of a person as a pattern: folded, spaces single, ^ and * kept.';

-- How words begin that are known, and how long they may be then: those of
-- patterns, small words, and places in their cases.
create or replace function glas_data.known_words()
    returns table (stem text, most int)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with pattern as (
        select ltrim(w, ' ^') as words
          from glas_data.keyword k,
               regexp_split_to_table(glas_data.fold(k.pattern), ' *,') w
        union
        select ltrim(w, ' ^')
          from glas_data.cue c, regexp_split_to_table(glas_data.fold(c.pattern), ' *,') w
        union
        select glas_data.fold(w)
          from glas_data.language l, jsonb_array_elements_text(l.words) w
    ), said as (
        select rtrim(w, '*') as stem, w like '%*' as open,
               p.words ~ ' ' as several
          from pattern p, unnest(string_to_array(p.words, ' ')) w
         where w !~ '^[@+]'
    ), named as (
        select distinct w as word
          from glas_data.place p,
               concat_ws(' ', p.municipality, p.settlement, p.cyrillic, p.sq, p.bg,
                   (select string_agg(a, ' ')
                      from jsonb_array_elements_text(p.aliases) a)) names,
               regexp_split_to_table(glas_data.fold(names), '[^[:alpha:]]+') w
    )
    select s.stem, case when s.open and (length(s.stem) > 3 or not s.several)
                        then 1000 else length(s.stem) end
      from said s where s.stem <> ''
    union
    select regexp_replace(n.word, '(ac|[aeiou]+)$', ''), length(n.word) + 3
      from named n where length(n.word) > 2
    $$;
comment on function glas_data.known_words() is
    'Beginnings of words that the content knows, and the length up to which they count.';

create or replace function glas_data.unknown_words()
    returns table (word text, texts int, lang text, example text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with newest as (
        select m.id, m.received_at, m.citizen, m.lang, m.intent, m.reference
          from glas_data.message m
         where m.received_at > glas.now() - interval '90 days' and not m.test
         order by m.id desc limit 5000
    ), odd as materialized (
        select m.id, m.citizen, m.lang,
               (select b.text from glas_data.body b
                 where b.message = m.id and b.received_at = m.received_at) as text
          from newest m
         where (m.intent = 'unclassified'
                or exists (
                    select from glas_data.report r
                     where r.reference = m.reference
                       and (r.category = ''
                            or exists (select from glas_data.report_history h
                                        where h.reference = r.reference
                                          and h.what = 'category'))))
    ), said as (
        select distinct o.id, o.citizen, o.lang, o.text, w as word
          from odd o, regexp_split_to_table(glas_data.fold(regexp_replace(o.text,
               '\[(broj [0-9]+|JMBG)\]', ' ', 'g')), '[^a-z0-9]+') w
         where o.text <> '[obrisano]' and w ~ '^[a-z]{4,}$'
    ), counted as (
        select s.word, count(*)::int as texts,
               mode() within group (order by s.lang) as lang,
               (array_agg(s.text order by length(s.text), s.id))[1] as text
          from said s
         group by s.word
        having count(distinct s.citizen) > 1
    ), known as materialized (
        select k.stem, k.most from glas_data.known_words() k
    ), familiar as (
        select c.word
          from counted c, generate_series(1, length(c.word)) n, known k
         where k.stem = left(c.word, n) and length(c.word) <= k.most
    )
    select c.word, c.texts, c.lang,
           regexp_replace(
               left(regexp_replace(c.text, '\s+', ' ', 'g'), 60)
                   || case when length(c.text) > 60 then '…' else '' end,
               '[0-9][0-9 /-]{4,}[0-9]', '#', 'g')
      from counted c
     where c.word not in (select f.word from familiar f)
     order by c.texts desc, c.word
    $$;
comment on function glas_data.unknown_words() is
    'What stands in glas.unknown_words.';

create or replace view glas.unknown_words with (security_barrier) as
select u.word, u.texts, u.lang, u.example
  from glas_data.unknown_words() u
 where (select glas_data.sees_all())
 order by u.texts desc, u.word;
comment on view glas.unknown_words is
    'Words of the newest 5000 texts of the last 90 days, from those that were not
     understood or that a person had to classify, which no keyword has; written by
     two people at least, most frequent first. glas.teach() makes one known.
     Example: select * from glas.unknown_words limit 20;';
comment on column glas.unknown_words.word is 'The word, folded: small Latin letters without marks.';
comment on column glas.unknown_words.texts is 'In how many texts it stands.';
comment on column glas.unknown_words.lang is 'Language of most of these texts.';
comment on column glas.unknown_words.example is 'The beginning of the shortest of them; numbers are left out.';

-- Checks of glas.teach(): each an error that says what to do instead.
create or replace function glas_data.teach_code(p_kind text, p_code text)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    known text[];
    code  text := case p_kind when 'intent' then lower(btrim(p_code))
                              else upper(btrim(p_code)) end;
begin
    case p_kind
    when 'category' then
        select array_agg(c.code order by c.code) into known from glas_data.category c;
    when 'topic' then
        select array_agg(t.code order by t.code) into known from glas_data.topic t;
    when 'intent', 'actor' then
        select array_agg(distinct k.code order by k.code) into known
          from glas_data.keyword k where k.kind = p_kind;
    else
        raise invalid_parameter_value using message = format(
            'a word can mean a category, topic, intent or actor, not "%s"',
            glas_data.echo(p_kind));
    end case;
    if code is null or not code = any (coalesce(known, '{}')) then
        raise invalid_parameter_value using message = format(
            'there is no %s "%s": known are %s', p_kind, glas_data.echo(p_code),
            coalesce(array_to_string(known, ', '), 'none'));
    end if;
    return code;
end
$$;
comment on function glas_data.teach_code(text, text) is
    'The code that a word is to mean, as the content spells it.';

create or replace function glas_data.teach_pattern(p_word text) returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    pattern text := glas_data.fold_pattern(glas_data.at_most('the word', p_word, 120));
begin
    if pattern is null or length(pattern) > 90
       or pattern !~ '^\^?[a-z]+\*?( [a-z]+\*?){0,7}$' then
        raise invalid_parameter_value using message = format(
            '"%s" cannot be taught: write one word or up to eight, of letters, '
            'with * for any ending and ^ in front for the first word of a text',
            glas_data.echo(p_word));
    end if;
    if pattern ~ '^\^?[a-z]{1,2}\*?$' or pattern ~ '^\^?[a-z]{1,3}\*$' then
        raise invalid_parameter_value using message = format(
            '"%s" is too short and would mean too much: write more letters, or '
            'a word beside it', glas_data.echo(p_word));
    end if;
    return pattern;
end
$$;
comment on function glas_data.teach_pattern(text) is
    'A word as a pattern, when it can be one.';

create or replace function glas_data.patterns_meet(p_one text, p_other text)
    returns boolean
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select cardinality(one) = cardinality(other)
       and (select bool_and(rtrim(a, '*') = rtrim(b, '*')
                or a like '%*' and starts_with(rtrim(b, '*'), rtrim(a, '*'))
                or b like '%*' and starts_with(rtrim(a, '*'), rtrim(b, '*')))
              from unnest(one, other) w (a, b))
      from (select string_to_array(ltrim(p_one, '^'), ' '),
                   string_to_array(ltrim(p_other, '^'), ' ')) p (one, other)
    $$;
comment on function glas_data.patterns_meet(text, text) is
    'Whether the same words of a text may be both, word by word.';

-- A text has one topic and one intent, in whichever language and with ^ or
-- without. What a form begins with means nothing else: reports would go to it.
create or replace function glas_data.teach_clash(p_new glas_data.keyword)
    returns glas_data.keyword
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select k.*
      from glas_data.keyword k, regexp_split_to_table(k.pattern, ',') p,
           glas_data.fold_pattern(p) w
     where (k.kind, k.lang, w) = (p_new.kind, p_new.lang, p_new.pattern)
        or k.kind = p_new.kind and k.kind in ('topic', 'intent')
           and k.code <> p_new.code
           and ltrim(w, '^') = ltrim(p_new.pattern, '^')
        or k.kind = 'form' and glas_data.patterns_meet(w, p_new.pattern)
     order by k.code <> p_new.code, k.kind <> p_new.kind
     limit 1
    $$;
comment on function glas_data.teach_clash(glas_data.keyword) is
    'A keyword that a new one cannot stand beside.';

create or replace function glas.teach(word text, kind text, code text, lang text)
    returns setof glas_data.keyword
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    new glas_data.keyword;
    old glas_data.keyword;
begin
    new.kind := lower(btrim(teach.kind));
    new.code := glas_data.teach_code(new.kind, teach.code);
    new.lang := regexp_replace(btrim(teach.lang), '^sr-(Latn|Cyrl)$', 'sr');
    new.pattern := glas_data.teach_pattern(teach.word);
    if new.lang is null or not new.lang in ('sr', 'sq', 'rom', 'bg', 'en') then
        raise invalid_parameter_value using message = format(
            'no language is called "%s": write sr, sq, rom, bg or en',
            glas_data.echo(teach.lang));
    end if;
    lock table glas_data.content_section in share row exclusive mode;
    old := glas_data.teach_clash(new);
    if old.code is not null then
        raise invalid_parameter_value using message = format(
            '"%s" is a word for %s %s already: %s', new.pattern, old.kind, old.code,
            case when old.kind = 'form' then 'teach another word, or one beside it'
                 when old.code = new.code then 'nothing is to be done'
                 else format('select * from glas.unteach(%L) if it was taught so, '
                     'else correct keywords.json', new.pattern) end);
    end if;
    insert into glas_data.keyword (kind, code, lang, pattern)
    values (new.kind, new.code, new.lang, new.pattern);
    insert into glas_data.taught as t (kind, code, lang, pattern, taught_by, taught_at)
    values (new.kind, new.code, new.lang, new.pattern, session_user, glas.now())
    on conflict (kind, code, lang, pattern) do update
        set taught_by = excluded.taught_by, taught_at = excluded.taught_at;
    perform glas_data.content_touch();
    return next new;
end
$$;
comment on function glas.teach(text, text, text, text) is
    'Makes a word mean a category, topic, intent or actor, in a language, at
     once: word* is any ending, ^word only the first word of a text. Export the
     content before the next import, or it is forgotten.
     Example: select * from glas.teach(''bandera*'', ''category'', ''LIGHT'', ''sr'');';

create or replace function glas.unteach(word text)
    returns setof glas_data.keyword
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    gone text := glas_data.fold_pattern(glas_data.at_most('the word', unteach.word, 120));
begin
    lock table glas_data.content_section in share row exclusive mode;
    return query
        with t as (
            delete from glas_data.taught t where t.pattern = gone returning *)
        delete from glas_data.keyword k using t
         where (k.kind, k.code, k.lang, k.pattern) = (t.kind, t.code, t.lang, t.pattern)
        returning k.*;
    if not found then
        raise no_data_found using message = format(
            '"%s" was not taught: known are %s', glas_data.echo(unteach.word),
            coalesce((select string_agg(distinct t.pattern, ', ' order by t.pattern)
                        from glas_data.taught t), 'none'));
    end if;
    perform glas_data.content_touch();
end
$$;
comment on function glas.unteach(text) is
    'Takes back what glas.teach() made of a word. Words of the pack stay.
     Example: select * from glas.unteach(''bandera*'');';
