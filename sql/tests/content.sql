begin;
\ir fixture.psql
select plan(20);

select is(glas_gw.content(), null, 'no content before the first import');
select is((select array_agg(name) from glas.alerts where name like 'content%'), array['content-missing'],
    'which is an alert');
select glas_gw.connect('vranje', '0.1', 'set', interval '1 minute');

create temp table pack (pack jsonb);
insert into pack values ('{
    "categories": {"note": "n", "entries": [
        {"code": "LIGHT", "group": 1, "named_in_reply": true, "urgent": false, "emergency_on_cue": false,
         "emergency_line": "LINE", "by_actor": {"ARMY": "ARMY_ROAD"}, "names": {"en": "light", "sr-Latn": "rasveta"}}]},
    "concepts": {"note": "", "entries": [{"concept": "wound", "lang": "sr", "words": ["modric*", "krv*"]}]},
    "emergency": {"note": "", "entries": [{"cue": "EMERG", "lang": "sr", "pattern": "upomoc"}]},
    "form_fields": {"note": "", "entries": [
        {"form": "CHECKIN", "field": "number", "position": 1, "type": "number", "required": true, "max": 9,
         "ask": {"en": "How many?"}, "example": {"en": "3"}}]},
    "forms": {"note": "", "entries": [{"code": "CHECKIN", "names": {"en": "Check-in"}}]},
    "keywords": {"note": "", "entries": [{"kind": "intent", "code": "report", "lang": "sr", "pattern": "^prijava"},
        {"kind": "intent", "code": "report", "lang": "sr", "pattern": "prijav*", "weight": 3}]},
    "languages": {"note": "", "entries": [{"lang": "bg", "name": "български", "letters": "ъщ", "words": ["със", "е"]}]},
    "places": {"note": "from GeoNames", "entries": [
        {"municipality": "Vranje", "settlement": "", "kind": "city", "source": "x", "aliases": ["Vr"], "lat": "42.5514"},
        {"municipality": "Vranje", "settlement": "Suvi Dol", "kind": "village", "source": "x", "sq_verified": false}]},
    "replies": {"note": "", "entries": [
        {"key": "HELP", "lang": "sq", "text": "Shkruani \"RAPORT\" 😀", "source": "s", "reviewer": "none", "last_checked": "2026-11-01"},
        {"key": "HELP", "lang": "sr-Latn", "text": "a\nb", "source": "s", "reviewer": "x", "last_checked": "2026-11-01", "valid_until": "2027-01-01"}]},
    "settings": {"note": "", "entries": [{"name": "unclear_every", "value": 86400, "help": "h"}]},
    "topics": {"note": "", "entries": [{"code": "POLICE", "number": 4, "names": {"en": "police"}}]},
    "weights": {"note": "", "entries": [{"class": "report LIGHT", "bias": -3, "features": ["=wound -4", "nema svetl* 31"]}]}}');

select results_eq($$ select what, added, changed, removed
                       from pack, glas_data.content_import(pack) order by what $$,
    $$ values ('categories', 1, 0, 0), ('concepts', 1, 0, 0), ('emergency', 1, 0, 0),
              ('form_fields', 1, 0, 0), ('forms', 1, 0, 0), ('keywords', 2, 0, 0),
              ('languages', 1, 0, 0), ('places', 2, 0, 0), ('replies', 2, 0, 0), ('settings', 1, 0, 0),
              ('topics', 1, 0, 0), ('weights', 1, 0, 0) $$,
    'an import says what it added');
select is(glas_gw.content() - 'live', (select pack from pack), 'what went in comes out');
select is(glas_data.content_pack()::text, (select pack::text from pack), 'in the same order');
select is((select sum(added + changed + removed) from glas_data.content_import(glas_data.content_pack())),
    0::bigint, 'importing what was exported changes nothing');
select is((select content_version from glas_gw.alive('vranje', interval '1 minute', '1', '[]', true)), '2', 'but the gateways look again');
select results_eq($$ select what, added, changed, removed
        from pack, glas_data.content_import(
            jsonb_set(pack #- '{replies,entries,1}', '{replies,entries,0,reviewer}', '"Agim"')
            || '{"topics": {"note": "", "entries": [{"code": "X"}]}}')
       where added + changed + removed > 0 $$,
    $$ values ('replies', 0, 1, 1), ('topics', 1, 0, 1) $$, 'an import says what it changed');
select throws_ok($$ select glas_data.content_import('{"riddles": {}}') $$, '22023',
    'section riddles is not known: the pack belongs to another version of Glas', 'an unknown section');
select throws_ok($$ select glas_data.content_import('{"topics": {"entries": [{"code": "X", "colour": 1}]}}') $$,
    '22023', 'field colour of section topics is not known: the pack belongs to another version of Glas',
    'an unknown field');
select throws_ok($$ select glas_data.content_import('[]') $$, '22023', null, 'something else');
select throws_ok($$ select glas_data.content_import(null) $$, '22023', null, 'nothing');
select throws_ok($$ select glas_data.content_import('{"topics": {"entries": [{"code": "X"}, {"code": "X"}]}}') $$,
    '23505', null, 'an entry that stands there twice');
select is((select count(*) from glas_data.reply_text), 1::bigint, 'a refused pack changes nothing');

-- A gateway that cannot use the content.
create function pg_temp.stale() returns bigint
    language sql as $$ select count(*) from glas.alerts where name = 'content-stale' $$;
select is(pg_temp.stale(), 0::bigint, 'a gateway may take a minute to run new content');
update glas_data.gateway set stale_since = stale_since - interval '61 seconds';
select glas_gw.alive('vranje', interval '1 minute', '1', '[]', true);
select is(pg_temp.stale(), 1::bigint, 'then it is an alert');
update glas_data.gateway set alive_until = now() - interval '1 second';
select is(pg_temp.stale(), 0::bigint, 'unless it is away');
select glas_gw.alive('vranje', interval '1 minute', glas_data.setting('content_version'), '[]', false);
select is((select stale_since from glas_data.gateway), null, 'or runs it by now');

update glas_data.reply_text set valid_until = '2020-01-01';
select is((select text from glas.alerts where name = 'content-expired'),
    '1 of the texts that citizens are answered is out of date: HELP', 'an old text is an alert');
select is((select encoding || segments from glas.texts where key = 'HELP'), 'UCS21',
    'what a text is sent as is shown');

select * from finish();
rollback;
