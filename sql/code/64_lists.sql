-- Lists beside the municipalities: people ask for their news by a word (VESTI
-- VODA) and leave them with the same (STOP VODA).

create or replace function glas.list_add(
    code text, names text, keywords text[] default '{}') returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    word  text := upper(btrim(list_add.code));
    named jsonb;
    words text[];
    odd   text;
begin
    if coalesce(word, '') !~ '^[A-Z][A-Z0-9]{1,19}$' then
        raise invalid_parameter_value using message = format(
            '"%s" is no word for a list: people type it, so write one of plain '
            'letters, like VODA', glas_data.echo(list_add.code));
    end if;
    named := glas_data.titles(
        glas_data.object_of(list_add.names) ->> 'sr-Latn', list_add.names);
    select coalesce(array_agg(distinct lower(btrim(k)) order by lower(btrim(k))), '{}')
      into words
      from unnest(list_add.keywords) k where lower(btrim(k)) <> lower(word);
    select k into odd from unnest(words) k
     where k is null or k !~ '^[[:alnum:]]{2,20}$' or glas_data.plain(k) ~ '[0-9]{6}' limit 1;
    if found or cardinality(words) > 20 then
        raise invalid_parameter_value using message = format(
            'at most 20 other words, each one word of 2 to 20 letters, not "%s"',
            glas_data.echo(coalesce(odd, 'more')));
    end if;
    select k into odd from unnest(words || lower(word)) k
     where exists (select from glas_data.place p
                    where lower(p.municipality) = k or lower(p.settlement) = k)
     limit 1;
    if found then
        raise invalid_parameter_value using message = format(
            '"%s" is a place: its news are a list of their own', odd);
    end if;
    select l.code into odd from glas_data.list l
     where l.code <> word
       and (lower(l.code) || l.keywords) && (lower(word) || words) limit 1;
    if found then
        raise invalid_parameter_value using message = format(
            'list %s has one of these words already', odd);
    end if;
    insert into glas_data.list as l (code, names, keywords, added_by, added_at)
    values (word, named, words, session_user, glas.now())
    on conflict (code) do update set names = excluded.names, keywords = excluded.keywords;
    perform glas_data.content_touch();
    return word;
end
$$;
comment on function glas.list_add(text, text, text[]) is
    'Makes a list that people can ask news of with VESTI and its word, and leave
     with STOP and its word; said again, it changes names and other words.
     Example: select glas.list_add(''VODA'', ''{"sr-Latn": "Voda", "sq": "Uji"}'', ''{uji,vodovod}'');';

create or replace function glas.list_remove(code text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    word text := upper(btrim(list_remove.code));
    busy int;
    left_by int;
begin
    select b.number into busy from glas_data.broadcast b
     where b.list = word and b.state in ('canary', 'sending', 'paused') limit 1;
    if busy is not null then
        raise object_not_in_prerequisite_state using message = format(
            'broadcast %s goes to list %s: select glas.broadcast_cancel(%1$s) first',
            busy, word);
    end if;
    delete from glas_data.list l where l.code = word;
    if not found then
        raise no_data_found using message = format(
            'there is no list "%s": known are %s', glas_data.echo(word), coalesce(
                (select string_agg(l.code, ', ' order by l.code) from glas_data.list l),
                'none'));
    end if;
    delete from glas_data.subscription s where s.list = word;
    get diagnostics left_by = row_count;
    perform glas_data.content_touch();
    return format('List %s is gone; it had %s people.', word, left_by);
end
$$;
comment on function glas.list_remove(text) is
    'Takes a list away, with who had asked for its news.
     Example: select glas.list_remove(''VODA'');';
