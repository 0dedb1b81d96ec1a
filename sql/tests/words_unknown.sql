-- Words that nobody knows, and how they are taught.
begin;
\ir fixture.psql
select plan(56);
select test.office();
grant execute on all functions in schema test to public;

-- Folding, as src/text/fold.c does.
select is(glas_data.fold(was), should, was)
  from (values ('Šta će ĐAK Živko?', 'sta ce djak zivko?'), ('ЊЕГОШ Љубав Ђорђе Џеп', 'njegos ljubav djordje dzep'),
        ('Щъркел ЙОГУРТ юг Ямбол', 'starkel jogurt jug jambol'), ('çfarë është Ë', 'cfare eshte e'),
        ('s’ka t''ju', 'ska tju'), (e'c\u030Caj', 'caj'), ('Ќе ѓубре ѕвезда', 'ce djubre dzvezda'),
        ('øIı', 'oii')) t (was, should);

select glas_data.content_import('{
    "categories": {"entries": [{"code": "LIGHT"}, {"code": "ROAD"}]},
    "topics": {"entries": [{"code": "POLICE", "number": 1}, {"code": "DV", "number": 2}]},
    "emergency": {"entries": [{"cue": "alone", "lang": "sr", "pattern": "upomoc"}]},
    "languages": {"entries": [{"lang": "sr-Latn", "name": "srpski", "words": ["kako", "nesto"]}]},
    "keywords": {"entries": [
        {"kind": "intent", "code": "report", "lang": "sr", "pattern": "^prijav*"},
        {"kind": "intent", "code": "stop", "lang": "sr", "pattern": "^stani, ^кочи"},
        {"kind": "form", "code": "COUNT", "lang": "sr", "pattern": "^popis ovaca, ^brojanje"},
        {"kind": "topic", "code": "POLICE", "lang": "sr", "pattern": "žalba, policija"},
        {"kind": "actor", "code": "POLICE", "lang": "sr", "pattern": "polic*"},
        {"kind": "category", "code": "LIGHT", "lang": "sr", "pattern": "mrak* svuda, rasvet*"},
        {"kind": "category", "code": "LIGHT", "lang": "sr", "pattern": "nema + svet*"},
        {"kind": "category", "code": "ROAD", "lang": "sr", "pattern": "@POLICE + rupa"}]},
    "places": {"entries": [{"municipality": "Vranje", "sq": "Vranjë", "cyrillic": "Врање"},
        {"municipality": "Bujanovac", "aliases": ["Bujanovce"]},
        {"municipality": "Vranje", "settlement": "Suvi Dol"}]}}');

-- Two people say it; one says more.
select test.store('{
    "citizens": [{"who": "vera", "copy": "vera"}, {"who": "goran", "copy": "goran"}],
    "texts": [
        {"id": 11, "intent": "unclassified", "text": "Bandera se klati kod Suvog Dola, nesto"},
        {"id": 12, "citizen": 2, "intent": "unclassified", "lang": "sr-Cyrl",
         "text": "БАНДЕРА пала у Врању, rasvetu ne diraju, prijavljujem kako 063 123 4567"},
        {"id": 13, "citizen": 2, "intent": "unclassified", "text": "bandera opet, Milunka zna, Bujanovcu"},
        {"id": 14, "intent": "unclassified", "text": "Milunku ne zovite, milunka1, upomoc rupa svetlo Bujanovcu"},
        {"id": 15, "intent": "help", "text": "zagonetka"},
        {"id": 16, "citizen": 2, "intent": "help", "text": "zagonetka"},
        {"id": 17, "intent": "unclassified", "text": "probica", "test": "t"},
        {"id": 18, "citizen": 2, "intent": "unclassified", "text": "probica", "test": "t"},
        {"id": 19, "intent": "unclassified", "text": "starudija", "received": "2020-01-01 00:00+00"},
        {"id": 20, "citizen": 2, "intent": "unclassified", "text": "starudija"},
        {"id": 21, "intent": "report", "reference": "300004", "text": "kandelaber 1, gori a ne sija"},
        {"id": 22, "citizen": 2, "intent": "report", "reference": "400002", "text": "kandelaber ne sija"},
        {"id": 23, "intent": "report", "reference": "500009", "text": "trotoar je sav razbijen"},
        {"id": 24, "citizen": 2, "intent": "report", "reference": "600007", "text": "trotoar razbijen"}],
    "reports": [
        {"reference": "300004", "message": 21, "category": ""},
        {"reference": "400002", "message": 22, "citizen": 2},
        {"reference": "500009", "message": 23},
        {"reference": "600007", "message": 24, "citizen": 2}]}');

set session authorization kosta;
select is((select count(*) from glas.unknown_words where word = 'kandelaber'), 0::bigint,
    'a report that was understood tells of no unknown word');
select lives_ok($$ select glas.classify('400002', 'ROAD') $$, 'one that a person had to classify');
select results_eq($$ select word, texts, lang from glas.unknown_words $$,
    $$ values ('bandera', 3, 'sr-Latn'), ('kandelaber', 2, 'sr-Latn'), ('sija', 2, 'sr-Latn') $$,
    'does; most frequent first');
select is((select example from glas.unknown_words where word = 'bandera'),
    'bandera opet, Milunka zna, Bujanovcu', 'with an example');
reset session authorization;
select is((select count(*) from glas_data.unknown_words() where word like 'milunk%'), 0::bigint,
    'a word that one person says could point at them');
select is((select count(*) from glas_data.unknown_words()
            where word ~ '^(vranju|bujanovcu|suvog|dola|rasvetu|rupa|svetlo|upomoc|nesto|kako|prijavljujem)$'), 0::bigint,
    'places, keywords, their halves, cues and small words are known');
select is((select count(*) from glas_data.unknown_words() where word in ('probica', 'starudija', 'zagonetka')), 0::bigint,
    'trials, what is long ago and what was understood do not count');
update glas_data.body set text = 'bandera 063 123 4567' where message = 13;
select is((select example from glas_data.unknown_words() where word = 'bandera'), 'bandera #',
    'a number in a text is not shown');
update glas_data.body set text = '[obrisano]' where message = 13;
select is((select texts from glas_data.unknown_words() where word = 'bandera'), 2, 'what was erased is gone');
update glas_data.body set text = '[obrisano]' where message in (11, 12);
select is((select count(*) from glas_data.unknown_words() where word in ('bandera', 'obrisano')), 0::bigint,
    'without a trace');

-- Teaching.
set session authorization mira;
select throws_ok($$ select * from glas.unknown_words $$, '42501', null, 'case workers do not see them');
select throws_ok($$ select glas.teach('a', 'category', 'LIGHT', 'sr') $$, '42501', null, 'nor teach');
select throws_ok($$ select glas.unteach('a') $$, '42501', null, 'nor unteach');
set session authorization kosta;
select throws_ok($$ select glas.teach('kandelab*', 'colour', 'RED', 'sr') $$, '22023',
    'a word can mean a category, topic, intent or actor, not "colour"', 'an unknown kind');
select throws_ok($$ select glas.teach('kandelab*', 'category', 'STARS', 'sr') $$, '22023',
    'there is no category "STARS": known are LIGHT, ROAD', 'an unknown category');
select throws_ok($$ select glas.teach('kandelab*', 'topic', 'x', 'sr') $$, '22023',
    'there is no topic "x": known are DV, POLICE', 'an unknown topic');
select throws_ok($$ select glas.teach('kandelab*', 'intent', null, 'sr') $$, '22023', null, 'no intent');
select throws_ok($$ select glas.teach('kandelab*', 'category', 'LIGHT', 'de') $$, '22023',
    'no language is called "de": write sr, sq, rom, bg or en', 'an unknown language');
select throws_ok($$ select glas.teach('kandelab*', 'category', 'LIGHT', null) $$, '22023', null, 'no language');
select throws_like($$ select glas.teach('kan*delabar', 'category', 'LIGHT', 'sr') $$, '%cannot be taught%', 'an asterisk inside');
select throws_like($$ select glas.teach('063123', 'category', 'LIGHT', 'sr') $$, '%cannot be taught%', 'digits');
select throws_like($$ select glas.teach(null, 'category', 'LIGHT', 'sr') $$, '%cannot be taught%', 'nothing');
select throws_like($$ select glas.teach('ne*', 'category', 'LIGHT', 'sr') $$, '%too short%', 'half the language');
select throws_like($$ select glas.teach('Rasvet*', 'category', 'ROAD', 'sr') $$,
    '"rasvet*" is a word for category LIGHT already%', 'a word of something else');
select throws_like($$ select glas.teach('rasvet*', 'category', 'light', 'sr-Latn') $$, '%nothing is to be done',
    'what is known');

-- Topics and commands have no language; a form has its word for itself.
select throws_like(format('select glas.teach(%L, %L, %L, %L)', word, kind, code, lang), error, word || ' as ' || code)
  from (values ('policija', 'topic', 'DV', 'en', '"policija" is a word for topic POLICE already: % correct keywords.json'),
        ('^zalba', 'topic', 'DV', 'sr', '"^zalba" is a word for topic POLICE already%'),
        ('stani', 'intent', 'report', 'sq', '"stani" is a word for intent stop already%'),
        ('^koci', 'intent', 'report', 'en', '"^koci" is a word for intent stop already%'),
        ('brojanje', 'intent', 'stop', 'sr', '"brojanje" is a word for form COUNT already: teach another word, or one beside it'),
        ('^Бројање', 'category', 'ROAD', 'bg', '"^brojanje" is a word for form COUNT already%'),
        ('broj*', 'topic', 'DV', 'sr', '"broj*" is a word for form COUNT already%'),
        ('popis* ovaca', 'actor', 'POLICE', 'sr', '"popis* ovaca" is a word for form COUNT already%'))
       t (word, kind, code, lang, error);
select lives_ok(format('select glas.teach(%L, %L, %L, %L); select glas.unteach(%1$L)', word, kind, code, lang), word || ' as ' || code)
  from (values ('policija', 'topic', 'POLICE', 'en'), ('policija', 'category', 'ROAD', 'en'),
        ('brojanje nosaca', 'category', 'LIGHT', 'sr'), ('brojanjem', 'category', 'LIGHT', 'sr'),
        ('popis', 'category', 'LIGHT', 'sr')) t (word, kind, code, lang);
reset session authorization;
create temp table before as select glas_data.setting('content_version')::int as version;
grant select on before to public;
set session authorization kosta;
select results_eq($$ select kind, code, lang, pattern from glas.teach(' Канделаб* ', 'category', 'light', 'sr-Cyrl') $$,
    $$ values ('category', 'LIGHT', 'sr', 'kandelab*') $$, 'a word is taught in one call');
select is((select count(*) from glas.unknown_words where word = 'kandelaber'), 0::bigint, 'and unknown no more');
select lives_ok($$ select glas.teach('^hitno  ČUJTE', 'intent', 'REPORT', 'sr') $$, 'several words, first in a text');
reset session authorization;
select is((select pattern from glas_data.taught where kind = 'intent'), '^hitno cujte', 'spaces are single');
select is((select string_agg(distinct taught_by, ',') from glas_data.taught), 'kosta', 'it is known who taught');
select is(glas_data.setting('content_version')::int, (select version + 2 from before), 'gateways hear of it');
select ok(glas_gw.content() -> 'keywords' -> 'entries' @> '[{"pattern": "kandelab*", "code": "LIGHT"}]',
    'what they fetch has it');
set session authorization kosta;
select results_eq($$ select kind, pattern from glas.unteach('Kandelab*') $$,
    $$ values ('category', 'kandelab*') $$, 'it is taken back');
select throws_ok($$ select glas.unteach('rasvet*') $$, 'P0002', '"rasvet*" was not taught: known are ^hitno cujte',
    'a word of the pack stays');
reset session authorization;
select is((select count(*) from glas_data.keyword where pattern in ('kandelab*', 'mrak* svuda, rasvet*')), 1::bigint, 'and only that');

select * from finish();
rollback;
