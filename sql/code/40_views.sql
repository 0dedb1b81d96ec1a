-- What people read. A case worker sees what belongs to reports of the own
-- organisation; coordinators, auditors and the owner see everything.

-- Words are looked up row by row: joined, all months would be read for a few rows.
create or replace view glas.inbox as
select m.id, m.received_at, m.link, m.channel,
       glas_data.pseudonym(c.id) as citizen,
       m.lang,
       coalesce((select b.text from glas_data.body b
                  where b.message = m.id and b.received_at = m.received_at),
                '[isteklo]') as text,
       m.intent, m.reference, m.note
  from glas_data.message m
  join glas_data.citizen c on c.id = m.citizen;
select glas_data.read_by_policies('glas.inbox');
comment on view glas.inbox is
    'Every text that came, one row each, however many segments it had.
     Example: select * from glas.inbox order by id desc limit 20;';
comment on column glas.inbox.id is 'Number of the text; glas.explain(id) says how it was understood.';
comment on column glas.inbox.received_at is 'When it came.';
comment on column glas.inbox.link is 'By which link.';
comment on column glas.inbox.channel is 'sms, ussd or call.';
comment on column glas.inbox.citizen is 'Pseudonym of who wrote; the same person always has the same.';
comment on column glas.inbox.lang is 'Language of the text: sr-Latn, sr-Cyrl, sq, rom, bg, en, mix, und.';
comment on column glas.inbox.text is 'The text; characters that cannot be shown are written out.';
comment on column glas.inbox.intent is
    'What the person wanted: report, rights, status, help, stop, start, vote, lang, unclassified.';
comment on column glas.inbox.reference is 'The report that it made or belongs to.';
comment on column glas.inbox.note is 'What was odd about it.';

create or replace view glas.reports as
select r.reference::text as reference, r.reported_at, r.category, r.actor,
       r.municipality, r.settlement, r.lang,
       coalesce((select b.text from glas_data.body b
                  where b.message = m.id and b.received_at = m.received_at),
                '[isteklo]') as text,
       r.status, r.urgent,
       r.organisation, glas_data.pseudonym(c.id) as citizen, r.channel,
       r.due_at, r.answered_at,
       case when r.category = '' then concat_ws(', ', nullif(r.first, ''),
            nullif(r.second, '')) else '' end as guesses
  from glas_data.report r
  join glas_data.citizen c on c.id = r.citizen
  left join glas_data.message m on m.id = r.message;
select glas_data.read_by_policies('glas.reports');
comment on view glas.reports is
    'Cases that citizens brought.
     Example: select * from glas.reports where status = ''new'' order by urgent desc, reported_at;';
comment on column glas.reports.reference is
    'Number that the citizen was told; the functions take it with spaces or dashes too.';
comment on column glas.reports.reported_at is 'When the first text of it came.';
comment on column glas.reports.category is 'Code of the category; empty when a person has to say.';
comment on column glas.reports.actor is 'Who it is about: POLICE, ARMY, MUNI, ...';
comment on column glas.reports.municipality is 'Municipality; empty when not known.';
comment on column glas.reports.settlement is 'Settlement in it; empty when not known.';
comment on column glas.reports.lang is 'Language of the text.';
comment on column glas.reports.text is 'The first text of the case.';
comment on column glas.reports.status is
    'new, open, referred, answered, closed; or duplicate, withdrawn, not_for_us.';
comment on column glas.reports.urgent is 'Somebody may be in danger.';
comment on column glas.reports.organisation is 'Member organisation that has it; empty: nobody yet.';
comment on column glas.reports.citizen is 'Pseudonym of who reported.';
comment on column glas.reports.channel is 'sms, ussd or call.';
comment on column glas.reports.due_at is 'When something must have happened.';
comment on column glas.reports.answered_at is 'When a person first answered.';
comment on column glas.reports.guesses is
    'Where the category is open: the likeliest and the next; glas.classify() decides.';

create or replace view glas.history as
select h.at, h.reference::text as reference, h.who, h.what, h.was, h.now_is,
       h.note
  from glas_data.report_history h;
select glas_data.read_by_policies('glas.history');
comment on view glas.history is
    'Who did what with a report.
     Example: select * from glas.history where reference = ''100008'' order by at;';
comment on column glas.history.at is 'When.';
comment on column glas.history.reference is 'Which report.';
comment on column glas.history.who is 'Database role that did it.';
comment on column glas.history.what is 'What was changed: status, organisation, category, reply, ...';
comment on column glas.history.was is 'Value before.';
comment on column glas.history.now_is is 'Value after.';
comment on column glas.history.note is 'Why, in their words.';

create or replace view glas.outbox as
select o.id, o.created_at, o.kind, glas_data.pseudonym(c.id) as citizen,
       o.text, o.segments, o.encoding, o.state, o.attempts, o.link, o.sent_at,
       o.delivered_at, o.reference, o.reason
  from glas_data.outbox o
  join glas_data.citizen c on c.id = o.citizen;
select glas_data.read_by_policies('glas.outbox');
comment on view glas.outbox is
    'Every text to a citizen and what became of it.
     Example: select id, state, reason, text from glas.outbox where state <> ''delivered'' order by id desc;';
comment on column glas.outbox.id is 'Number of the text; what glas.reply() returned.';
comment on column glas.outbox.created_at is 'When it was written.';
comment on column glas.outbox.kind is
    'emergency, receipt, rights, status, service, unclear: automatic; reply, event, broadcast: by a person; notice: to who looks after the gateway.';
comment on column glas.outbox.citizen is 'Pseudonym of who gets it.';
comment on column glas.outbox.text is 'What is sent.';
comment on column glas.outbox.segments is 'SMS segments that it costs.';
comment on column glas.outbox.encoding is 'GSM7: 160 characters a segment; UCS2: 70.';
comment on column glas.outbox.state is
    'queued, held, waiting (until they write again), inflight, unknown, accepted; in the end delivered, undelivered, failed, expired, cancelled, suppressed.';
comment on column glas.outbox.attempts is 'How often it was handed to a link.';
comment on column glas.outbox.link is 'Link that sends or sent it.';
comment on column glas.outbox.sent_at is 'When the network took it.';
comment on column glas.outbox.delivered_at is 'When the phone had it.';
comment on column glas.outbox.reference is 'The report that it is about.';
comment on column glas.outbox.reason is 'Why it is in that state.';

create or replace view glas.outbox_states with (security_barrier) as
select o.state, count(*) as texts, sum(o.segments) as segments,
       min(o.created_at) as oldest
  from glas_data.outbox o
 where (o.state in ('queued', 'held', 'waiting', 'inflight', 'unknown')
        or o.created_at > glas.now() - interval '7 days')
   and not (select glas_data.is_authority())
 group by o.state;
comment on view glas.outbox_states is
    'How many texts to citizens are in which state: all that wait or may have gone
     out, and the rest of the last seven days.
     Example: select * from glas.outbox_states;';
comment on column glas.outbox_states.state is 'State, as in glas.outbox.';
comment on column glas.outbox_states.texts is 'How many texts.';
comment on column glas.outbox_states.segments is 'How many segments they cost.';
comment on column glas.outbox_states.oldest is 'When the oldest of them was written.';

-- The police and ministries see whether a link sends, and not when and how much.
create or replace view glas.links with (security_barrier) as
select l.name, l.kind, l.gateway,
       case when g.alive_until < glas.now() then 'lost'
            when l.detail = '' then l.state
            else l.state || ': ' || l.detail end as state,
       l.signal_dbm, l.operator,
       case when not a.outside then l.last_seen_at end as last_seen_at,
       case when a.outside then null
            when l.day = (glas.now() at time zone 'utc')::date
            then l.received_today else 0 end as received_today,
       case when a.outside then null
            when l.day = (glas.now() at time zone 'utc')::date
            then l.sent_today else 0 end as sent_today,
       case when not a.outside then l.balance end as balance
  from glas_data.link l
  join glas_data.gateway g on g.name = l.gateway
 cross join (select glas_data.is_authority() as outside) a;
comment on view glas.links is
    'Modems and other links, as their gateway saw them last.
     Example: select * from glas.links;';
comment on column glas.links.name is 'Name in the configuration.';
comment on column glas.links.kind is 'modem, web or other.';
comment on column glas.links.gateway is 'Which daemon runs it.';
comment on column glas.links.state is
    'starting, searching, listing, ready, down or paused, and why; lost: its gateway does not answer.';
comment on column glas.links.signal_dbm is 'Field strength in dBm: -51 is best, below -105 is bad.';
comment on column glas.links.operator is 'Network that the SIM is registered in.';
comment on column glas.links.last_seen_at is 'When the link last said anything.';
comment on column glas.links.received_today is 'Segments received since midnight (UTC).';
comment on column glas.links.sent_today is 'Segments sent since midnight (UTC).';
comment on column glas.links.balance is 'What the operator last said of the credit; see glas.credit.';

-- Gateways are given these every ten seconds (glas_gw.alive): cheap ones only.
create or replace view glas_data.found as
select 'gateway-lost' as name, g.name as gateway, g.alive_until as since,
       format('gateway %s has not been heard of', g.name) as text,
       format('look at its machine: systemctl status glas; what it had received and not yet stored is on its disk alone. '
           'If it comes no more: select glas.forget_gateway(%L)', g.name) as remedy
  from glas_data.gateway g
 where g.alive_until < glas.now()
union all
select 'name-taken', g.name, g.rival_since,
       format('another glasd comes under the name %s, and is kept out', g.name),
       'give that one a name of its own; glasctl status says on its machine which one it is, and what to do'
  from glas_data.gateway g
 where g.rival_at > glas.now() - interval '1 minute'
   and g.alive_until > glas.now()
union all
select 'link-shared', '', max(g.started_at),
       format('%s: what people wrote to one would be answered by the number of the other, so it is kept down, and texts stay with it',
           string_agg(format('link %s of gateway %s has the name of one that another gateway has', l.name, l.gateway),
               ', ' order by l.name, l.gateway)),
       'give it a name of its own in the glas.conf there, and reload; where it has moved there, take its section out of the glas.conf of before, and reload: it begins within a minute'
  from glas_data.link l
  join glas_data.gateway g on g.name = l.gateway
 where l.detail = 'name-held' and not l.sends and g.alive_until >= glas.now()
having count(*) > 0
union all
select 'no-sender', '', min(o.created_at),
       format('%s can be sent by no link: what these people wrote by sends no texts, and no other does for it',
           count(*) || case when count(*) = 1 then ' text' else ' texts' end),
       'add a modem, or give the [web] section its send-url; or let another link do it: failover = yes'
  from glas_data.outbox o
 where o.state = 'queued'
   and o.link in (select k.name from glas_data.link k
                   group by k.name having not bool_or(k.sends))
   and not exists (select from glas_data.link k
                     join glas_data.gateway g on g.name = k.gateway
                    where k.sends and k.failover_after is not null
                      and g.alive_until >= glas.now())
having count(*) > 0
union all
select 'database-rewound', '', min(g.rewound_at),
       format('the database is older than what was stored in it: %s to people may have been sent before, and are held%s',
           (select count(*) || case when count(*) = 1 then ' text' else ' texts' end
              from glas_data.outbox o
             where o.state = 'held' and o.reason = 'rewound database'),
           case when bool_and(g.reread) then '' else '; the log is read again' end),
       'look through glas.outbox where reason = ''rewound database'', then: select glas.resume_outbox(), or glasctl resume outbox'
  from glas_data.gateway g
 where g.rewound_at is not null
having count(*) > 0
union all
select 'outbox-' || o.state, '', min(o.created_at),
       format('%s %s %s: %s', count(*),
           case when count(*) = 1 then 'text is' else 'texts are' end,
           o.state, min(o.reason)),
       case o.state
           when 'held' then 'see the reasons in glas.outbox; they go when the segments of a new day, a higher segments-per-day, or glas.event_cap(), let them'
           else 'it cannot be known whether they were sent; write again with glas.reply() if it matters' end
  from glas_data.outbox o
 where (o.state = 'held' and o.reason <> 'rewound database')
    or (o.state = 'unknown' and o.sent_at > glas.now() - interval '1 day')
 group by o.state
having count(*) > 0
union all
select 'outbox-late', '', min(o.turn),
       format('%s %s could not be sent for a quarter of an hour', count(*),
           case when count(*) = 1 then 'text' else 'texts' end),
       'look at glas.links: is a modem ready, is there credit?'
  from (select case when k.attempts > 0
                        -- Each attempt that is refused moves due_at; so does the night.
                     and k.reason not in ('waits for the morning', 'answered late')
                    then k.created_at else coalesce(k.due_at, k.created_at) end as turn
          from glas_data.outbox k
         where k.state = 'queued') o
 where o.turn < glas.now() - interval '15 minutes'
having count(*) > 0
union all
select 'clock-jumped', '', b.at,
       format('the clock of the database says %s, and was last believed on %s: no words and no numbers are let go of',
           to_char(glas.now() at time zone 'Europe/Belgrade', 'DD.MM.YYYY. HH24:MI'),
           to_char(b.at at time zone 'Europe/Belgrade', 'DD.MM.YYYY. HH24:MI')),
       'if that is wrong set it right; if it is right, since all was off for days, it ends with the first text to a modem, or say which day it is: select glas.clock_confirm(''YYYY-MM-DD'')'
  from glas_data.believed b
 where glas.now() not between b.at - interval '3 days' and b.at + interval '3 days'
union all
select 'duty-unanswered', '', min(d.stuck_at),
       -- The page of the state shows this text: which they are is not for it.
       format('%s urgent %s nobody on duty has taken', count(*),
           case when count(*) = 1 then 'report that' else 'reports that' end),
       'select * from glas.duty_calls; take it with glas.set_status(reference, ''open''), and see in glas.duty who has no telephone'
  from glas_data.duty_call d
 where d.taken_at is null and d.stuck_at is not null
having count(*) > 0
union all
select 'silenced', '', min(c.silenced_at),
       format('%s %s taken for a machine and not answered', count(*),
           case when count(*) = 1 then 'sender is' else 'senders are' end),
       'look at what they wrote: select * from glas.silenced; glas.unsilence() takes it back'
  from glas_data.citizen c
 where c.silenced_until > glas.now() and c.silenced_by = ''
   and c.silenced_at > glas.now() - interval '1 day'
having count(*) > 0
union all
select 'quarantine', '', min(q.at),
       format('%s %s could not be stored as a text', count(*),
           case when count(*) = 1 then 'thing' else 'things' end),
       'select * from glas.quarantine where state = ''open''; then glas.quarantine_release() or glas.quarantine_dismiss(); glasctl quarantine show says what it is'
  from glas_data.quarantine q
 where q.state = 'open'
having count(*) > 0
union all
select 'keys-unfinished', '', u.since,
       case when u.state = 'moving'
           then format('the keys are being replaced by number %s, and for six hours nothing was sealed anew: %s %s done',
               u.number, u.done, case when u.done = 1 then 'row is' else 'rows are' end)
           else format('all is sealed under the keys with number %s, and for two weeks the old ones were not removed',
               u.number) end,
       case when u.state = 'moving'
           then 'glasd goes on where it has the old keys and the new ones: glasctl key rotate, and its log, say what is in the way'
           else 'when every backup that needs the old keys has a copy of them: glasctl key rotate --finish' end
  from (select k.*, case when k.state = 'moving' then coalesce(k.progress_at, k.begun_at)
                         else k.moved_at end as since
          from glas_data.rekey k
         where k.state <> 'finished') u
 where u.since < glas.now() - case when u.state = 'moving' then interval '6 hours'
                                   else interval '14 days' end
union all
select 'content-expired', '', min(t.valid_until)::date::timestamptz,
       format('%s of the texts that citizens are answered %s out of date: %s', count(*),
           case when count(*) = 1 then 'is' else 'are' end,
           string_agg(distinct t.key, ', ')),
       'have them reviewed: select * from glas.texts; glasctl content export, then import'
  from glas_data.reply_text t
 where t.valid_until ~ '^\d{4}-\d\d-\d\d$'
   and t.valid_until < to_char(glas.now(), 'YYYY-MM-DD')
having count(*) > 0
union all
select 'content-stale', g.name, g.stale_since,
       format('gateway %s does not run the content that is here', g.name),
       'its log says why: glasctl content check DIR after glasctl content export DIR'
  from glas_data.gateway g
 where g.stale_since < glas.now() - interval '1 minute'
   and g.alive_until >= glas.now()
   and (select value from glas_data.setting where name = 'content_version') <> '0'
union all
select 'content-missing', '', null, 'the database has no content: nobody is understood',
       'glasctl init, or glasctl content import DIR'
 where (select value from glas_data.setting where name = 'content_version') = '0';
comment on view glas_data.found is
    'What is wrong, as far as it can be found here.';
comment on column glas_data.found.name is 'What kind of trouble, as in glas.alerts.';
comment on column glas_data.found.gateway is 'Which daemon has it; empty: all together.';
comment on column glas_data.found.since is 'Since when, as far as is known.';
comment on column glas_data.found.text is 'What is wrong.';
comment on column glas_data.found.remedy is 'What to do about it.';

-- What counts texts or people, or money that is spent on texts, is not for the police
-- and ministries.
create or replace view glas.alerts with (security_barrier) as
select k.name, k.gateway, k.link, k.since, k.text, k.remedy
  from (select f.name, f.gateway, '' as link, f.since, f.text, f.remedy
          from glas_data.found f
        union all
        select a.name, a.gateway, a.link, a.since,
               case when g.alive_until < glas.now() then 'when last heard of: ' else '' end
                   || a.text,
               a.remedy
          from glas_data.alert a
          join glas_data.gateway g on g.name = a.gateway) k
 where not (select glas_data.is_authority())
    or not (k.name like 'outbox-%' or k.name like 'credit-%' or k.name in (
            'duty-unanswered', 'no-sender', 'database-rewound', 'silenced', 'quarantine',
            'daily-limit', 'validity-unread', 'sim-expires', 'sim-nearly-full',
            'spool-grows', 'texts-blocked', 'references-low'));
comment on view glas.alerts is
    'What is wrong now; no row when all is well. glasctl status shows the same.
     Example: select * from glas.alerts;';
comment on column glas.alerts.name is
    'What kind of trouble. Found by a gateway: configuration, no-link, link-down, link-starting,
     link-searching, link-paused, link-trouble, link-restarts, link-violations,
     link-refuses, link-unsandboxed, sim-nearly-full, credit-low, credit-unread, validity-unread,
     daily-limit, sim-expires, outbox-stuck, spool-failing, spool-full, spool-grows, spool-damaged,
     spool-in-memory, keys-with-spool, keys-missing, texts-blocked, references-low, database-away,
     database-failing, database-locked, clock. Found here: database-rewound,
     name-taken, link-shared, no-sender, gateway-lost, outbox-held, outbox-unknown,
     outbox-late, clock-jumped, duty-unanswered, silenced,
     quarantine, keys-unfinished, content-expired, content-stale, content-missing.';
comment on column glas.alerts.gateway is 'Which daemon it is about; empty: all together.';
comment on column glas.alerts.link is 'Which of its links; empty: none of a link.';
comment on column glas.alerts.since is 'Since when, as far as is known.';
comment on column glas.alerts.text is 'What is wrong; of a gateway that is lost, as it said last.';
comment on column glas.alerts.remedy is 'What to do about it.';

create or replace view glas.texts with (security_barrier) as
select t.key, t.lang, t.text, size.segments, size.encoding, t.source,
       t.reviewer, t.last_checked, t.valid_until
  from glas_data.reply_text t, glas_data.sms_size(t.text) size;
comment on view glas.texts is
    'What citizens are answered, by language.
     Example: select key, lang, segments, reviewer from glas.texts where reviewer = ''none'';';
comment on column glas.texts.key is 'What it is for.';
comment on column glas.texts.lang is 'Language.';
comment on column glas.texts.text is 'The text; {name} is filled in.';
comment on column glas.texts.segments is 'SMS segments, before anything is filled in.';
comment on column glas.texts.encoding is 'GSM7 or UCS2, as it stands here.';
comment on column glas.texts.source is 'Where the facts in it are from.';
comment on column glas.texts.reviewer is 'Who has checked it, or none.';
comment on column glas.texts.last_checked is 'Day on which it was checked last.';
comment on column glas.texts.valid_until is 'Day after which it must be checked again.';

create or replace view glas.categories with (security_barrier) as
select c.code, coalesce(c.names ->> 'en', c.names ->> 'sr-Latn', c.code) as name,
       c.urgent, c.named_in_reply, c.topic
  from glas_data.category c;
comment on view glas.categories is
    'What reports can be about; glas.classify() takes the code.
     Example: select * from glas.categories order by code;';
comment on column glas.categories.code is 'Code, as in glas.reports.';
comment on column glas.categories.name is 'Name.';
comment on column glas.categories.urgent is 'Somebody may be in danger.';
comment on column glas.categories.named_in_reply is
    'Whether an acknowledgement names it: not where that could endanger.';
comment on column glas.categories.topic is 'Rights topic that belongs to it.';
