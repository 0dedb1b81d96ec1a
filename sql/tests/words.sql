begin;
\ir fixture.psql
select plan(28);

-- Pseudonyms.
select is((select count(distinct glas_data.pseudonym(n)) from generate_series(1, 20000) n), 20000::bigint,
    'everybody has an own pseudonym');
select is_empty($$ select n from unnest(array[1, 2, 35, 1679616, 1679617, 2178461952, 2178461953, 9999999999]) n
                    where glas_data.citizen_of(glas_data.pseudonym(n)) is distinct from n $$,
    'which leads back to them, however many they are');
select matches(glas_data.pseudonym(1234), '^([bflmnprtv][aeio]){2}-([bflmnprtv][aeio]){2}$', 'two short words');
select is_empty($$ select a from generate_series(1, 5000) a
                    where left(glas_data.pseudonym(a), 2) = left(glas_data.pseudonym(a + 1), 2) $$,
    'neighbours sound different from the first syllable on');
select is(glas_data.citizen_of(' Pila Vivo '), 2::bigint, 'however it is written');
select is(glas_data.citizen_of('marko'), null, 'a word that is none');
select is(glas_data.citizen_of('pila-vivo-pila-vivo-pila'), null, 'one that is too long');

-- Sizes, at the edges.
select results_eq($$ select (glas_data.sms_size(t)).* from (values
        (1, ''), (2, repeat('a', 160)), (3, repeat('a', 161)), (4, repeat('a', 306)), (5, repeat('a', 307)),
        (6, repeat('€', 80)), (7, repeat('€', 81)), (8, repeat('€', 153)), (9, repeat('ж', 70)),
        (10, repeat('ж', 71)), (11, repeat('ж', 134)), (12, repeat('😀', 35)), (13, repeat('😀', 36)),
        (14, repeat('😀', 67)), (15, 'ç')) s (n, t) order by n $$,
    $$ values ('GSM7', 1, 0), ('GSM7', 1, 160), ('GSM7', 2, 161), ('GSM7', 2, 306), ('GSM7', 3, 307),
        ('GSM7', 1, 160), ('GSM7', 2, 162), ('GSM7', 3, 306), ('UCS2', 1, 70), ('UCS2', 2, 71), ('UCS2', 2, 134),
        ('UCS2', 1, 70), ('UCS2', 2, 72), ('UCS2', 3, 134), ('UCS2', 1, 1) $$,
    'encoding, segments and units; a character of two units is not cut');

-- Letters.
select is(glas_data.sms_text(was, false), should, was)
  from (values ('Šta će đak Živko, Čačak', 'Sta ce djak Zivko, Cacak'), ('ЊЕГОШ и Његош, Љ', 'NJEGOS i Njegos, Lj'),
        ('ЂАК Ђак ĐAK Đ', 'DJAK Djak DJAK Dj'), ('Për çfarë?', 'Per cfare?'), ('„a“ – b… ’c’', '"a" - b... ''c'''),
        ('Щука съм аз', 'Stuka sam az'), ('ok 😀!', 'ok ?!'), ('👨‍👩‍👧 🇷🇸', '? ?'), (e'a\u0301\u200Bx', 'ax'),
        ('½ ™ ﬁ', '1/2 TM fi'), (e'tab\there', 'tab here'), ('漢', '?')) t (was, should);
select is(glas_data.sms_text('Њ „a“ – č `', true), 'Њ "a" - č `', 'who asked for Cyrillic keeps all letters');

select results_eq($$ select * from glas.preview('Šta – 😀 š') $$,
    $$ values ('GSM7', 1, 9, 'Sta - ? s', 'Š–😀š') $$, 'a preview: what it costs and why');
select is((select costly from glas.preview('„Da“ – жж š', true)), 'жš', 'what is folded for everybody costs nothing');
select is((select text || encoding || costly from glas.preview('„Da“ – ne…', true)), '"Da" - ne...GSM7',
    'so plain words in Cyrillic mode stay cheap');
select results_eq($$ select units, text, costly from glas.preview('[5 €] ~ {a} ^ | \') $$,
    $$ values (26, '[5 €] ~ {a} ^ | \', '[€]~{}^|\') $$, 'and what counts twice');
select is((select costly from glas.preview('ж [5 €]', true)), 'ж', 'where it does');
select is((select segments from glas.preview(repeat('ж', 100), true)), 2, 'one in Cyrillic');
select is((select text from glas.preview('')), '', 'one of nothing');

select * from finish();
rollback;
