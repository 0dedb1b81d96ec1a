-- Keys that are replaced: nobody is two people, and what is given up is gone.
begin;
\ir fixture.psql
select no_plan();
grant execute on all functions in schema test to public;
select test.clock('2026-11-25 12:00+01');
select test.office();
select set_config('glas.keyset', 'one', true);
create function test.copy(number int) returns bytea language sql as
    $$ select '\x01'::bytea || substr(int4send(number), 3) || '\xabcd'::bytea $$;
create function test.rekey() returns glas_data.rekey language sql as
    $$ select r from glas_data.rekey r order by number desc limit 1 $$;
grant execute on all functions in schema test to public;
update glas_data.setting set value = 'one' where name = 'keyset';
delete from glas_data.quarantine;
update glas_data.body set original = test.copy(1);
update glas_data.citizen set reply_copy = test.copy(1) where token = test.sealed('ana');
update glas_data.citizen set reply_copy = null where token <> test.sealed('ana');
update glas_data.citizen set reply_copy = test.copy(1)
 where id = (select max(id) from glas_data.citizen);
insert into glas_data.citizen (token, link, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
    select test.sealed(who), 'mts', 'en', false, false, 0, 0, now(), now(), now() from unnest(array['cica', 'dara']) who;

select is(glas_gw.rekey_words(), 'The keys were never replaced.', 'nothing yet');
select throws_like($$ select glas_gw.rekey_finish('two') $$, 'no keys are being replaced%', 'nothing to finish');
select is_empty($$ select * from glas_gw.rekey_next(10) $$, 'nor to do');
select throws_like($$ select glas_gw.rekey_begin('vranje', 2, 'other', 'both', 'two') $$, '%key set one%', 'not from other keys');
select is(glas_data.key_number(), 1, 'the first keys');

-- Begun.
select lives_ok($$ select glas_gw.rekey_begin('vranje', 2, 'one', 'both', 'two') $$, 'begun');
select lives_ok($$ select glas_gw.rekey_begin('vranje', 2, 'one', 'both', 'two') $$, 'once more is nothing more');
select throws_like($$ select glas_gw.rekey_begin('bor', 3, 'both', 'three', 'four') $$, '%being replaced already', 'one at a time');
select is(glas_gw.keyset_problem('both'), '', 'both are right now');
select matches(glas_gw.keyset_problem('one'), 'since .* by vranje, and here are the old ones alone: .*glasctl key import', 'the old ones alone are not');
select matches(glas_gw.keyset_problem('two'), 'the old ones are missing', 'nor are the new ones');
select throws_like($$ select glas_gw.rekey_finish('two') $$, 'not yet: 0 rows%', 'not over yet');

-- A session from before makes nobody.
select set_config('glas.keyset', 'one', true);
select throws_ok($$ insert into glas_data.citizen (token, link, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
    values ('\x00', 'mts', 'en', false, false, 0, 0, now(), now(), now()) $$, '57P01', null, 'no new people under old keys');
select throws_ok($$ select glas_gw.alive('vranje', '1 minute', '1', '[]', false) $$, '57P01', null, 'it is sent away');
select throws_ok($$ select glas_gw.rekey_put('people', 0, 10, '{1}', '{0}', '{}', '{}', '{}') $$, '57P01', null, 'and moves nobody');
select set_config('glas.keyset', 'both', true);
select is(glas_data.key_number(), 2, 'new people are under the new ones');

-- Whoever writes.
insert into glas_data.concat_group (token, ref, max, opened_at, last_at)
    values (test.sealed('ana'), 7, 2, glas.now(), glas.now());
insert into glas_data.concat_segment (grp, seq, received_at, sealed)
    select max(id), 1, glas.now(), test.copy(1) from glas_data.concat_group;
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed, token)
    values ('\x1234', glas.now(), 'vranje', 'mts', 'odd', test.copy(1), test.sealed('ana'));
insert into glas_data.identity (identity, message, received_at) values ('\x01', null, glas.now() - interval '1 hour');
create temp table ana as select id, version from glas_data.citizen where token = test.sealed('ana');
select lives_ok($$ select glas_gw.rekey_met(array[test.sealed('ana'), test.sealed('ana'), test.sealed('nobody')],
    array[test.sealed('ana 2'), test.sealed('ana 2'), test.sealed('nobody 2')],
    array[test.copy(2), test.copy(2), test.copy(2)], array['\x01'::bytea, '\x99'], array['\x02'::bytea, '\x98']) $$, 'met');
select results_eq($$ select c.token, c.reply_copy, c.key_number, c.version from glas_data.citizen c join ana using (id) $$,
    $$ select test.sealed('ana 2'), test.copy(2), 2, version from ana $$, 'found by the new token alone');
select set_eq($$ select token, token_before from glas_data.concat_group where ref = 7 $$,
    $$ values (test.sealed('ana 2'), test.sealed('ana')) $$, 'with what she has begun');
select is(glas_data.part_token(token, token_before, test.copy(1)), test.sealed('ana'), 'a segment from before is for the token before')
  from glas_data.concat_group where ref = 7;
select is(glas_data.part_token(token, token_before, test.copy(2)), test.sealed('ana 2'), 'a new one for the new')
  from glas_data.concat_group where ref = 7;
select is(token, test.sealed('ana 2'), 'and with what was put aside') from glas_data.quarantine where identity = '\x1234';
select set_eq($$ select identity from glas_data.identity where identity in ('\x01', '\x02', '\x98') $$,
    $$ values ('\x01'::bytea), ('\x02') $$, 'an offer is known by both');
select glas_gw.rekey_met(array[test.sealed('cica')], array[test.sealed('cica 2')], array[test.copy(2)], '{}', '{}');
select is(reply_copy, null, 'a copy that was dropped does not come back by this') from glas_data.citizen where token = test.sealed('cica 2');

-- Step by step.
create temp table next as select * from glas_gw.rekey_next(10);
select results_eq('select distinct step, place from next', $$ values ('people', 0::bigint) $$, 'people first');
select is((select count(*) from next), 1::bigint, 'who has not moved and can be opened');
prepare put as select glas_gw.rekey_put('people', 0, 10, array_agg(id), array_agg(seq), array_agg(token),
    array_agg(test.sealed('moved')), array_agg(test.copy(2))) from next;
execute put;
select results_eq($$ select token, key_number from glas_data.citizen where id = (select id from next) $$,
    $$ values (test.sealed('moved'), 2) $$, 'moved');
update glas_data.citizen set token = test.sealed('later') where id = (select id from next);
execute put;
select is(token, test.sealed('later'), 'the same once more is nothing more') from glas_data.citizen where id = (select id from next);
select is((test.rekey()).done, 1::bigint, 'and is not counted');
truncate next;
insert into next select * from glas_gw.rekey_next(10);
select results_eq('select step, place, token from next', $$ values ('parts', 0::bigint, test.sealed('ana')) $$, 'then segments, with what they are for');
select glas_gw.rekey_put('parts', 0, 10, array_agg(id), array_agg(seq), array_agg(token), array_agg(test.sealed('ana 2')), array_agg(test.copy(2))) from next;
truncate next;
insert into next select * from glas_gw.rekey_next(10);
select results_eq('select step, token from next', $$ values ('quarantine', '\x1234'::bytea) $$, 'then what was put aside, by its identity');
select glas_gw.rekey_put('quarantine', 0, 10, array_agg(id), array_agg(seq), array_agg(token), array[null::bytea], array[null::bytea]) from next;
select is(sealed, test.copy(1), 'what does not open stays') from glas_data.quarantine where identity = '\x1234';
select is((test.rekey()).unopened, 1::bigint, 'and is counted');
truncate next;
insert into next select * from glas_gw.rekey_next(1);
select is((select step from next), 'originals', 'then what texts came in');
select glas_gw.rekey_put('originals', 0, 1, array_agg(id), array_agg(seq), array_agg(token), array[null::bytea], array_agg(test.copy(2))) from next;
select isnt((select min(id) from next), (select min(id) from glas_gw.rekey_next(1)), 'and so on');
update glas_data.body set original = test.copy(2);
select is_empty('select * from glas_gw.rekey_next(10)', 'until there is nothing');
select is((test.rekey()).state, 'moved', 'which is said');
select matches(glas_gw.rekey_words(), 'number 2\. One person has no sealed number.* One row does not open', 'with what is left');

-- The end.
select throws_like($$ select glas_gw.rekey_finish('both') $$, 'these are not the new keys%', 'not with the old keys');
create temp table old as select token from glas_data.citizen where key_number < 2 and erased_at is null;
insert into glas_data.optout (token, since) values (test.sealed('optout ana'), glas.now()) on conflict do nothing;
create temp table stops as select token from glas_data.optout;
select test.clock('2026-11-26 12:00+01');
select matches(glas_gw.rekey_finish('two'), 'number 2 are in use alone\..* not found by their number', 'over');
select is_empty('select token from glas_data.citizen intersect select token from old', 'no old token is left');
select is_empty($$ select from glas_data.concat_group where token_before is not null $$, 'nor what segments were for');
select set_eq('select token from glas_data.optout', 'select token from stops', 'STOP is what it was');
select is_empty($$ select from glas_data.identity where identity = '\x01' $$, 'what no key finds is gone');
select isnt_empty($$ select from glas_data.identity where identity = '\x02' $$, 'the rest is there');
select lives_ok($$ select glas_gw.rekey_finish('two') $$, 'once more is nothing more');
select matches(glas_gw.keyset_problem('both'), 'glasctl key rotate --finish', 'old keys that are still there are named');
select matches(glas_gw.rekey_words(), '^The keys were replaced on 26.11. 12:00', 'and when it was is known');
select set_config('glas.keyset', 'two', true);
select lives_ok($$ select glas_gw.rekey_begin('vranje', 3, 'two', 'both 3', 'three') $$, 'and another time');

select * from finish();
rollback;
