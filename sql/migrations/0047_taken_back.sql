-- It is told who took it back.
drop function if exists glas_data.give_back(glas_data.report, text);

-- What was joined before each was asked: who reported the same as somebody whose case an
-- organisation sees by their yes, or is about to, has agreed to nothing. Theirs is a case
-- of its own again.
with apart as materialized (
    select r.reference, r.merged_into, r.citizen
      from glas_data.report r
      join glas_data.report m on m.reference = r.merged_into
     where m.citizen <> r.citizen
       and exists (select from glas_data.referral f
                    where f.reference = m.reference
                      and (f.state = 'granted'
                           or f.state = 'asked' and f.asked_at > now() - interval '4 days')
                      and f.organisation is distinct from r.organisation
                      and not exists (select from glas_data.referral o
                                       where o.reference = r.reference
                                         and o.organisation = f.organisation
                                         and o.state = 'granted'))),
texts as (
    update glas_data.message t set reference = a.reference
      from apart a
     where t.reference = a.merged_into and t.citizen = a.citizen),
opened as (
    update glas_data.report r
       set status = 'open', status_at = now(), merged_into = null
      from apart a
     where r.reference = a.reference)
insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
select a.reference, now(), 'glas', 'status', 'duplicate', 'open',
       'they have not agreed that it is shown with the other one'
  from apart a;
