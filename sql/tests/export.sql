-- Files that no program is harmed by, and counts in the words of Open311.
begin;
\ir fixture.psql
select no_plan();
select test.office();
insert into glas_data.category (code, "group", named_in_reply, names) values
    ('POL_ID', 1, false, '{"en": "ID check", "sr-Latn": "legitimisanje"}'), ('WATER', 8, true, '{"en": "water", "sr-Latn": "voda"}');
update glas_data.category set "group" = 8, named_in_reply = true where code in ('LIGHT', 'ROAD');
update glas_data.place set lat = '42.5514', lon = '21.9003' where municipality = 'Vranje' and settlement = '';
create view glas.hostile with (security_barrier) as
select n, text, -1.5 as number, null::text as nothing, array['=1'] as list from (values
    (1, '=HYPERLINK("http://x","y")'), (2, '+381'), (3, '-1+1'), (4, '@SUM(A1)'), (5, e'\t=1'), (6, e'\r=1'), (7, e'\n=1'),
    (8, '  =1'), (9, '＝1'), (10, '|calc'), (11, '%0A'), (12, 'a "b", c'), (13, e'two\nlines'), (14, ''), (15, '=1'), (16, e'\uFEFF=1'),
    (17, 'x=1'), (18, '<script>&</script>'), (19, e'nema svetla; =cmd|x;@y;z=1;\n-2'), (20, 'x;"=1+1')) v (n, text) order by n;
grant select on glas.hostile to glas_press;
set session authorization petra;
select results_eq($$ select glas.csv('hostile') limit 1 $$, $$ values ('"n","text","number","nothing","list"') $$, 'the names of the columns first');
select is((select string_agg(substr(line, position(',' in line) + 1, 3), ' ' order by n) from (
    select line, row_number() over () as n from glas.csv('hostile') line) l where n between 2 and 12),
    $$"'= "'+ "'- "'@ "'	 "'$$ || e'\r' || $$ "'$$ || e'\n' || $$ "'  "'＝ "'| "'%$$, 'nothing begins like a formula');
select results_eq($$ select line from glas.csv('hostile') line where line like '"12"%' $$,
    $$ values ('"12","a ""b"", c","-1.5",,"[""=1""]"') $$, 'quotes are doubled, a number stays one, nothing is nothing');
select is((select count(*) from glas.csv('hostile') line where line ~ '^"1[56]","''')::int, 2, 'behind marks that nobody sees');
select results_eq($$ select line from glas.csv('hostile') line where line ~ '^"(14|17)"' $$,
    $$ values ('"14","","-1.5",,"[""=1""]"'), ('"17","x=1","-1.5",,"[""=1""]"') $$, 'what is harmless stays');
select is((select line from glas.csv('hostile') line where line like '"19"%'),
    e'"19","nema svetla; ''=cmd|x;''@y;z=1;\n''-2","-1.5",,"[""=1""]"', 'nor where ; or a new line begins a field');
select is((select line from glas.csv('hostile') line where line like '"20"%'), '"20","x;""''=1+1","-1.5",,"[""=1""]"', 'also with a quote');
select is((select line::json ->> 'text' from glas.json('glas.hostile') line where line like '{"n":18,%'), '<script>&</script>', 'JSON gives it back');
select is_empty($$ select line from glas.json('hostile') line where line ~ '[<>&]' $$, 'and ends no script that it is put into');
select throws_ok($$ select glas.csv('nothing') $$, '42P01', 'there is no such view: select * from glas.help() lists what there is', 'a view there is');
select throws_ok($$ select glas.json('x"; drop table y') $$, '42P01', null, 'by its name alone');
select throws_ok($$ select glas.csv(null) $$, '42P01', null, 'and with a name');
select throws_ok($$ select glas.csv('glas_data.report') $$, '42P01', null, 'of schema glas');
select throws_ok($$ select glas.csv('reports') $$, '42501', null, 'one that one may read');
select throws_ok($$ select glas.json('reports') $$, '42501', null, 'in both');
set session authorization mira;
select throws_ok($$ select glas.csv('reports') $$, '42501', null, 'a case worker takes no files away');
set session authorization kosta;
select is((select count(*) from glas.csv('reports')), 3::bigint, 'a coordinator gets what they may read, and the names of the columns');
reset session authorization;

insert into glas_data.publication values ('2026-09-01', 5, '2026-10-09 12:00+00', 'kosta');
insert into glas_data.published (month, measure, "by", value, people) values
    ('2026-09-01', 'reports', 'category', 'GROUP1', 6), ('2026-09-01', 'reports', 'category', 'other', 9),
    ('2026-09-01', 'reports', 'municipality', 'Vranje', 8), ('2026-09-01', 'reports', 'municipality', 'other', 7),
    ('2026-09-01', 'reports', 'language', 'sq', 15), ('2026-09-01', 'rights', 'topic', 'POLICE', 15);
set session authorization petra;
select results_eq($$ select service_code, service_name, description, "group" from glas.publish_services $$,
    $$ values ('GROUP1', 'police and gendarmerie', 'policija i žandarmerija', ''), ('GROUP9', 'something else', 'ostalo', ''),
              ('LIGHT', 'LIGHT', 'LIGHT', 'municipal services'), ('ROAD', 'ROAD', 'ROAD', 'municipal services'),
              ('WATER', 'water', 'voda', 'municipal services'), ('other', 'others, together', 'ostalo, zbirno', '') $$,
    'services are what is published');
select results_eq($$ select service_request_id, status, service_name, service_code, description, address, lat, requested_datetime, updated_datetime
                       from glas.publish_requests order by service_request_id collate "C" $$,
    $$ values ('2026-09-GROUP1', 'closed', 'police and gendarmerie', 'GROUP1', '6 people in 2026-09', '', null::text, '2026-09-01T00:00:00Z', '2026-10-09T00:00:00Z'),
              ('2026-09-Vranje', 'closed', 'Any', 'any', '8 people in 2026-09', 'Vranje', '42.5514', '2026-09-01T00:00:00Z', '2026-10-09T00:00:00Z'),
              ('2026-09-other', 'closed', 'others, together', 'other', '9 people in 2026-09', '', null, '2026-09-01T00:00:00Z', '2026-10-09T00:00:00Z') $$,
    'requests are counts, never reports');
select columns_are('glas', 'publish_requests', array['service_request_id', 'status', 'status_notes', 'service_name', 'service_code',
    'description', 'agency_responsible', 'service_notice', 'requested_datetime', 'updated_datetime', 'expected_datetime', 'address',
    'address_id', 'zipcode', 'lat', 'long', 'media_url'], 'the fields of GeoReport v2');
reset session authorization;
select is_empty($$ select distinct c.code from glas_data.category c where glas_data.publish_category(c.code) not in (
    select service_code from glas.publish_services) $$, 'whatever is published is a service');
select * from finish();
rollback;
