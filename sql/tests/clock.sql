-- A clock that is years ahead lets go of nothing, and is set right without a loss.
begin;
\ir fixture.psql
select no_plan();
do $$ declare p regclass; begin
    for p in select part from glas_data.body_part where begins is not null loop execute 'drop table ' || p; end loop; end $$;
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.report set status = 'closed';
update glas_data.outbox set state = 'delivered', sent_at = glas.now();
insert into glas_data.identity (identity, message, received_at) values (test.sealed('i'), 1, glas.now());
-- As chores.c calls them; what they have let go of.
create function test.chores() returns text language plpgsql as $$
begin
    perform glas_gw.retain(), glas_gw.copies_drop(50), glas_gw.prune(2000) from generate_series(1, 4);
    return concat_ws(' ', (select count(*) from glas_data.body), (select count(reply_copy) from glas_data.citizen),
        (select count(*) from glas_data.identity where identity = test.sealed('i')));
end $$;
-- It is that time, and nobody has believed it yet.
create function test.jump(at text) returns void language plpgsql as $$
declare last timestamptz := (select b.at from glas_data.believed b); begin
    perform test.clock(jump.at);
    update glas_data.believed b set at = last;
end $$;
create function test.alert() returns text language sql security definer as $$
    select string_agg(name, ' ') from glas_data.found where name = 'clock-jumped' $$;
create temp table fresh as select test.chores() as n;
select isnt((select n from fresh), '0 0 0', 'fresh words and numbers are there');
select is(test.alert(), null, 'the clock is right');

select test.jump('2031-06-01 02:30+02');
select is(test.chores(), (select n from fresh), 'years ahead nothing goes');
select is(test.alert(), 'clock-jumped', 'and somebody is told');
select test.jump('2026-11-25 13:00+01');
select is(test.chores(), (select n from fresh), 'set right');
select is(test.alert(), null, 'it is as before');
select test.jump('1970-01-01 02:30+01');
select is(test.chores(), (select n from fresh), 'nor in the years before');
select is(test.alert(), 'clock-jumped', 'which is told, too');
select test.jump('2026-11-28 11:00+01');
select is(test.chores(), (select n from fresh), 'after a long weekend');
select is((select at from glas_data.believed), timestamptz '2026-11-28 11:00+01', 'it is believed');
select test.jump('2026-11-30 13:00+01');
select is(test.alert(), null, 'day by day');
select is((select test.chores() is not null), true, 'a gateway runs');

-- Closed for years. Somebody says which day it is, or the network.
select test.jump('2031-06-01 02:30+02');
set session authorization kosta;
select throws_like($$ select glas.clock_confirm('2026-12-01') $$, 'for the database it is 2031-06-01: if that is wrong%',
    'who looks at a calendar finds that the clock is wrong');
select throws_like($$ select glas.clock_confirm('') $$, '%', 'who looks at none, nothing');
reset session authorization;
select is(test.chores(), (select n from fresh), 'nothing has gone');
create function test.text(received text, sent text) returns void language sql as $$
    update glas_data.message set received_at = received::timestamptz, sent_at = sent::timestamptz, link = 'sim' where id = 1 $$;
insert into glas_data.link (gateway, name, kind, state, day)
values ('vranje', 'sim', 'modem', 'ready', '2031-06-01'), ('vranje', 'http', 'web', 'ready', '2031-06-01');
savepoint before;
select test.text('2031-06-01 02:00+02', '2026-11-30 14:00+01');
select is(test.chores(), (select n from fresh), 'nor when the network has another day');
rollback to before;
select test.text('2031-06-01 02:00+02', '2031-06-01 01:59+02');
update glas_data.message set link = 'http' where id = 1;
select is(test.chores(), (select n from fresh), 'nor by what no network has stamped');
rollback to before;
select test.text('2031-06-01 02:00+02', '2031-06-01 01:59+02');
select isnt(test.chores(), (select n from fresh), 'what has been kept long enough goes when a text has come by a modem');
select is(test.alert(), null, 'and that is all');
rollback to before;
set session authorization kosta;
select is(glas.clock_confirm('1.6.2031'), 'It is 01.06.2031.: what has been kept long enough goes again.', 'or a person has said so');
select is((select who || ': ' || what from glas.retention_history limit 1), 'kosta: the clock is right', 'who has their name there');
reset session authorization;
select is(test.alert(), null, 'then all is well');
select isnt(test.chores(), (select n from fresh), 'and it goes');
set session authorization oto;
select lives_ok($$ select glas.clock_confirm('2031-06-01') $$, 'an operator does, too');
reset session authorization;
set session authorization mira;
select throws_ok($$ select glas.clock_confirm('2031-06-01') $$, '42501', null, 'a case worker does not');
reset session authorization;

select * from finish();
rollback;
