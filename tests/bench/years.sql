-- Five years of an office for bench_views.py: :people people, :reports reports,
-- :texts texts. Run once by a superuser in a database with its content loaded;
-- what triggers and the gateway would do is done here. The newest is of now.
set session_replication_role = replica;
set synchronous_commit = off;
select setseed(0.5);

create temp table span as
select now() - interval '1826 days' as begins, interval '1826 days' as lasts;
create temp table spot as
select row_number() over (order by p.kind <> 'village', p.municipality, p.settlement) - 1 as n,
       p.municipality, p.settlement
  from glas_data.place p where p.municipality in ('Bujanovac', 'Preševo', 'Vranje', 'Medveđa',
       'Bosilegrad', 'Surdulica', 'Vladičin Han', 'Trgovište');
create temp table kind as
select row_number() over (order by c.code) - 1 as n, c.code, c.urgent is true as urgent
  from glas_data.category c;
create temp table tongue (n, lang) as
values (0, 'sr-Latn'), (1, 'sr-Latn'), (2, 'sr-Latn'), (3, 'sr-Cyrl'), (4, 'sq'), (5, 'sq'),
       (6, 'rom'), (7, 'bg');

insert into glas_data.organisation (name, kind, since)
select 'Odbor ' || n, 'ngo', now() from generate_series(2, 12) n;
insert into glas_data.coverage (organisation, municipality, since)
select distinct on (s.municipality) 'Odbor ' || 1 + s.n % 12, s.municipality, now() from spot s;

insert into glas_data.citizen (id, token, reply_copy, lang, lang_chosen, cyrillic, hour_level,
       day_level, level_at, first_at, last_at, people, silenced_at, silenced_until)
overriding system value
select i, sha256(('person ' || i)::bytea),
       case when i % 20 = 0 then sha256(('copy ' || i)::bytea) end,
       t.lang, false, t.lang = 'sr-Cyrl', 5, 20, s.begins, s.begins, now(),
       (array['', '', '', '', '', '', 'roma', 'elderly', 'woman', 'private'])[1 + i * 7 % 10],
       case when i % 5000 = 0 then now() - interval '1 day' end,
       case when i % 5000 = 0 then now() + interval '1 day' end
  from generate_series(1, :people) i, span s, tongue t
 where t.n = i % 8;
select setval('glas_data.citizen_id_seq', :people);

-- Few people write much; what came in the last weeks is open, or has an answer.
insert into glas_data.report (reference, reported_at, message, citizen, category, first,
       actor, municipality, settlement, lang, channel, urgent, status, status_at,
       organisation, answered_at, due_at, due_what)
select glas_data.reference_nth(g.n, f.factor), g.at, (g.n - 1) / 3 * 10 + (g.n - 1) % 3 * 3 + 1, g.citizen,
       case when g.n % 11 = 0 then '' else k.code end, k.code,
       case when k.code like 'POL%' then 'POLICE' else '' end,
       case when g.n % 9 = 0 then '' else p.municipality end,
       case when g.n % 9 = 0 then '' else p.settlement end, t.lang, 'sms', k.urgent,
       g.status, g.at + g.took, 'Odbor ' || 1 + p.n % 12,
       case when g.status in ('answered', 'closed') then g.at + g.took end,
       case when g.status in ('new', 'open') and g.n % 3 = 0 then g.at + interval '30 days' end,
       case when g.status in ('new', 'open') and g.n % 3 = 0 then 'police-complaint' else '' end
  from (select n, s.begins + s.lasts * (n / (:reports + 1.0)) as at,
               1 + (power(random(), 2) * (:people - 1))::bigint as citizen,
               random() * random() * 20 * interval '1 day' as took,
               (power(random(), 2) * (select count(*) - 1 from spot))::int as spot,
               (power(random(), 2) * (select count(*) - 1 from kind))::int as kind,
               case when n < :reports * 0.997 then
                        case when n % 50 = 0 then 'withdrawn' when n % 7 = 0 then 'not_for_us'
                             else 'closed' end
                    else (array['new', 'new', 'open', 'open', 'referred', 'answered',
                                'answered', 'closed'])[1 + n % 8] end as status
          from generate_series(1, :reports) n, span s) g
  join spot p on p.n = g.spot
  join kind k on k.n = g.kind
  join tongue t on t.n = g.citizen % 8,
       (select value::bigint as factor from glas_data.setting
         where name = 'reference_factor' offset 0) f;
select setval('glas_data.reference_number', :reports + 1000);

-- Of ten texts nine belong to a report, and three of these begin one. Ids are in
-- the order of time, as good as.
create temp table text_of as
select 'Nema svetla u ulici kod skole vec ' || n || ' dana, a zvali smo vise puta i niko '
           'ne dolazi. Deca se plase da prolaze posle skole.' as text, n
  from generate_series(0, 99) n;
select begins from span \gset
set role glas_owner;
select count(glas_data.body_month((:'begins'::timestamptz + n * interval '1 month')::date))
  from generate_series(0, 61) n;
reset role;
insert into glas_data.message (id, received_at, sent_at, gateway, link, channel, citizen,
       segments, lang, intent, code, confidence, reference, municipality)
select r.message + k as id, r.reported_at + k * interval '1 hour', r.reported_at,
       'vranje', 'mts', 'sms', r.citizen, 1 + (r.message % 20 = 0)::int, r.lang,
       (array['report', 'add', 'status'])[1 + k], case k when 0 then r.category else '' end,
       80, r.reference, r.municipality
  from glas_data.report r, generate_series(0, 2) k
union all
select i, s.begins + s.lasts * (i / (:texts + 1.0)), null,
       'vranje', 'mts', 'sms', 1 + (random() * (:people - 1))::bigint, 1, t.lang,
       'rights', (array['POLICE', 'COURT', 'HEALTH', 'WORK', ''])[1 + i / 10 % 5],
       90, null, ''
  from generate_series(10, :texts, 10) i, span s, tongue t
 where t.n = i / 10 % 8
 order by id;
insert into glas_data.body (message, received_at, text, original)
select m.id, m.received_at, t.text, sha256(m.id::text::bytea)
  from glas_data.message m
  join text_of t on t.n = m.id % 100
 order by m.id;
select setval('glas_data.message_block', :texts + 1000);

insert into glas_data.outbox (id, created_at, kind, priority, citizen, message, reference,
       text, encoding, segments, state, attempts, link, gateway, sent_at, delivered_at)
select m.id, m.received_at, case m.intent when 'rights' then 'rights' else 'receipt' end, 1,
       m.citizen, m.id, m.reference,
       'Primljeno. Broj prijave ' || coalesce(m.reference, '') || '. Za stanje posaljite STATUS.',
       'GSM7', 1, case when m.id % 30 = 0 then 'undelivered' else 'delivered' end, 1, 'mts',
       'vranje', m.received_at, m.received_at
  from glas_data.message m
 where m.intent in ('report', 'rights', 'status')
 order by m.id;
select setval('glas_data.outbox_block', :texts + 1000);

insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
select r.reference, r.reported_at + k * interval '1 day', 'mira', 'status',
       (array['new', 'open'])[1 + k], (array['open', r.status])[1 + k], 'zvali smo'
  from glas_data.report r, generate_series(0, 1) k
 where r.status <> 'new';

\ir desk.sql

reset session_replication_role;
vacuum analyze;
select glas_gw.count_anew() from glas_data.counted;
-- A year of what may be published, but the newest month.
select glas.publish(to_char(m, 'YYYY-MM'))
  from generate_series(date_trunc('month', now() - interval '14 months'),
           date_trunc('month', now() - interval '10 days') - interval '2 months',
           interval '1 month') m;
