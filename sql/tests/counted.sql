-- What is counted every few minutes, by whom and when.
begin;
\ir fixture.psql
select plan(13);
select test.clock('2026-11-25 12:00+01');
create function test.all_counted() returns text[] language plpgsql as $f$
declare
    name text;
    names text[] := '{}';
begin
    loop
        name := glas_gw.count_anew();
        exit when name is null;
        names := names || name;
    end loop;
    return names;
end $f$;
select is(test.all_counted(), array['clusters', 'equity', 'heatmap', 'hours', 'ratings', 'rights_demand', 'trend', 'voices'],
    'what was never counted is, each once');
select bag_eq($$ select relname from pg_class where relkind = 'm' and relnamespace = 'glas_data'::regnamespace $$,
    $$ select name from glas_data.counted $$, 'and that is all there is to count');
select ok((select count(*) = 0 from glas_data.counted where took <= '0' or at is distinct from glas.now()),
    'when, and how long it took, is written down');
update glas_data.counted set took = '1 ms';
select is(test.all_counted(), '{}', 'not again at once');
select test.clock('2026-11-25 12:02+01');
select is(test.all_counted(), '{}', 'nor while nothing is written');
update glas_data.counted set written = -1 where name in ('trend', 'voices');
select is(test.all_counted(), array['trend', 'voices'], 'when something was, after a minute');
update glas_data.counted set written = -1, took = '10 seconds', at = glas.now() - interval '299 seconds' where name = 'trend';
select is(test.all_counted(), '{}', 'what takes long is not counted all the time');
update glas_data.counted set at = glas.now() - interval '301 seconds' where name = 'trend';
select is(test.all_counted(), array['trend'], 'but now and then');
update glas_data.counted set took = '1 ms';
select test.clock('2026-11-25 13:01:59+01');
select is(test.all_counted(), array['clusters', 'equity', 'heatmap', 'hours', 'ratings', 'rights_demand'],
    'each after an hour: what was long ago passes out of it');
update glas_data.counted set took = '1 ms';
select test.clock('2026-11-25 11:00+01');
select is(cardinality(test.all_counted()), 8, 'and when the clock was set back');
update glas_data.counted set at = null where name = 'heatmap';
select lives_ok($$ refresh materialized view glas_data.heatmap with no data $$, 'after a restore there may be nothing');
select is(test.all_counted(), array['heatmap'], 'it is counted then');
-- Replies are too many to count all of them each time.
delete from glas_data.outbox;
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text, encoding, segments, state)
values (1, '2026-10-01 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 2, 'held'),
       (2, '2026-10-01 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 1, 'delivered'),
       (3, '2026-11-24 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 1, 'delivered');
select results_eq($$ select state, texts, segments, oldest from glas.outbox_states order by 1 $$,
    $$ values ('delivered', 1::bigint, 1::bigint, timestamptz '2026-11-24 12:00+01'), ('held', 1, 2, '2026-10-01 12:00+01') $$,
    'what waits, however old, and what has come to an end lately');
select * from finish();
rollback;
