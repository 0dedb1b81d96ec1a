-- What long texts may leave open, and what is forgotten.
begin;
\ir fixture.psql
select plan(11);
select test.office();
create function test.begun(who text, ref int, ago interval, message bigint default null) returns void
    language sql as $$
    with g as (insert into glas_data.concat_group (token, ref, max, opened_at, last_at, message)
               values (test.sealed(who), ref, 3, glas.now() - ago, glas.now() - ago, message) returning id)
    insert into glas_data.concat_segment (grp, seq, received_at, sealed)
    select id, seq, glas.now() - ago, 'x' from g, unnest(array[1, 3]) seq $$;
create function test.due(own int, everybody int, most int default 20) returns text[]
    language sql as $$
    select array_agg(distinct ref || case when crowded then ' early' else '' end
                     order by ref || case when crowded then ' early' else '' end)
      from glas_gw.mo_groups_due(interval '10 minutes', own, everybody, most) d
      join glas_data.concat_group g on g.id = d.grp $$;

select test.begun('ana', n, n * interval '1 second') from generate_series(1, 7) n;
select test.begun('beba', n, n * interval '1 second') from generate_series(11, 13) n;
select is(test.due(9, 99), null, 'none is due that waits');
select is(test.due(5, 99), array['6 early', '7 early'], 'of too many of one sender the oldest are, and nobody else''s');
select is(test.due(3, 99), array['4 early', '5 early', '6 early', '7 early'], 'of each');
select is(test.due(9, 8), array['12 early', '13 early'], 'of too many of all together the oldest of all');
select is(test.due(1, 1, 3), array['11 early', '12 early', '13 early'], 'so many at once, the oldest first');
select is((select count(*) from glas_gw.mo_groups_due(interval '10 minutes', 5, 99, 20)), 4::bigint, 'with all their segments');
update glas_data.concat_group set last_at = last_at - interval '11 minutes' where ref in (2, 7);
select is(test.due(5, 99), array['2', '7'], 'whose time has run out makes room for the others');

select test.begun('cana', 21, interval '41 days', 5);
select test.begun('cana', 22, interval '41 days');
insert into glas_data.identity (identity, received_at)
select test.sealed('i' || n), glas.now() - interval '41 days' from generate_series(1, 10) n;
select is(glas_gw.prune(4), 6, 'what is old goes, so much at once');
select is(glas_gw.prune(99), 6, 'and the rest the next time');
select is(glas_gw.prune(99), 0, 'then nothing is old');
select is((select count(*) from glas_data.identity) + (select count(*) from glas_data.concat_segment), 22::bigint,
    'what is young stays');

select * from finish();
rollback;
