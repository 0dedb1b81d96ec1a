-- Whether it is solved: asked once, some days after a report was answered. The
-- answer is yes, no, or one of five marks.

-- Each condition that reads more than the rows themselves is here, of one person: the
-- planner, which cannot know what they cost, would ask them of all.
create or replace function glas_data.may_ask_solved(
    p_main text, p_reference text) returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform from glas_data.report k, glas_data.report d
       join glas_data.citizen c on c.id = d.citizen
      where k.reference = p_main and d.reference = p_reference
        -- Each must be of the kind: one may be what the other must not give away.
        and glas_data.may_be_told(k)
        and (d.reference = k.reference or glas_data.may_be_told(d))
        and glas_data.silence_of(c) = ''
        and glas_data.said_unsafe(d.citizen, true) is null
        -- A question that is open is not closed by this one.
        and (select a.dialog from glas_data.asked_of(c) a) is null
        -- Each person once, whichever of theirs it was.
        and not exists (select from glas_data.report o
                          join glas_data.solved s on s.reference = o.reference
                         where o.citizen = d.citizen
                           and coalesce(o.merged_into, o.reference) = k.reference)
        for update of d, c skip locked;
    return found;
end
$$;
comment on function glas_data.may_ask_solved(text, text) is
    'Whether who reported it may be asked whether a case is solved; then they are locked,
     and their report.';

create or replace function glas_data.ask_solved() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r      record;
    outbox bigint;
    told   int := 0;
    after  int := glas_data.setting('solved_days')::int;
begin
    if after = 0 then
        return 0;
    end if;
    for r in
        -- Most were asked by now, or are of what nobody is asked about: the rest is few.
        with answered as materialized (
            select k.reference, k.status_at from glas_data.report k
             where k.status = 'answered'
               and k.status_at <= glas.now() - make_interval(days => after)
               and k.status_at > glas.now() - make_interval(days => after + 30)
               and k.category in (select g.code from glas_data.category g
                                   where g.named_in_reply)),
        -- Who reported the same waits for the same answer.
        unasked as materialized (
            select j.* from (select a.reference as main, a.reference, a.status_at
                               from answered a
                             union all
                             select a.reference, m.reference, a.status_at
                               from answered a
                               join glas_data.report m on m.merged_into = a.reference) j
             where not exists (select from glas_data.solved s
                                where s.reference = j.reference))
        select u.main::text as main, d.reference::text as reference, d.citizen
          from unasked u
          join glas_data.report d on d.reference = u.reference
          join glas_data.citizen c on c.id = d.citizen
         where not d.test and not c.blocked
           and c.reply_copy is not null and c.erased_at is null
         order by u.status_at, d.reference <> u.main, d.reported_at
    loop
        exit when told = 20;
        continue when not glas_data.may_ask_solved(r.main, r.reference);
        outbox := glas_data.tell(r.citizen, 'SOLVED_ASK',
            jsonb_build_object('REF', r.reference), r.reference);
        continue when outbox is null;
        insert into glas_data.solved (reference, asked_at, outbox)
        values (r.reference, glas.now(), outbox);
        update glas_data.citizen
           set dialog = format('solved %s 0', r.reference),
               dialog_until = glas.now() + interval '3 days', version = version + 1
         where id = r.citizen;
        insert into glas_data.report_history (reference, at, who, what)
        values (r.reference, glas.now(), 'glas', 'asked whether solved');
        told := told + 1;
    end loop;
    return told;
end
$$;
comment on function glas_data.ask_solved() is
    'Asks people whether what they reported is solved, each of a case once, where it
     is safe. Says how many.';

create or replace function glas_data.put_solved(
    p_reference text, p_citizen bigint, p_solved boolean) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main   text := glas_data.worked_on(p_reference, p_citizen);
    before text := (select r.status from glas_data.report r where r.reference = main);
begin
    if main is null then
        return;
    end if;
    insert into glas_data.solved as s (reference, solved, answered_at)
    values (p_reference, p_solved, glas.now())
    on conflict (reference) do update
        set solved = excluded.solved, answered_at = excluded.answered_at;
    insert into glas_data.report_history (reference, at, who, what, now_is)
    values (p_reference, glas.now(), 'citizen', 'solved',
        case when p_solved then 'yes' else 'no' end);
    if not p_solved and before in ('answered', 'closed') then
        perform glas_data.reopened(main, before, case main
            when p_reference then 'they say that it is not solved'
            else 'who reported the same says that it is not solved' end);
        perform glas_data.duty_again(main);
    end if;
end
$$;
comment on function glas_data.put_solved(text, bigint, boolean) is
    'A person says whether their report is solved: if not, it is open again, or what it
     is a duplicate of.';

create or replace function glas_data.put_rating(
    p_reference text, p_citizen bigint, p_rating text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with rated as (
        insert into glas_data.solved as s (reference, rating, rated_at)
        select r.reference, p_rating::smallint, glas.now() from glas_data.report r
         where r.reference = p_reference and r.citizen = p_citizen
           and p_rating ~ '^[1-5]$'
        on conflict (reference) do update
            set rating = excluded.rating, rated_at = excluded.rated_at
        returning s.reference, s.rating)
    insert into glas_data.report_history (reference, at, who, what, now_is)
    select reference, glas.now(), 'citizen', 'rating', rating::text from rated
    $$;
comment on function glas_data.put_rating(text, bigint, text) is
    'A person rates what became of their report, from 1 to 5; the last one counts.';

create materialized view if not exists glas_data.ratings as
select date_trunc('month', coalesce(s.rated_at, s.answered_at, s.asked_at)
           at time zone 'Europe/Belgrade')::date as month,
       coalesce(m.organisation, '') as organisation,
       glas_data.case_about_police(r) as police,
       count(s.asked_at) as asked, count(*) filter (where s.solved) as solved,
       count(*) filter (where not s.solved) as not_solved,
       count(s.rating) as rated, sum(s.rating) as marks
  from glas_data.solved s
  join glas_data.report r using (reference)
  -- They rate what became of the one that is worked on.
  join glas_data.report m on m.reference = coalesce(r.merged_into, r.reference)
 where not r.test
 group by 1, 2, 3;
create unique index if not exists ratings_row on glas_data.ratings (month, organisation, police);
comment on materialized view glas_data.ratings is
    'What glas.ratings shows; police: about the police; marks: their sum.';

create or replace view glas.ratings with (security_barrier) as
select q.month, q.organisation, sum(q.asked)::int as asked, sum(q.solved)::int as solved,
       sum(q.not_solved)::int as not_solved, sum(q.rated)::int as rated,
       round(sum(q.marks) / nullif(sum(q.rated), 0), 1) as average,
       repeat('#', round(sum(q.marks) * 2.0 / nullif(sum(q.rated), 0))::int) as bar
  from glas_data.ratings q
 where ((select glas_data.sees_all())
        or q.organisation = (select glas_data.own_organisation())
           and (not (select glas_data.is_authority()) or not q.police))
   -- Who could not be asked has no month.
   and q.month is not null
 group by q.month, q.organisation
 order by q.month desc, q.organisation;
comment on view glas.ratings is
    'What people say of what became of their reports, by month and organisation that
     has them. Counted every few minutes.
     Example: select month, organisation, rated, average, bar from glas.ratings;';
comment on column glas.ratings.month is 'First day of the month.';
comment on column glas.ratings.organisation is
    'Whose reports, or of a duplicate who has the one that is worked on; empty: nobody''s.';
comment on column glas.ratings.asked is 'Of how many it was asked whether they are solved.';
comment on column glas.ratings.solved is 'How many are, those who reported say.';
comment on column glas.ratings.not_solved is 'How many are not: these are open again.';
comment on column glas.ratings.rated is 'How many were rated.';
comment on column glas.ratings.average is 'Mean of the marks from 1 to 5, 5 is best.';
comment on column glas.ratings.bar is 'The same to look at: 10 is best.';

-- Each gateway calls it each minute: one of them does it. What fails is seen in
-- the log of the gateway, and tried again.
create or replace function glas_gw.tend() returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    written int := 0;
begin
    perform from glas_data.turn t where t.name = 'tend' for update skip locked;
    if not found then
        return 0;
    end if;
    perform glas_data.due_on();
    -- Who did not ask is not woken; and an answer is awaited from when they are
    -- told on.
    if glas_data.polite_time(glas.now()) = glas.now() then
        written := glas_data.remind() + glas_data.ask_solved();
    end if;
    -- What goes wrong there must not keep a deadline from anybody.
    begin
        written := written + glas_data.broadcast_round();
    exception when others then
        raise warning 'broadcasts wait: %', sqlerrm;
    end;
    return written;
end
$$;
comment on function glas_gw.tend() is
    'What is done by itself with cases: reminders, whether they are solved, and texts
     to many. Says how many texts are to go.';
