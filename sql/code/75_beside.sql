-- Words that stand beside texts: what a form was filled in with, what was agreed to and
-- where, why a number was called. They go with the texts that they belong to.

create or replace function glas_data.words_over(p_reference text, p_at timestamptz)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce((
        select coalesce(m.status, r.status) not in ('new', 'open', 'referred', 'answered')
               and p_at + make_interval(days => coalesce(own.days, k.days)) <= glas.now()
          from glas_data.report r
          left join glas_data.report m on m.reference = r.merged_into
          left join glas_data.retention own
            on own.what = 'texts' and own.category = r.category and r.category <> ''
          left join glas_data.retention k on k.what = 'texts' and k.category = ''
         where r.reference = p_reference collate "default"), false)
    $$;
comment on function glas_data.words_over(text, timestamptz) is
    'Whether words of a case that were written then have been kept long enough, as its
     texts are.';

create or replace function glas_data.has_words(p_words text) returns boolean
    language sql immutable
    as $$ select p_words not in ('', '[isteklo]', '[obrisano]') $$;
comment on function glas_data.has_words(text) is
    'Whether there is something that was not let go of, or erased.';

-- Asked of one entry after another, and of the partition that its text was in: forms
-- are few, and each was compared with millions of texts that were joined first. No text
-- goes before the shortest rule says so: what is younger is not asked about at all.
create or replace view glas_data.entry_over as
select e.message, e.form, e.at, e.unread
  from glas_data.form_entry e
 where e.at <= (select glas.now() - make_interval(days => min(k.days))
                  from glas_data.retention k where k.what in ('texts', 'other texts'))
   and not coalesce((
           select true
             from glas_data.body b
            where b.message = e.message
              and b.received_at = (select m.received_at
                                     from glas_data.message m where m.id = e.message)),
           false);
comment on view glas_data.entry_over is
    'What forms were filled in with by texts that have lost their words.';
comment on column glas_data.entry_over.message is 'Which (form_entry.message).';
comment on column glas_data.entry_over.form is 'The form.';
comment on column glas_data.entry_over.at is 'When it was filled in.';
comment on column glas_data.entry_over.unread is 'What no field could be read from.';

-- Each row once: which table, and what it is known by there.
create or replace view glas_data.beside_due as
select 'consent' as place, k.id, '' as field, coalesce(k.answered_at, k.asked_at) as at
  from glas_data.consent k
 where (glas_data.has_words(k.answer) or glas_data.has_words(k.paper))
   and glas_data.words_over(k.reference, coalesce(k.answered_at, k.asked_at))
union all
select 'referral', f.id, '', f.asked_at
  from glas_data.referral f
 where (glas_data.has_words(f.answer) or glas_data.has_words(f.note))
   and glas_data.words_over(f.reference, coalesce(f.answered_at, f.asked_at))
union all
select 'callback', c.id, '', c.last_at
  from glas_data.callback c
 where c.state <> 'waiting' and glas_data.has_words(c.note)
   and c.last_at + make_interval(days => (select glas_data.retention_days('other texts')))
       <= glas.now()
union all
select 'form_entry', e.message, '', e.at
  from glas_data.entry_over e
 where glas_data.has_words(e.unread)
union all
select 'form_value', v.entry, v.field, e.at
  from glas_data.form_value v
  join glas_data.entry_over e on e.message = v.entry
 where v.number is null and v.day is null and v.municipality is null
   and glas_data.has_words(v.value)
   and not exists (select from glas_data.form_field f
                    where f.form = e.form and f.field = v.field and f.type = 'choice');
comment on view glas_data.beside_due is
    'Words beside texts that have been kept as long as these.';
comment on column glas_data.beside_due.place is 'In which table.';
comment on column glas_data.beside_due.id is 'Of which row.';
comment on column glas_data.beside_due.field is 'Of a form: which field.';
comment on column glas_data.beside_due.at is 'From when they are.';

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
    for d in select * from glas_data.beside_due limit p_limit loop
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
