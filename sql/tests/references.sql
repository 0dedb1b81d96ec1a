begin;
\ir fixture.psql
select plan(8);

create temp table nth as
select n, glas_data.reference_nth(n, glas_data.setting('reference_factor')::bigint) as reference
  from generate_series(1, 200000) n;

select is((select count(distinct reference) from nth), 200000::bigint,
    'two hundred thousand references are all different');
select is((select count(*) from nth where reference !~ '^[1-9][0-9]{5,6}$'), 0::bigint,
    'they have six digits or seven, and no leading zero');
select is((select max(length(reference)) from nth where n <= 90000), 6,
    'the seventh digit comes when the six are used up');
select is((select count(*) from nth
            where right(reference, 1) <> glas_data.luhn_digit(left(reference, -1))), 0::bigint,
    'the last digit is that of Luhn');
select is((select count(*) from nth a join nth b on b.n = a.n + 1
            where abs(a.reference::int - b.reference::int) < 100), 0::bigint,
    'neighbours are far apart');
select is((select array_agg(glas_data.luhn_digit(d)) from unnest(array['7992739871', '10000', '0']) d),
    array['3', '8', '0'], 'the digit of known numbers');
select throws_ok($$ select '012345'::glas.reference $$, '23514', null,
    'what begins with a zero is no reference');
select is((select count(*) from (
        select unnest(reference_list) r from glas_gw.reserve(50, 1)
        union select unnest(reference_list) from glas_gw.reserve(50, 1)) both_calls), 100::bigint,
    'no reference is handed out twice');

select * from finish();
rollback;
