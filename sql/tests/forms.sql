-- Forms: the views that are made of them, what goes into entries, and who
-- sees it.
begin;
\ir fixture.psql
select plan(44);

select test.office();
create temp table pack (pack jsonb);
insert into pack values ('{
    "forms": {"entries": [{"code": "CHECKIN", "names": {"en": "Weekly check-in"}},
        {"code": "BARE", "names": {}}]},
    "form_fields": {"entries": [
        {"form": "CHECKIN", "field": "since", "position": 4, "type": "date", "required": false},
        {"form": "CHECKIN", "field": "incidents", "position": 1, "type": "number", "required": true,
         "ask": {"en": "How many?"}},
        {"form": "CHECKIN", "field": "mood", "position": 2, "type": "choice", "required": true,
         "choices": {"calm": "mirno", "bad": "lose"}},
        {"form": "CHECKIN", "field": "place", "position": 3, "type": "place", "required": true},
        {"form": "CHECKIN", "field": "order", "position": 5, "type": "text", "required": false}]}}');
select lives_ok($$ select glas_data.content_import(pack) from pack $$, 'forms are imported');

-- What is made of them.
select columns_are('glas', 'form_checkin', array['entry', 'at', 'citizen', 'incidents', 'mood', 'place',
    'since', 'order', 'complete', 'unread'], 'a form is a view with a column for each field');
select is((select array_agg(attname order by attnum) from pg_attribute
            where attrelid = 'glas.form_checkin'::regclass and attnum > 3 and attnum < 9),
    array['incidents', 'mood', 'place', 'since', 'order']::name[], 'by position');
select col_type_is('glas', 'form_checkin', 'incidents', 'numeric', 'a number is one');
select col_type_is('glas', 'form_checkin', 'since', 'date', 'a date is one');
select col_type_is('glas', 'form_checkin', 'place', 'text', 'a place is Municipality/Settlement');
select columns_are('glas', 'form_bare', array['entry', 'at', 'citizen', 'complete', 'unread'],
    'also without fields');
select is((select pg_get_userbyid(relowner) from pg_class where oid = 'glas.form_checkin'::regclass),
    'glas_owner', 'it belongs to glas_owner');
select is((select reloptions from pg_class where oid = 'glas.form_checkin'::regclass),
    array['security_barrier=true'], 'and is a barrier');
select is(obj_description('glas.form_checkin'::regclass),
    e'Weekly check-in: what came for the form CHECKIN, of observers of the own organisation.\n'
    '     Example: select * from glas.form_checkin limit 20;', 'with a comment that has an example');
select is_empty($$ select attname from pg_attribute
                    where attrelid = 'glas.form_checkin'::regclass and attnum > 0
                      and coalesce(col_description(attrelid, attnum), '') = '' $$,
    'every column has a comment');
select is(col_description('glas.form_checkin'::regclass, 5), 'mood (bad, calm)', 'which lists the choices');
select is((select count(*) from glas.help() where thing like '%form_checkin%'), 1::bigint, 'help has it');
select is((select string_agg(r, ' ' order by r)
             from unnest(array['caseworker', 'coordinator', 'auditor', 'operator', 'press', 'gateway']) r
            where has_table_privilege('glas_' || r, 'glas.form_checkin', 'select')),
    'auditor caseworker coordinator', 'those who see reports may look');

-- What comes in.
create table test.updated (message bigint);
create function test.note_update() returns trigger
    language plpgsql security definer as $$ begin insert into test.updated values (new.id); return new; end $$;
create trigger note_update after update on glas_data.message
    for each row execute function test.note_update();
select is(test.store('{
    "citizens": [{"who": "ana", "version": 1, "copy": "ana"}, {"who": "cana", "copy": "cana"}],
    "segments": [{"identity": "c", "message": 11}, {"identity": "d", "message": 12, "citizen": 2}],
    "texts": [{"id": 11, "intent": "form", "code": "CHECKIN", "text": "JAVLJANJE 5 lose"},
              {"id": 12, "citizen": 2, "intent": "form", "code": "CHECKIN", "test": "t"}],
    "acts": [{"kind": "entry", "message": 11, "key": "11/CHECKIN", "value": ""},
             {"kind": "value", "message": 11, "key": "11/incidents", "value": "5"},
             {"kind": "value", "message": 11, "key": "11/mood", "value": "bad"},
             {"kind": "value", "message": 11, "key": "11/since", "value": "2026-11-23"},
             {"kind": "value", "message": 11, "key": "11/order", "value": "no bread"},
             {"kind": "unread", "message": 11, "key": "11", "value": "31.2."},
             {"kind": "entry", "message": 12, "citizen": 2, "key": "12/CHECKIN", "value": "complete"}]}'),
    '{}'::int[], 'an entry is stored');
select results_eq($$ select entry, incidents, mood, place, since, "order", complete, unread
                       from glas.form_checkin $$,
    $$ values (11::bigint, 5::numeric, 'bad', null::text, date '2026-11-23', 'no bread', false, '31.2.') $$,
    'with typed values; a trial is not shown');
select is((select done from glas_data.message where id = 11), concat_ws(e'\n', 'began form CHECKIN',
    'gave a value for incidents', 'gave a value for mood', 'gave a value for since', 'gave a value for order',
    'wrote more than could be read as a value'), 'what it did is told without its words');
select is((select array_agg(message order by message) from test.updated), array[11, 12]::bigint[],
    'and noted at once');
select is(test.store('{
    "citizens": [{"who": "ana", "version": 2}],
    "segments": [{"identity": "e", "message": 13}],
    "texts": [{"id": 13, "intent": "answer", "text": "u Suvom Dolu"}],
    "acts": [{"kind": "entry", "message": 13, "key": "11/CHECKIN", "value": "complete"},
             {"kind": "value", "message": 13, "key": "11/place", "value": "Vranje/Suvi Dol"},
             {"kind": "value", "message": 13, "key": "11/mood", "value": "calm"},
             {"kind": "unread", "message": 13, "key": "11", "value": "tamo"}]}'),
    '{}'::int[], 'an answer is stored');
select results_eq($$ select entry, mood, place, complete, unread from glas.form_checkin $$,
    $$ values (11::bigint, 'calm', 'Vranje/Suvi Dol', true, '31.2. tamo') $$,
    'and belongs to the entry of before');
select results_eq($$ select municipality, settlement from glas_data.form_value where field = 'place' $$,
    $$ values ('Vranje', 'Suvi Dol') $$, 'a place is in two parts');
select is(test.store('{
    "citizens": [{"who": "ana", "version": 3}],
    "segments": [{"identity": "f", "message": 14}],
    "texts": [{"id": 14}],
    "acts": [{"kind": "value", "message": 14, "key": "12/incidents", "value": "7"},
             {"kind": "unread", "message": 14, "key": "12", "value": "mine"},
             {"kind": "entry", "message": 14, "key": "12/CHECKIN", "value": ""},
             {"kind": "value", "message": 14, "key": "11/incidents", "value": "many"},
             {"kind": "value", "message": 14, "key": "11/gone", "value": "x"}]}'),
    '{}'::int[], 'what a gateway thinks of entries of others is no error');
select results_eq($$ select complete, unread from glas_data.form_entry where message = 12 $$,
    $$ values (true, '') $$, 'and changes nothing');
select is((select count(*) from glas_data.form_value where entry = 12), 0::bigint, 'nothing at all');
select is((select incidents from glas.form_checkin), null::numeric,
    'nor is what is no number for this version of the form');

select is(array(select glas_data.day_of(d) from unnest('{2028-02-29,2026-02-29,2026-99-99,0000-01-01}'::text[]) d),
    array['2028-02-29', null, null, null]::date[], 'a day that the calendar does not have is none');
select lives_ok($$ select glas_data.act(citizen, 14, 'value', '11/since', '2026-99-99')
                     from glas_data.form_entry where message = 11 $$, 'and no error');
select results_eq($$ select value, day from glas_data.form_value where entry = 11 and field = 'since' $$,
    $$ values ('2026-99-99', null::date) $$, 'but text');
select lives_ok($$ select glas_data.act(citizen, 14, 'value', '11/since', '2026-11-23')
                     from glas_data.form_entry where message = 11 $$, 'until it is one');
select throws_like($$ select glas_data.act(1, 14, 'dance', '', '') $$, 'a text cannot do "dance" here: run glasctl migrate%',
    'what only a newer gateway knows is an error');

-- Who sees it.
set session authorization kosta;
select is((select count(*) from glas.form_checkin), 1::bigint, 'a coordinator sees all');
set session authorization mira;
select is((select count(*) from glas.form_checkin), 0::bigint,
    'a case worker sees nothing of who is no observer of theirs');
reset session authorization;
insert into glas_data.observer (citizen, form, weekday, name, organisation, since)
select c.citizen, 'CHECKIN', 1, 'MZ Suvi Dol', 'Odbor Vranje', now()
  from glas_data.form_entry c where c.message = 11;
set session authorization mira;
select is((select count(*) from glas.form_checkin), 1::bigint, 'and all of who is');
reset session authorization;
update glas_data.observer set since = now() + interval '1 minute';
set session authorization mira;
select is((select count(*) from glas.form_checkin), 0::bigint, 'since they are');
reset session authorization;
update glas_data.observer set since = now();
set session authorization mira;
select is(has_table_privilege('glas.form_checkin', 'insert, update, delete, truncate'), false,
    'to look at');
select throws_ok($$ select * from glas_data.form_entry $$, '42501', null, 'through the view alone');
select throws_ok($$ select glas_data.form_views() $$, '42501', null, 'which they cannot make');
reset session authorization;

-- When it changes.
select lives_ok($$ select glas_data.content_import(pack #- '{forms,entries,1}'
    #- '{form_fields,entries,2}') from pack $$, 'another content');
select hasnt_view('glas', 'form_bare', 'a form that is gone has no view');
select hasnt_column('glas', 'form_checkin', 'mood', 'a field that is gone no column');
select is((select count(*) from glas_data.form_value where field = 'mood'), 1::bigint, 'but its values stay');

-- And when somebody goes.
select lives_ok($$ select glas_data.erase(citizen, 14) from glas_data.form_entry where message = 11 $$,
    'a person is erased');
select results_eq($$ select since, "order", unread from glas.form_checkin $$,
    $$ values (date '2026-11-23', '[obrisano]', '[obrisano]') $$, 'their words are gone, counts stay');
select is((select count(*) from glas_data.form_entry), 2::bigint, 'no entry is lost');

select * from finish();
rollback;
