-- Polls: what people vote on by a text. Titles and options are short, since
-- they are told by text, too.

create or replace function glas_data.poll_options(p_options text[])
    returns text[]
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    options text[];
    long    text;
begin
    if cardinality(p_options) not between 2 and 9 then
        raise invalid_parameter_value using message = format(
            'a poll has 2 to 9 options, not %s: leave them out for yes and no',
            cardinality(p_options));
    end if;
    options := array(select glas_data.clean(o)
                       from unnest(p_options) with ordinality u (o, n)
                      order by n);
    select o into long from unnest(options) o where length(o) not between 1 and 20 limit 1;
    if long is not null then
        raise invalid_parameter_value using message = format(
            'option "%s" has %s letters: write 1 to 20, it is told by text',
            glas_data.echo(long), length(long));
    end if;
    -- A longer one is nobody's vote.
    select o into long from unnest(options) o where o ~ '^[[:digit:]]{1,3}[.,)]?$' limit 1;
    if long is not null then
        raise invalid_parameter_value using message = format(
            'option "%s" is a number, and people vote by the number of an option: '
            'write it in words', glas_data.echo(long));
    end if;
    if (select count(distinct lower(o)) from unnest(options) o) < cardinality(options) then
        raise invalid_parameter_value using message =
            'two options are the same: write different ones';
    end if;
    return options;
end
$$;
comment on function glas_data.poll_options(text[]) is
    'The options of a poll; an error that says what to do when they are too many,
     too few, too long, numbers, or the same.';

-- The longest that is told of it, when somebody votes for what is not there.
create or replace function glas_data.poll_fits(p_title jsonb, p_options text[])
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    told record;
begin
    select t.lang, size.segments into told
      from glas_data.reply_text t,
           (select string_agg(n || ' ' || o, ', ' order by n)
              from unnest(p_options) with ordinality u (o, n)) l (list),
           glas_data.sms_size(glas_data.fill(t.text, t.lang, jsonb_build_object(
               'OPTIONS', format('%s: %s.', glas_data.title_in(p_title, t.lang), l.list)))) size
     where t.key = 'VOTE_HOW' and size.segments > 3
     order by size.segments desc limit 1;
    if found then
        raise program_limit_exceeded using message = format(
            'in %s it takes %s segments to say what one can vote for, 3 are '
            'allowed: shorten the title or the options', told.lang, told.segments);
    end if;
end
$$;
comment on function glas_data.poll_fits(jsonb, text[]) is
    'An error that says what to do when a poll is too long to be told of by text.';

create or replace view glas.polls with (security_barrier) as
select p.number, p.title ->> 'sr-Latn' as title,
       (select string_agg(o.n || ' ' || o.name, ', ' order by o.n)
          from jsonb_array_elements_text(p.options) with ordinality o (name, n)) as options,
       p.opened_at, p.closes_at,
       case when p.closes_at > glas.now() then 'open' else 'closed' end as state,
       coalesce(v.votes, 0) as votes, p.opened_by, p.closed_by
  from glas_data.poll p
  left join (select v.poll, count(*)::int as votes
               from glas_data.vote v where not v.test group by 1) v on v.poll = p.number;
comment on view glas.polls is
    'What people are or were asked to vote on.
     Example: select * from glas.polls where state = ''open'';';
comment on column glas.polls.number is 'Number; people write it when several polls are open: GLAS 2 1.';
comment on column glas.polls.title is 'The question, in Serbian.';
comment on column glas.polls.options is 'What one can vote for, each with the number that people write.';
comment on column glas.polls.opened_at is 'From when votes count.';
comment on column glas.polls.closes_at is 'Until when: midnight is the end of the day before.';
comment on column glas.polls.state is 'open or closed.';
comment on column glas.polls.votes is 'How many people voted; trials are left out.';
comment on column glas.polls.opened_by is 'Who opened it.';
comment on column glas.polls.closed_by is 'Who closed it before its time.';

create or replace view glas.poll_results with (security_barrier) as
with option as (
    select p.number as poll, o.n::int as n, o.name, coalesce(v.votes, 0) as votes
      from glas_data.poll p
     cross join jsonb_array_elements_text(p.options) with ordinality o (name, n)
      left join (select v.poll, v.option, count(*)::int as votes
                   from glas_data.vote v where not v.test group by 1, 2) v
        on v.poll = p.number and v.option = o.n
     where p.closes_at <= glas.now()
        or (select (pg_has_role(session_user, 'glas_coordinator', 'member')
                    or pg_has_role(session_user, 'glas_owner', 'member'))
                   and not glas_data.is_authority())
), counted as (
    select o.*, 1.0 * o.votes / greatest(1, sum(o.votes) over (partition by o.poll)) as part
      from option o
)
select c.poll, c.n || ' ' || c.name as option, c.votes,
       round(100 * c.part)::int as share,
       repeat('#', round(25 * c.part)::int) as bar
  from counted c
 order by c.poll desc, c.n;
comment on view glas.poll_results is
    'Who voted how often for what. Each person has one vote, the last one; trials
     are left out. The vote of a person who had their number erased stays when the
     poll was over by then; in an open poll it is taken back, since they can vote
     again as somebody new. While a poll is open, coordinators alone see its rows:
     who watches single votes come in knows whose they are.
     Example: select option, votes, share, bar from glas.poll_results where poll = 1;';
comment on column glas.poll_results.poll is 'Number of the poll.';
comment on column glas.poll_results.option is 'What they voted for, with its number.';
comment on column glas.poll_results.votes is 'How many.';
comment on column glas.poll_results.share is 'How many of a hundred who voted.';
comment on column glas.poll_results.bar is 'The same to look at; all of them is 25 wide.';

create or replace function glas.poll_open(
    title text, options text[] default '{da,ne}',
    closes_at text default null, titles text default '{}')
    returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    named  jsonb := glas_data.titles(poll_open.title, poll_open.titles);
    chosen text[] := glas_data.poll_options(coalesce(poll_open.options, '{da,ne}'));
    -- On a day that is said alone people may still vote.
    until  timestamptz := coalesce(glas_data.until_said(poll_open.closes_at),
        glas.now() + interval '7 days');
    fresh  int;
begin
    if until <= glas.now() or until > glas.now() + interval '1 year' then
        raise invalid_parameter_value using message = format(
            'a poll that closes on %s cannot be voted in: write a day within a '
            'year from now', to_char(until at time zone 'Europe/Belgrade', 'YYYY-MM-DD HH24:MI'));
    end if;
    perform glas_data.poll_fits(named, chosen);
    lock table glas_data.poll in share row exclusive mode;
    select coalesce(max(number), 0) + 1 into fresh from glas_data.poll;
    insert into glas_data.poll (number, title, options, yes_no, opened_at,
        opened_by, closes_at)
    values (fresh, named, to_jsonb(chosen),
        lower(chosen::text) in ('{da,ne}', '{да,не}', '{po,jo}', '{ova,na}', '{yes,no}'),
        glas.now(), session_user, until);
    perform glas_data.content_touch();
    return fresh;
end
$$;
comment on function glas.poll_open(text, text[], text, text) is
    'Opens a poll; returns its number. People vote with GLAS and the number of an
     option, or GLAS DA and GLAS NE where no options are given. It closes in a
     week when nothing else is said, at the end of a day without an hour. `titles`: the question in other languages.
     Example: select glas.poll_open(''Šta prvo?'', ''{most,put,škola}'', ''2027-01-31 20:00'', ''{"sq": "Çka së pari?"}'');';

create or replace function glas.poll_close(number int) returns setof glas.polls
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    update glas_data.poll p
       set closes_at = glas.now(), closed_by = session_user
     where p.number = poll_close.number and p.closes_at > glas.now();
    if not found then
        raise no_data_found using message = format(
            'there is no open poll %s: open are %s',
            glas_data.echo(poll_close.number::text),
            coalesce((select string_agg(p.number::text, ', ' order by p.number)
                        from glas_data.poll p where p.closes_at > glas.now()), 'none'));
    end if;
    perform glas_data.content_touch();
    return query select * from glas.polls p where p.number = poll_close.number;
end
$$;
comment on function glas.poll_close(int) is
    'Closes a poll before its time; glas.poll_results has what came out.
     Example: select * from glas.poll_close(1);';
