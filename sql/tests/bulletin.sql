-- The bulletin: what is published, escaped, in the language that is asked for.
begin;
\ir fixture.psql
select no_plan();
select test.office();
insert into glas_data.publication (month, least, at, who) values
    ('2026-09-01', 5, '2026-10-09', 'kosta'), ('2026-10-01', 6, '2026-11-09', 'kosta'), ('2026-11-01', 5, '2026-12-09', 'kosta');
insert into glas_data.published (month, measure, "by", value, people, in_time) values
    ('2026-09-01', 'reports', 'category', 'LIGHT', 15, null), ('2026-09-01', 'reports', 'municipality', 'Vranje', 15, null),
    ('2026-10-01', 'reports', 'category', 'GROUP1', 9, null), ('2026-10-01', 'reports', 'category', 'other', 8, null),
    ('2026-10-01', 'reports', 'municipality', 'Vranje', 10, null), ('2026-10-01', 'reports', 'municipality', '<Novo>', 7, null),
    ('2026-10-01', 'reports', 'language', 'sq', 17, null), ('2026-10-01', 'answers', 'language', 'sq', 17, 12),
    ('2026-11-01', 'rights', 'topic', 'POLICE', 11, null);
insert into glas_data.topic (code, number, names) values ('POLICE', 1, '{"en": "Police", "sr-Latn": "Policija"}') on conflict do nothing;
select is(glas_data.html($$<a href="x">'&amp;'</a>$$), '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;', 'nothing of HTML is left');
select is(glas_data.html(null), '', 'nothing is nothing');
set session authorization petra;
select matches(glas.bulletin('2026-10', lang => 'en'), 'lang="en".*How many people.*police and gendarmerie.*>9<.*Albanian.*71 %', 'English');
select matches(glas.bulletin('2026-10'), 'lang="sr-Latn".*Koliko ljudi.*policija i žandarmerija', 'Serbian unless one says otherwise');
select matches(glas.bulletin('2026-10', lang => 'sq'), 'lang="sq".*Sa njerëz.*policia', 'Albanian');
select matches(glas.bulletin('2026-10', lang => 'en'), 'smaller than 6 people', 'it says of how many each number is');
select matches(glas.bulletin('2026-09', '2026-10', 'en'), 'smaller than 5 people.*<title>Vranje: 25</title>', 'months are added up');
select matches(glas.bulletin('2026-09', '2026-10', 'en'), '<h1>[^<]*September 2026 – October 2026</h1>', 'and named');
select matches(glas.bulletin('2026-10', '2026-12', 'en'), '<h1>[^<]*October 2026, November 2026</h1>', 'but those of which nothing is there');
select matches(glas.bulletin('2026-01', '2026-03', 'en'), '<h1>[^<]*January 2026 – March 2026</h1>', 'unless that is all of them');
select alike(glas.bulletin('2026-10', lang => l), '%' || w || '%' || w || '%', 'small numbers are called so in ' || l)
  from (values ('sr-Latn', 'ostalo, zbirno'), ('sq', 'të tjera, së bashku'), ('en', 'others, together')) v (l, w);
select matches(glas.bulletin('2026-10'), '<title>&lt;Novo&gt;: 7</title>', 'what is not on the map is below it, escaped');
select unalike(glas.bulletin('2026-10'), '%<Novo>%', 'and nowhere as it is');
select matches(glas.bulletin('2026-11', lang => 'en'), 'Nothing was published.*Police', 'what people asked is there where nobody reported');
select matches(glas.bulletin('2026-01', lang => 'en'), 'Nothing was published of this period', 'a month that is not published');
select throws_like($$ select glas.bulletin('2026-10', '2026-09') $$, 'a bulletin is of one month%', 'not backwards');
select throws_like($$ select glas.bulletin('oktobar') $$, 'a bulletin is of one month%', 'of months');
select throws_like($$ select glas.bulletin(null) $$, 'a bulletin is of one month%', 'not of none');
select throws_like($$ select glas.bulletin('2026-10', lang => 'de') $$, 'there is no bulletin in "de"%', 'in three languages');
reset session authorization;
insert into glas_data.recommendation (issue, recommendation, addressee, made_at, made_by, evidence, public_at) values
    ('<script>x</script>', '"&', '<i>', '2026-10-01', 'kosta', 3, null);
select unalike(glas.bulletin('2026-10'), '%script%', 'a draft is not in it');
update glas_data.recommendation set public_at = '2026-10-02';
select matches(glas.bulletin('2026-10'), '&lt;script&gt;x&lt;/script&gt;.*&quot;&amp;.*&lt;i&gt;', 'what is public is, escaped');
-- All that it reads of people comes from what everybody may read.
select is_empty($$ select p.proname, word[1] from pg_proc p, regexp_matches(p.prosrc, '(?:from|join)\s+(glas\w*\.\w+)', 'g') word
                    where p.proname ~ '^(bulletin|publish_say)'
                      and word[1] !~ '^glas\.publish_|^glas_data\.(publish_tile|publish_word|publication|place|category|topic)$' $$,
    'from publishable views alone');
select is_empty($$ select key from glas_data.publish_word group by key having count(*) > 1 $$, 'a word is there once');
select is_empty($$ select key from glas_data.publish_word where '' in (sr, sq, en) or sr is null or sq is null or en is null $$, 'in each language');
select is_empty($$ select x, y from glas_data.publish_tile group by x, y having count(*) > 1 $$, 'no tile lies on another');
select * from finish();
rollback;
