-- Words that stand beside texts: what a form was filled in with, what was agreed to and
-- where, what the history has of that, why a number was called. They go with the texts
-- that they belong to.

-- Of all cases at once: asked of one after the other, it took most of the time.
create or replace view glas_data.case_till as
select r.reference,
       coalesce(own.till, (select glas.now() - make_interval(days =>
                               glas_data.retention_days('texts')))) as till
  from glas_data.report r
  left join glas_data.report m on m.reference = r.merged_into
  left join (select k.category, glas.now() - make_interval(days => k.days) as till
               from glas_data.retention k
              where k.what = 'texts' and k.category <> '' offset 0) own
    on own.category = r.category
 where coalesce(m.status, r.status) not in ('new', 'open', 'referred', 'answered');
comment on view glas_data.case_till is
    'Until when words of a case must have been written to have been kept long enough, as
     its texts are; an open one is not here.';
comment on column glas_data.case_till.reference is 'Which.';
comment on column glas_data.case_till.till is 'Until then; empty: without a rule nothing goes.';

create or replace function glas_data.has_words(p_words text) returns boolean
    language sql immutable
    as $$ select p_words not in ('', '[isteklo]', '[obrisano]') $$;
comment on function glas_data.has_words(text) is
    'Whether there is something that was not let go of, or erased.';

-- Asked of one entry after another, and of the partition that its text was in: forms
-- are few, and each was compared with millions of texts that were joined first. No text
-- goes before the shortest rule says so: what is younger is not asked about at all.
create or replace view glas_data.entry_old as
select e.message, t.part is null as over,
       t.due and (t.received_at < (select glas_data.texts_begun())
                  or t.part = 'glas_data.body_kept'::regclass) as goes
  from glas_data.form_entry e
  left join lateral (
       select d.received_at, d.due,
              (select b.tableoid from glas_data.body b
                where b.message = d.message and b.received_at = d.received_at) as part
         from glas_data.text_due d where d.message = e.message offset 0) t on true
 where e.at <= (select glas.now() - make_interval(days => min(k.days))
                  from glas_data.retention k where k.what in ('texts', 'other texts'));
comment on view glas_data.entry_old is 'Forms of texts that may have been kept long enough.';
comment on column glas_data.entry_old.message is 'Which (form_entry.message).';
comment on column glas_data.entry_old.over is 'Whether the text has lost its words.';
comment on column glas_data.entry_old.goes is 'Whether it does when the night comes.';

-- What an option or a number says is counted, and stays.
create or replace view glas_data.entry_words as
select e.message, ''::text as field, e.at
  from glas_data.form_entry e
 where glas_data.has_words(e.unread)
union all
select v.entry, v.field, e.at
  from glas_data.form_value v
  join glas_data.form_entry e on e.message = v.entry
 where v.number is null and v.day is null and v.municipality is null
   and glas_data.has_words(v.value)
   and not exists (select from glas_data.form_field f
                    where f.form = e.form and f.field = v.field and f.type = 'choice');
comment on view glas_data.entry_words is 'Words that forms were filled in with.';
comment on column glas_data.entry_words.message is 'In which entry (form_entry.message).';
comment on column glas_data.entry_words.field is
    'Which field; empty: what none could be read from.';
comment on column glas_data.entry_words.at is 'When it was filled in.';

-- Each row once: which table, and what it is known by there.
create or replace view glas_data.beside_due as
select 'consent' as place, k.id, '' as field, coalesce(k.answered_at, k.asked_at) as at,
       false as later
  from glas_data.consent k
  join glas_data.case_till t on t.reference = k.reference
 where (glas_data.has_words(k.answer) or glas_data.has_words(k.paper))
   and coalesce(k.answered_at, k.asked_at) <= t.till
union all
select 'referral', f.id, '', f.asked_at, false
  from glas_data.referral f
  join glas_data.case_till t on t.reference = f.reference
 where (glas_data.has_words(f.answer) or glas_data.has_words(f.note))
   and coalesce(f.answered_at, f.asked_at) <= t.till
union all
select 'history', h.id, '', h.at, false
  from glas_data.report_history h
  join glas_data.case_till t on t.reference = h.reference
 where (h.what = 'referral' or h.what = 'step' and h.now_is = 'withdrawn')
   and glas_data.has_words(h.note) and h.at <= t.till
union all
select 'callback', c.id, '', c.last_at, false
  from glas_data.callback c
 where c.state <> 'waiting' and glas_data.has_words(c.note)
   and c.last_at <= (select glas.now() - make_interval(days =>
                         glas_data.retention_days('other texts')))
union all
select case w.field when '' then 'form_entry' else 'form_value' end, w.message, w.field,
       w.at, not e.over
  from glas_data.entry_words w
  join glas_data.entry_old e on e.message = w.message
 where e.over or e.goes;
comment on view glas_data.beside_due is
    'Words beside texts that have been kept as long as these.';
comment on column glas_data.beside_due.place is 'In which table.';
comment on column glas_data.beside_due.id is 'Of which row.';
comment on column glas_data.beside_due.field is 'Of a form: which field.';
comment on column glas_data.beside_due.at is 'From when they are.';
comment on column glas_data.beside_due.later is
    'Whether they wait for the text that they came in, which goes before them.';

create or replace function glas_data.retain_beside(p_limit int) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    d    record;
    gone bigint := 0;
begin
    if exists (select from glas_data.retained r
                where r.what = 'beside'
                  and r.looked_at > glas.now() - interval '12 hours') then
        return 0;
    end if;
    for d in select * from glas_data.beside_due b where not b.later limit p_limit loop
        gone := gone + 1;
        case d.place
        when 'consent' then
            update glas_data.consent k
               set answer = case k.answer when '' then '' else '[isteklo]' end,
                   paper = case k.paper when '' then '' else '[isteklo]' end,
                   asked = case when k.asked = '' or k.outbox is not null then k.asked
                                else '[isteklo]' end
             where k.id = d.id;
        when 'referral' then
            update glas_data.referral f
               set answer = case f.answer when '' then '' else '[isteklo]' end,
                   note = case f.note when '' then '' else '[isteklo]' end
             where f.id = d.id;
        when 'history' then
            update glas_data.report_history h set note = '[isteklo]' where h.id = d.id;
        when 'callback' then
            update glas_data.callback c set note = '[isteklo]' where c.id = d.id;
        when 'form_entry' then
            update glas_data.form_entry e set unread = '[isteklo]' where e.message = d.id;
        else
            update glas_data.form_value v set value = '[isteklo]'
             where v.entry = d.id and v.field = d.field;
        end case;
    end loop;
    if gone < p_limit then
        perform glas_data.retain_looked('beside');
    end if;
    return gone;
end
$$;
comment on function glas_data.retain_beside(int) is
    'Lets go of words beside texts that have been kept as long as these; says of how many.';
