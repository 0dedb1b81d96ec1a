-- Erasure and disclosure reach every table: a table that is new here needs a
-- decision before this passes.
begin;
\ir fixture.psql
select no_plan();
select test.office();

-- Columns that lead to a person, and what their rows become at an erasure:
-- gone, emptied: of words; counted: nothing there is of words; stays.
create temp table decided (col text, becomes text);
copy decided from stdin delimiter '|';
asked.outbox|emptied
asked.message|emptied
asked.reference|emptied
attendance.citizen|counted
block.citizen|stays
block.token|stays
body.message|emptied
broadcast_person.citizen|counted
broadcast_person.outbox|counted
callback.citizen|emptied
case_deadline.reference|counted
case_step.reference|counted
citizen.token|gone
concat_group.message|counted
concat_group.token|gone
consent.message|emptied
consent.outbox|emptied
consent.reference|emptied
duty_call.reference|counted
duty_phone.citizen|gone
duty_told.outbox|counted
duty_told.reference|counted
form_entry.citizen|emptied
form_entry.message|emptied
form_value.entry|emptied
helped.helper|emptied
identity.message|counted
invitation.citizen|counted
invitation.outbox|counted
message.citizen|emptied
message.reference|counted
observer.citizen|gone
optout.token|stays
outbox.citizen|emptied
outbox.message|emptied
outbox.reference|emptied
outbox_segment.outbox|counted
quarantine.message|counted
quarantine.token|gone
question.reference|emptied
referral.outbox|emptied
referral.reference|emptied
reminder.outbox|counted
reminder.reference|counted
report.citizen|counted
report.message|counted
report.reference|counted
report_history.reference|emptied
reveal.citizen|emptied
reveal.reference|emptied
rumour.citizen|counted
solved.outbox|counted
solved.reference|counted
subscription.citizen|gone
vote.citizen|counted
\.
select bag_eq($$
    select distinct c.relname || '.' || a.attname
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'glas_data'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and (a.attname in ('citizen', 'helper', 'token', 'message', 'outbox', 'reference', 'entry')
            or exists (select from pg_constraint k
                        where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)
                          and k.confrelid in ('glas_data.citizen'::regclass, 'glas_data.message'::regclass)))
       and a.atttypid <> 'boolean'::regtype and c.relname || '.' || a.attname <> 'gateway.token' $$,
    'select col from decided', 'what leads to a person was decided about');

-- Of these tables each column: told to the person who asks, or not. Not: what is sealed
-- or leads to them, who works here, what is of others, what stands beside it, and how
-- the network carried a text.
create temp table tells (name text, told text[], untold text[]);
copy tells from stdin delimiter '|';
asked|{reference,question,asked_at,outbox,until,message,answered_at}|{id,asked_by}
attendance|{event,coming,at,test}|{citizen}
block|{since,reason}|{token,citizen,blocked_by}
body|{text,original,trace}|{message,received_at}
broadcast_person|{broadcast,place,outbox,segments,at,none,reports}|{citizen}
callback|{gateway,link,first_at,last_at,times,state,called_at,note,organisation}|{id,citizen,called_by}
case_deadline|{reference,deadline,begun_at,done_at}|{}
case_step|{reference,step,at}|{who}
citizen|{link,lang,lang_chosen,cyrillic,hour_level,day_level,level_at,unclear_at,emergency_at,first_at,last_at,dialog,dialog_until,told_who,asked_group,people,helper,tester,erased_at,silenced_at,silenced_until,silenced_why,blocked,vouched,machine_at,machine_texts,copy_looked_at,key_number,erase_until}|{id,token,version,reply_copy,silenced_by,recall_copy,erase}
concat_group|{ref,max,opened_at,last_at,message}|{id,token,token_before}
consent|{reference,step,asked,asked_at,outbox,agreed,answer,answered_at,message,paper}|{id,asked_by}
duty_call|{reference,begun_at,next_at,stuck_at,taken_at}|{taken_by}
duty_phone|{member,since}|{citizen}
duty_told|{}|{reference,member,at,outbox}
form_entry|{message,form,at,complete,unread,test}|{citizen}
form_value|{field,value}|{entry,number,day,municipality,settlement}
helped|{nickname,since}|{id,helper}
identity|{}|{identity,message,received_at,seen}
invitation|{event,outbox}|{citizen}
message|{id,received_at,sent_at,gateway,link,channel,segments,lang,intent,code,confidence,silent,note,municipality,settlement,test,done}|{citizen,reference}
observer|{form,weekday,name,organisation,since}|{citizen}
optout|{}|{token,since}
outbox_segment|{}|{outbox,seq,link,mr,submitted_at,status,reported_at}
outbox|{id,created_at,kind,priority,message,encoding,segments,state,reason,attempts,link,gateway,due_at,expires_at,sent_at,delivered_at,cause,by_day}|{citizen,reference,text,created_by}
quarantine|{at,gateway,link,reason,seen,state,message}|{id,identity,sealed,token}
question|{reference,state,event,answer,decided_at}|{decided_by}
recommendation_rating|{recommendation,rating,at}|{person,who}
referral|{reference,organisation,note,asked_at,asked,outbox,state,answer,answered_in,answered_at}|{id,asked_by,recorded_by}
reminder|{reference,deadline,at,outbox}|{}
report_history|{reference,at,what,was,now_is,note}|{id,who}
report|{reference,reported_at,message,category,second,actor,municipality,settlement,lang,channel,urgent,status,status_at,organisation,due_at,answered_at,first,test,due_what,police_guess}|{citizen,merged_into,helped}
reveal|{id,reference,reason,asked_at,approved_at,refused_why,until,shown_at,told}|{citizen,ticket,ticket_until,asked_by,approved_by,refused_by}
rumour|{id,answer,answered_at,told_at}|{citizen,same_as,answered_by}
solved|{reference,asked_at,outbox,solved,answered_at,rating,rated_at}|{}
subscription|{list,consent,since,test}|{citizen}
vote|{poll,option,at,changed,test}|{citizen}
\.
select is_empty($$ select distinct split_part(col, '.', 1) from decided
    where col not like 'body\_kept.%' except select name from tells $$, 'each table that leads to a person is here');
select bag_eq($$ select c.table_name || '.' || c.column_name
      from information_schema.columns c join tells t on t.name = c.table_name
     where c.table_schema = 'glas_data' $$,
    $$ select name || '.' || unnest(told || untold) from tells $$, 'whether it is told was decided of each column');
select is_empty($$ select t.name, c.col
      from tells t, unnest(t.told || t.untold) c (col)
     where strpos((select prosrc from pg_proc where oid = 'glas.disclose'::regproc), format('row_told(%L', t.name)) > 0
       and (c.col = any (t.told)) is distinct from
           (c.col <> 'citizen' and not exists (select from glas_data.untold() u
                                                where u.place = t.name and c.col = any (u.columns))) $$,
    'and is done so');
select bag_eq($$ select name from tells
     where told <> '{}' and strpos((select prosrc from pg_proc where oid = 'glas.disclose'::regproc), format('row_told(%L', name)) = 0 $$,
    array['body', 'form_value', 'report_history'], 'three tables are told otherwise');

-- A person with words everywhere; each is the name of its place.
create function test.word(place text) returns text language sql as $$ select 'tajnarec_' || place $$;
do $$
declare
    who bigint := (select id from glas_data.citizen where token = test.sealed('ana'));
    p record;
begin
    update glas_data.body set text = test.word('text'), original = test.word('original')::bytea,
        trace = test.word('trace') where message = 1;
    update glas_data.message set note = test.word('note'), done = test.word('done') where id = 1;
    update glas_data.outbox set text = test.word('outbox') where id = 1;
    update glas_data.citizen set silenced_why = test.word('silenced'), dialog = test.word('dialog'),
        people = test.word('people'), reply_copy = test.word('copy')::bytea,
        recall_copy = test.word('recall')::bytea where id = who;
    insert into glas_data.report_history (reference, at, who, what, note)
        values ('100008', now(), 'mira', 'status', test.word('history'));
    update glas_data.report set actor = test.word('actor') where reference = '100008';
    insert into glas_data.report_history (reference, at, who, what, was, now_is)
        values ('100008', now(), 'mira', 'actor', 'POLICE', test.word('about')), ('100008', now(), 'mira', 'actor', '', 'POLICE'),
               ('100008', now(), 'mira', 'merged', 'new', '200006');
    insert into glas_data.report_history (reference, at, who, what, now_is)
        values ('100008', now(), 'glas', 'duty', 'mira'), ('100008', now(), 'mira', 'taken', 'mira');
    insert into glas_data.report_history (reference, at, who, what, now_is, note)
        values ('200006', now(), 'mira', 'joined', '100008', test.word('joined')), ('200006', now(), 'mira', 'status', 'open', 'ostaje');
    insert into glas_data.block (token, citizen, since, reason, blocked_by)
        values (test.sealed('optout ana'), who, now(), test.word('block'), 'kosta');
    insert into glas_data.subscription (citizen, list, consent, since) values (who, 'Vranje', test.word('consent'), now());
    insert into glas_data.observer (citizen, form, weekday, name, organisation, since)
        values (who, 'F', 1, test.word('observer'), 'Zajednica', now());
    insert into glas_data.helped (helper, nickname, since) values (who, test.word('nickname'), now());
    insert into glas_data.question (reference, answer) values ('100008', test.word('answered'));
    insert into glas_data.consent (reference, step, asked_at, asked_by, answer, paper)
        values ('100008', 'safe', now(), 'mira', test.word('yes'), test.word('paper'));
    insert into glas_data.referral (reference, organisation, note, asked_at, asked_by, asked, answer)
        values ('100008', 'Druga', test.word('why'), now(), 'mira', '?', test.word('referred'));
    insert into glas_data.asked (reference, question, asked_at, asked_by, outbox, until)
        values ('100008', test.word('asked'), now(), 'mira', 1, now());
    insert into glas_data.reveal (citizen, reference, reason, asked_by, asked_at, refused_why, until)
        values (who, '100008', test.word('reveal'), 'mira', now(), test.word('refused'), now());
    insert into glas_data.form_entry (message, form, citizen, at, complete, unread)
        values (1, 'F', who, now(), true, test.word('unread'));
    insert into glas_data.form_value (entry, field, value) values (1, 'f', test.word('value'));
    insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed, token)
        values ('q', now(), 'vranje', 'mts', 'x', test.word('aside')::bytea, test.sealed('ana'));
    insert into glas_data.concat_group (token, ref, max, opened_at, last_at)
        values (test.sealed('ana'), 1, 2, now(), now());
    insert into glas_data.concat_segment (grp, seq, received_at, sealed)
        select id, 1, now(), test.word('part')::bytea from glas_data.concat_group;
    insert into glas_data.callback (citizen, gateway, link, first_at, last_at, note)
        values (who, 'vranje', 'mts', now(), now(), test.word('called'));
    insert into glas_data.broadcast (number, audience, texts, drafted_by, drafted_at) values (1, 'x', '{}', 'kosta', now());
    insert into glas_data.broadcast_person (broadcast, citizen, place) values (1, who, 1);
    insert into glas_data.solved (reference, asked_at, rating) values ('100008', now(), 5);
end $$;

create function test.dump() returns table (place text, found bigint) language plpgsql as $$
declare
    t record;
begin
    for t in select c.oid::regclass as name from pg_class c
              where c.relnamespace = 'glas_data'::regnamespace and c.relkind = 'r'
    loop
        return query execute format('select %L, count(*) from %s t where t::text ~ ''tajnarec'' or t::text like %L',
            t.name, t.name, '%' || encode('tajnarec', 'hex') || '%');
    end loop;
end $$;
create temp table words_before as select * from test.dump() where found > 0;
select cmp_ok((select count(*) from words_before), '>=', 17::bigint, 'words of theirs are in many tables');
create function test.counts() returns text
    language sql as $$ select (select count(*) from glas_data.message) || ' ' || (select count(*) from glas_data.report)
        || ' ' || (select count(*) from glas_data.outbox)
        || ' ' || coalesce((select string_agg(t::text, ',') from glas.trend t), '')
        || ' ' || coalesce((select string_agg(t::text, ',') from glas.heatmap t), '')
        || ' ' || coalesce((select string_agg(t::text, ',') from glas.equity t), '')
        || ' ' || coalesce((select string_agg(t::text, ',') from glas.ratings t), '') $$;
select test.recount();
create temp table counts_before as select test.counts() as counts;
create temp table ana as select glas_data.pseudonym(id) as name, id from glas_data.citizen where token = test.sealed('ana');
create temp table beba as select glas_data.pseudonym(id) as name from glas_data.citizen where token = test.sealed('beba');
grant select on ana, beba to public;

-- Disclosure.
set session authorization mira;
select throws_ok($$ select * from glas.disclose((select name from ana), 'x') $$, '42501', null, 'a case worker discloses nothing');
set session authorization kosta;
select throws_like($$ select * from glas.disclose('nobody', 'x') $$, 'nobody is called "nobody"%', 'whose');
select throws_like($$ select * from glas.disclose((select name from ana), ' ') $$, 'the reason is empty%', 'why');
create temp table told as select * from glas.disclose((select name from ana), 'by post');
select is_empty($$ select w from unnest(array['text', 'outbox', 'silenced', 'people', 'note', 'history', 'consent', 'observer',
        'nickname', 'answered', 'trace', 'done', 'dialog', 'actor', 'yes', 'paper', 'why', 'referred', 'asked', 'reveal', 'unread', 'value', 'called']) w
     where not exists (select from told where words like '%tajnarec_' || w || '%') $$, 'all words that are stored are told');
select is((select count(*) from told where words ~ 'tajnarec_(copy|recall|original|aside|part)'), 0::bigint, 'nothing sealed');
select is_empty($$ select w from (values ('text', 'intent '), ('text', 'confidence '), ('text', 'original, sealed'), ('text', 'reference 100008'),
        ('sent', 'state '), ('sent', 'created_at '), ('report', 'police_guess false'), ('report', 'urgent '), ('report', 'channel sms'),
        ('STOP', 'cannot be looked up'), ('person', 'number, sealed for the offline key')) w (what, words)
     where not exists (select from told t where t.what = w.what and strpos(t.words, w.words) > 0) $$, 'and what else stands beside them');
select bag_eq($$ select words from told where words ~ ' (duty|taken)( |$)' $$, $$ values ('100008 duty'), ('100008 taken') $$,
    'that somebody was woken, and took it');
select is_empty($$ select words from told where words ~ '(mira|kosta)' $$, 'nor who works here');
select results_eq($$ select who, what from glas.retention_history $$, $$ values ('kosta', 'disclosed: by post') $$, 'it is written down');
set session authorization revizor;
select is((select count(*) from glas.retention_history), 1::bigint, 'for auditors');
set session authorization oto;
select is_empty('select * from glas.retention_history', 'not for operators: why is a matter of the person');
reset session authorization;
insert into glas_data.retention_history (at, who, what, gone) values (glas.now(), 'gateway', 'logs', 2);
create role pkoord login;
grant glas_coordinator to pkoord;
insert into glas_data.organisation (name, kind, since) values ('MUP', 'police', now());
insert into glas_data.person (role, organisation, kind, since) values ('pkoord', 'MUP', 'coordinator', now());
set session authorization pkoord;
select is_empty('select * from glas.retention_history', 'nor for the police');
set session authorization oto;
select results_eq('select what from glas.retention_history', array['logs'], 'operators see what went');
set session authorization kosta;

-- Erasure.
select matches(glas.forget((select name from ana), 'asked in the office'), 'is forgotten', 'a person is forgotten');
reset session authorization;
select is_empty('select * from test.dump() where found > 0', 'no word is in any table');
select results_eq($$ select was, now_is, note from glas_data.report_history where what = 'actor' or note = 'ostaje' order by id $$,
    $$ values ('POLICE', '[obrisano]', ''), ('', 'POLICE', ''), ('', 'open', 'ostaje') $$, 'codes stay, and what is of others');
select is((select reason from glas_data.block), '[obrisano]', 'a block holds');
select test.recount();
select is(test.counts(), (select counts from counts_before), 'all counts are what they were');
select is((select (reply_copy, recall_copy, token = test.sealed('ana'))::text from glas_data.citizen where id = (select id from ana)),
    '(,,f)', 'nor is the number');
insert into glas_data.organisation (name, kind, since) values ('PU Vranje', 'police', now());
update glas_data.person set organisation = 'PU Vranje' where role = 'kosta';
set session authorization kosta;
select throws_like($$ select glas.forget((select name from beba), 'x') $$, '%police%', 'the police forgets nobody');
select throws_like($$ select * from glas.disclose((select name from beba), 'x') $$, '%police%', 'and is told nothing');
reset session authorization;
select * from finish();
rollback;
