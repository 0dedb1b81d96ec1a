-- What five years leave beside texts and reports: who asked for news, who voted,
-- what was asked, merged, shown to others, agreed to, rated, drafted. Included by
-- years.sql; in numbers that go with its own.
insert into glas_data.list (code, names, keywords, added_by, added_at)
select 'VODA', '{"sr-Latn": "Voda"}', '{uji}', 'kosta', begins from span;
insert into glas_data.subscription (citizen, list, consent, since)
select i, case when i % 200 = 1 then 'VODA' else m.municipality end, 'VESTI',
       s.begins + i * interval '1 minute'
  from generate_series(1, :people, 20) i, span s,
       (select municipality, row_number() over (order by municipality) as n
          from (select distinct municipality from spot) d) m
 where m.n = 1 + i / 20 % 8;

insert into glas_data.poll (number, title, options, yes_no, opened_at, opened_by, closes_at)
select p, '{"sr-Latn": "Sta prvo?"}', '["most", "put", "skola"]', false,
       s.begins + p * s.lasts / 20.1, 'kosta',
       s.begins + p * s.lasts / 20.1 + interval '14 days'
  from span s, generate_series(1, 20) p;
insert into glas_data.vote (poll, citizen, option, at)
select p.number, i, 1 + i % 3, p.opened_at + interval '1 day'
  from glas_data.poll p, generate_series(1, :people, 50) i;

insert into glas_data.event (number, municipality, title, venue, starts_at, announced_at,
       announced_by)
select e, (array['Vranje', 'Bujanovac', 'Preševo', 'Surdulica'])[1 + e % 4],
       '{"sr-Latn": "Tribina o vodi"}', 'Dom kulture',
       s.begins + e * s.lasts / 99 + interval '12 days', s.begins + e * s.lasts / 99, 'kosta'
  from span s, generate_series(1, 100) e;
insert into glas_data.invitation (event, citizen, outbox)
select e, i, 10 * (1 + (e * (:people / 500) + i) % (:texts / 10))
  from generate_series(1, 100) e, generate_series(1, :people / 500) i;
insert into glas_data.attendance (event, citizen, coming, at)
select e.number, i, i % 3 > 0, e.announced_at + interval '2 days'
  from glas_data.event e, generate_series(1, :people / 5000) i;

-- At most two hundred segments of texts to many go out in a day.
insert into glas_data.broadcast (number, state, audience, list, texts, drafted_by,
       drafted_at, approved_by, canary_at)
select b, 'done', 'who gets news of VODA', 'VODA', '{"sr-Latn": "Sutra nema vode."}',
       'kosta', s.begins + b * s.lasts / 201, 'ana', s.begins + b * s.lasts / 201
  from span s, generate_series(1, 200) b;
insert into glas_data.broadcast_person (broadcast, citizen, place, outbox, segments, at)
select b.number, i, i, 10 * (:texts / 50 + b.number * (:people / 1000) + i), 1,
       b.drafted_at + i * interval '5 minutes'
  from glas_data.broadcast b, generate_series(1, :people / 1000) i;
insert into glas_data.broadcast_history (broadcast, at, who, what)
select b.number, b.drafted_at, 'kosta', w.what
  from glas_data.broadcast b, unnest(array['drafted', 'approved', 'canary', 'sending', 'done']) w (what);

-- What a report has beside texts and history: decile is a number of its own for
-- three reports.
create temp table case_of as
select r.reference, r.reported_at, r.message, r.message / 10 as decile, r.citizen, r.status,
       r.status_at, r.organisation, r.urgent, r.category, r.actor, r.municipality, r.settlement
  from glas_data.report r;
insert into glas_data.asked (reference, question, asked_at, asked_by, outbox, until, message,
       answered_at)
select c.reference, 'Koja ulica?', c.reported_at + interval '30 minutes', 'mira', c.message,
       c.reported_at + interval '5 days', case when c.message % 2 = 0 then 0 else c.message + 1 end,
       case when c.message % 2 = 1 then c.reported_at + interval '1 hour' end
  from case_of c where c.decile % 20 = 3;
insert into glas_data.referral (reference, organisation, asked_at, asked_by, asked, outbox,
       state, answer, answered_at, recorded_by)
select c.reference, 'Odbor ' || 1 + c.decile / 100 % 12, c.reported_at + interval '1 day', 'kosta',
       'Da li Odbor moze da vidi prijavu?', c.message,
       (array['granted', 'granted', 'refused', 'ended'])[1 + c.decile / 100 % 4], 'da',
       c.reported_at + interval '2 days', 'citizen'
  from case_of c where c.decile % 100 = 7;
insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed, answer, answered_at)
select c.reference, w.step, 'Da li je bezbedno da pisemo?', c.reported_at + interval '1 day',
       'mira', w.step = 'safe', 'da', c.reported_at + interval '2 days'
  from case_of c, unnest(array['safe', 'contact_allowed']) w (step) where c.decile % 100 = 9;
insert into glas_data.case_step (reference, step, at, who)
select c.reference, 'safe', c.reported_at + interval '2 days', 'citizen'
  from case_of c where c.decile % 100 = 9;
insert into glas_data.solved (reference, asked_at, solved, answered_at, rating, rated_at)
select c.reference, c.status_at + interval '5 days', c.message % 4 > 0,
       c.status_at + interval '6 days', 1 + c.message % 5, c.status_at + interval '6 days'
  from case_of c where c.status = 'closed' and c.decile % 4 = 0;
insert into glas_data.question (reference, state, decided_by, decided_at)
select c.reference, case when c.status in ('new', 'open') then 'waiting' else 'answered' end,
       'kosta', c.status_at
  from case_of c where c.decile % 100 = 11;
insert into glas_data.duty_call (reference, begun_at, next_at, taken_by, taken_at)
select c.reference, c.reported_at, c.reported_at + interval '15 minutes',
       case when c.status <> 'new' then 'mira' else '' end,
       case when c.status <> 'new' then c.reported_at + interval '10 minutes' end
  from case_of c where c.urgent;
insert into glas_data.duty_told (reference, member, at, outbox)
select c.reference, 'mira', c.reported_at, c.message from case_of c where c.urgent;
insert into glas_data.reveal (citizen, reference, reason, asked_by, asked_at, approved_by,
       approved_at, until, shown_at)
select c.citizen, c.reference, 'hitna pomoc', 'mira', c.reported_at, 'kosta', c.reported_at,
       c.reported_at + interval '1 day',
       case when c.decile % 200 = 13 then c.reported_at + interval '1 hour' end
  from case_of c where c.decile % 100 = 13;
insert into glas_data.reveal_history (reveal, at, who, what)
select v.id, v.asked_at, 'mira', w.what
  from glas_data.reveal v, unnest(array['asked', 'approved', 'taken', 'shown']) w (what);

-- Thirty reported the same.
with same as (
    select array_agg(c.reference order by c.status <> 'open', c.message) as "references"
      from case_of c where c.status in ('open', 'closed')
     group by c.message / 1000 having (:texts / 1000 - max(c.message) / 1000) % 30 = 2)
update glas_data.report r
   set status = 'duplicate', merged_into = m.reference, organisation = m.organisation,
       category = m.category, municipality = m.municipality, settlement = m.settlement,
       due_at = null, due_what = ''
  from same, unnest(same."references"[2:31]) d, case_of m
 where r.reference = d and m.reference = same."references"[1];

insert into glas_data.rumour (id, citizen, same_as, answer, answered_by, answered_at, told_at)
select m.id, m.citizen, case when m.id / 500 % 10 > 0 then m.id / 5000 * 5000 end,
       case when m.id < :texts * 0.95 then 'Nije tacno.' else '' end,
       case when m.id < :texts * 0.95 then 'kosta' else '' end,
       case when m.id < :texts * 0.95 then m.received_at + interval '1 day' end,
       case when m.id < :texts * 0.95 then m.received_at + interval '1 day' end
  from glas_data.message m where m.id % 500 = 0 and m.id >= 5000;
insert into glas_data.callback (citizen, gateway, link, first_at, last_at, state, called_at,
       called_by, organisation)
select i, 'vranje', 'mts', c.at, c.at, case when i > :people * 0.999 then 'waiting' else 'called' end,
       case when i <= :people * 0.999 then c.at + interval '1 hour' end,
       case when i <= :people * 0.999 then 'mira' else '' end,
       (select p.organisation from glas_data.person p where p.role = 'mira' and i <= :people * 0.999)
  from generate_series(5, :people, 10) i, span s,
       lateral (select s.begins + s.lasts * (i / (:people + 1.0))) c (at);
insert into glas_data.helped (helper, nickname, since)
select i, 'MICA', s.begins from generate_series(9, :people, 100) i, span s;
insert into glas_data.observer (citizen, form, weekday, name, organisation, since)
select i, 'CHECKIN', 1 + i % 7, 'MZ ' || i, 'Odbor ' || 1 + i % 12, s.begins
  from generate_series(1, 200) i, span s;
insert into glas_data.form_entry (message, form, citizen, at, complete)
select 10 * ((w - 1) * 200 + i), 'CHECKIN', i, s.begins + w * interval '1 week', true
  from generate_series(1, 200) i, span s, generate_series(1, least(260, :texts / 2000)) w;
insert into glas_data.form_value (entry, field, value, number)
select e.message, f.field, '5', case when f.field = 'incidents' then 5 end
  from glas_data.form_entry e, unnest(array['incidents', 'mood', 'place', 'remark']) f (field);
insert into glas_data.recommendation (issue, recommendation, addressee, category,
       municipality, due_on, made_at, made_by, evidence, public_at)
select 'Stubovi bez svetla', 'Popraviti rasvetu', 'Grad Vranje', 'LIGHT', 'Vranje',
       (s.begins + n * s.lasts / 101)::date, s.begins + n * s.lasts / 101, 'kosta', 500, now()
  from generate_series(1, 100) n, span s;
insert into glas_data.response (recommendation, answer, text, given_on, at, who)
select r.number, 'accepted', 'Radovi pocinju u maju.', r.due_on, r.made_at, 'kosta'
  from glas_data.recommendation r;
insert into glas_data.recommendation_rating (recommendation, person, rating, at, who)
select r.number, i, 1 + i % 5, r.made_at, 'kosta'
  from glas_data.recommendation r, generate_series(1, 50) i;

insert into glas_data.duty (organisation, weekday, from_time, to_time, member, set_by, set_at)
select 'Odbor 1', d, '16:00', '08:00', 'mira', 'kosta', s.begins
  from span s, generate_series(1, 7) d;
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed, state)
select sha256(('odd ' || i)::bytea), s.begins + i * s.lasts / 2001, 'vranje', 'mts', 'no text',
       sha256(i::text::bytea), case when i > 1990 then 'open' else 'dismissed' end
  from span s, generate_series(1, 2000) i;
insert into glas_data.quarantine_history (quarantine, at, who, what)
select q.id, q.at + interval '1 hour', 'kosta', 'dismissed'
  from glas_data.quarantine q where q.state = 'dismissed';
insert into glas_data.balance (gateway, link, at, amount, currency, low_under, low_days)
select 'vranje', l, now() - n * interval '6 hours', 500 + n % 100, 'RSD', 100, 3
  from unnest(array['mts', 'yettel', 'a1']) l, generate_series(1, 1460) n;
insert into glas_data.ussd_result (at, gateway, link, code, outcome, text)
select now() - n * interval '3 hours', 'vranje', 'mts', '*101#', 'answered', 'Stanje: 500 RSD'
  from generate_series(1, 2920) n;
insert into glas_data.retention_history (at, who, what, gone)
select s.begins + n * interval '1 day', 'gateway', 'replies', 1500
  from span s, generate_series(1, 1826) n;

-- What waits at the end of it, for somebody to go on with.
insert into glas_data.poll (number, title, options, yes_no, opened_at, opened_by, closes_at)
values (21, '{"sr-Latn": "Sta prvo?"}', '["most", "put", "skola"]', false, now(), 'kosta',
        now() + interval '7 days');
insert into glas_data.vote (poll, citizen, option, at)
select 21, i, 1 + i % 3, now() from generate_series(1, :people, 50) i;
insert into glas_data.event (number, municipality, title, venue, starts_at, announced_at,
       announced_by)
values (101, 'Vranje', '{"sr-Latn": "Tribina o vodi"}', 'Dom kulture',
        now() + interval '20 days', now(), 'kosta');
insert into glas_data.invitation (event, citizen, outbox)
select 101, i, 10 * (1 + i) from generate_series(1, :people / 500) i;
insert into glas_data.attendance (event, citizen, coming, at)
select 101, i, i % 3 > 0, now() from generate_series(1, :people / 5000) i;
insert into glas_data.broadcast (number, state, goes_on, audience, list, texts, drafted_by,
       drafted_at)
select n, s, case s when 'paused' then 'sending' else '' end, 'who gets news of Vranje',
       'Vranje', '{"sr-Latn": "Sutra nema vode."}', 'ana', now()
  from (values (201, 'draft'), (202, 'sending'), (203, 'paused')) b (n, s);
insert into glas_data.broadcast_person (broadcast, citizen, place)
select b.number, s.citizen, row_number() over (partition by b.number order by s.citizen)
  from glas_data.broadcast b, glas_data.subscription s
 where b.number > 200 and s.list = 'Vranje';
update glas_data.referral f
   set state = 'asked', answer = '', answered_at = null, recorded_by = ''
  from case_of c
 where c.reference = f.reference and c.status = 'open';
update glas_data.reveal v
   set shown_at = null, until = now() + interval '1 day',
       approved_by = case when c.message % 10 = 1 then '' else v.approved_by end
  from case_of c
 where c.reference = v.reference and c.status not in ('closed', 'withdrawn', 'not_for_us');
update glas_data.report r
   set organisation = 'Odbor 1'
  from glas_data.reveal v
 where v.reference = r.reference and v.until > now();
update glas_data.citizen p
   set reply_copy = sha256(('copy ' || p.id)::bytea)
  from case_of c
 where p.id = c.citizen and c.status in ('new', 'open');
update glas_data.citizen
   set blocked = true, silenced_at = now(), silenced_until = 'infinity'
 where id = :people - 1;
insert into glas_data.keyword (kind, code, lang, pattern)
values ('category', 'LIGHT', 'sr', 'banderica*');
insert into glas_data.taught (kind, code, lang, pattern, taught_by, taught_at)
values ('category', 'LIGHT', 'sr', 'banderica*', 'kosta', now());
