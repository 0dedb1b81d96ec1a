-- What Glas remembers. Tables live in schema glas_data, which no admin role
-- reaches; people read views and call functions of schema glas, the gateway
-- calls functions of schema glas_gw.

create schema glas_data;
comment on schema glas_data is
    'Tables of Glas. Read through the views of schema glas.';
create schema glas;
comment on schema glas is
    'Glas for people at psql: begin with select * from glas.help();';
create schema glas_gw;
comment on schema glas_gw is
    'What the gateway glasd calls; nobody else may.';

-- Luhn check digit over the digits before it.
create function glas_data.luhn_digit(digits text) returns text
    language plpgsql immutable strict parallel safe
    as $$
declare
    sum   int := 0;
    digit int;
begin
    for n in 1 .. length(digits) loop
        digit := ascii(substr(digits, n, 1)) - 48;
        sum := sum + case
            when (length(digits) - n) % 2 = 1 then digit
            when digit < 5 then 2 * digit
            else 2 * digit - 9 end;
    end loop;
    return (10 - sum % 10) % 10;
end
$$;
comment on function glas_data.luhn_digit(text) is
    'The last digit of a reference, computed over those before it (Luhn).';

create domain glas.reference as text
    check (value ~ '^[1-9][0-9]{5,}$'
           and glas_data.luhn_digit(left(value, -1)) = right(value, 1));
comment on domain glas.reference is
    'Number of a report, as people are told it: six digits or more, no leading
     zero, the last a check digit.';

create table glas_data.setting (
    name  text primary key,
    value text not null,
    about text not null
);
comment on table glas_data.setting is 'One row a fact about this installation.';
comment on column glas_data.setting.name is 'Name of the fact.';
comment on column glas_data.setting.value is 'Its value, as text.';
comment on column glas_data.setting.about is 'What it means.';

insert into glas_data.setting (name, value, about) values
    ('keyset', '', 'Public id of the key set that sealed the numbers; empty
      until the first gateway connected.'),
    ('reference_factor',
     (10007 + 2 * 3 * 5 * (random() * 2000)::int)::text,
     'Spreads references so that they do not count reports; coprime to 10^n-10^(n-1).'),
    ('content_version', '0', 'Grows with each content import.');

create sequence glas_data.reference_number;
comment on sequence glas_data.reference_number is
    'How many references have been reserved.';
create sequence glas_data.message_block increment by 100;
comment on sequence glas_data.message_block is
    'First id of each hundred message ids handed to a gateway.';
create sequence glas_data.outbox_block increment by 100;
comment on sequence glas_data.outbox_block is
    'First id of each hundred outbox ids handed to a gateway.';

create table glas_data.gateway (
    name        text primary key,
    alive_until timestamptz not null,
    version     text not null default '',
    started_at  timestamptz not null
);
comment on table glas_data.gateway is 'The glasd daemons that share this database.';
comment on column glas_data.gateway.name is 'Name in the configuration of the daemon.';
comment on column glas_data.gateway.alive_until is
    'Lease: when it has run out, what this gateway had in flight becomes unknown.';
comment on column glas_data.gateway.version is 'Version of the program.';
comment on column glas_data.gateway.started_at is 'When the daemon connected first after its start.';

create table glas_data.link (
    gateway        text not null references glas_data.gateway,
    name           text not null,
    kind           text not null,
    state          text not null,
    detail         text not null default '',
    signal_dbm     int,
    operator       text,
    sim_used       int,
    sim_size       int,
    last_seen_at   timestamptz,
    day            date not null,
    received_today int not null default 0,
    sent_today     int not null default 0,
    balance        text,
    primary key (gateway, name)
);
comment on table glas_data.link is 'Modems and other links, as their gateway saw them last.';
comment on column glas_data.link.gateway is 'Which daemon runs it.';
comment on column glas_data.link.name is 'Name in the configuration.';
comment on column glas_data.link.kind is 'modem, web or other.';
comment on column glas_data.link.state is 'starting, searching, listing, ready, down, paused.';
comment on column glas_data.link.detail is 'Why, in a word or a few.';
comment on column glas_data.link.signal_dbm is 'Field strength in dBm; nearer to 0 is better.';
comment on column glas_data.link.operator is 'Network that the SIM is registered in.';
comment on column glas_data.link.sim_used is 'Slots of the message store in use.';
comment on column glas_data.link.sim_size is 'Slots of the message store.';
comment on column glas_data.link.last_seen_at is 'When the link last said anything.';
comment on column glas_data.link.day is 'The day that the two counts are of.';
comment on column glas_data.link.received_today is 'Segments received on that day.';
comment on column glas_data.link.sent_today is 'Segments sent on that day.';
comment on column glas_data.link.balance is 'What the operator last said of the credit.';

create table glas_data.citizen (
    id           bigint generated always as identity primary key,
    token        bytea not null unique,
    version      int not null default 1,
    reply_copy   bytea,
    link         text,
    lang         text not null,
    lang_chosen  boolean not null,
    cyrillic     boolean not null,
    hour_level   real not null,
    day_level    real not null,
    level_at     timestamptz not null,
    unclear_at   timestamptz,
    emergency_at timestamptz,
    first_at     timestamptz not null,
    last_at      timestamptz not null
) with (fillfactor = 80);
comment on table glas_data.citizen is
    'One row a number that wrote. The number itself is only here as a keyed hash
     and, sealed, as the reply copy; the keys are not in the database.';
comment on column glas_data.citizen.id is 'Source of the pseudonym.';
comment on column glas_data.citizen.token is 'Keyed hash of the number: finds the same person again.';
comment on column glas_data.citizen.version is 'Grows with each change: two gateways never overwrite each other.';
comment on column glas_data.citizen.reply_copy is 'The number, sealed, while an answer may be owed.';
comment on column glas_data.citizen.link is 'The link on which they wrote last.';
comment on column glas_data.citizen.lang is 'Language to answer in.';
comment on column glas_data.citizen.lang_chosen is 'They chose it by a word; texts do not change it.';
comment on column glas_data.citizen.cyrillic is 'They asked for Cyrillic letters.';
comment on column glas_data.citizen.hour_level is 'Replies left in the bucket that an hour refills.';
comment on column glas_data.citizen.day_level is 'Replies left in the bucket that a day refills.';
comment on column glas_data.citizen.level_at is 'When both levels were computed.';
comment on column glas_data.citizen.unclear_at is 'When they were last told that a text was not understood.';
comment on column glas_data.citizen.emergency_at is 'When they were last sent the emergency text.';
comment on column glas_data.citizen.first_at is 'First text.';
comment on column glas_data.citizen.last_at is 'Last text.';

create table glas_data.optout (
    token bytea primary key,
    since timestamptz not null
);
comment on table glas_data.optout is
    'Who said STOP, under a key of its own that never changes.';
comment on column glas_data.optout.token is 'Keyed hash of the number under the opt-out key.';
comment on column glas_data.optout.since is 'When.';

create table glas_data.report (
    reference    glas.reference primary key,
    reported_at  timestamptz not null,
    message      bigint not null,
    citizen      bigint not null references glas_data.citizen,
    category     text not null default '',
    second       text not null default '',
    actor        text not null default '',
    municipality text not null default '',
    settlement   text not null default '',
    lang         text not null,
    channel      text not null,
    urgent       boolean not null,
    status       text not null default 'new'
        check (status in ('new', 'open', 'referred', 'answered', 'closed',
               'duplicate', 'withdrawn', 'not_for_us')),
    status_at    timestamptz not null,
    organisation text,
    due_at       timestamptz,
    answered_at  timestamptz
) with (fillfactor = 90);
create index report_citizen on glas_data.report (citizen, reported_at);
create index report_reported on glas_data.report (reported_at);
comment on table glas_data.report is 'One row a case that a citizen brought.';
comment on column glas_data.report.reference is 'Number that the citizen was told.';
comment on column glas_data.report.reported_at is 'When the first text of it came.';
comment on column glas_data.report.message is 'That first text (message.id).';
comment on column glas_data.report.citizen is 'Who reported.';
comment on column glas_data.report.category is 'Code of the category, empty when not sure.';
comment on column glas_data.report.second is 'Second guess of the category.';
comment on column glas_data.report.actor is 'Who it is about: POLICE, ARMY, MUNI, ...';
comment on column glas_data.report.municipality is 'Municipality, empty when not known.';
comment on column glas_data.report.settlement is 'Settlement, empty when not known.';
comment on column glas_data.report.lang is 'Language of the text.';
comment on column glas_data.report.channel is 'sms, ussd or call.';
comment on column glas_data.report.urgent is 'Somebody may be in danger.';
comment on column glas_data.report.status is 'Where the case stands.';
comment on column glas_data.report.status_at is 'Since when.';
comment on column glas_data.report.organisation is 'Member organisation that has it.';
comment on column glas_data.report.due_at is 'When something must have happened.';
comment on column glas_data.report.answered_at is 'When a person first answered.';

create table glas_data.report_history (
    id        bigint generated always as identity primary key,
    reference glas.reference not null references glas_data.report,
    at        timestamptz not null,
    who       text not null,
    what      text not null,
    was       text not null default '',
    now_is    text not null default '',
    note      text not null default ''
);
create index report_history_reference on glas_data.report_history (reference, id);
comment on table glas_data.report_history is 'Every change of a report; rows are only added.';
comment on column glas_data.report_history.id is 'Order of the changes.';
comment on column glas_data.report_history.reference is 'Which report.';
comment on column glas_data.report_history.at is 'When.';
comment on column glas_data.report_history.who is 'Database role that did it.';
comment on column glas_data.report_history.what is 'What was changed: status, category, ...';
comment on column glas_data.report_history.was is 'Value before.';
comment on column glas_data.report_history.now_is is 'Value after.';
comment on column glas_data.report_history.note is 'Why, in the words of who did it.';

create table glas_data.message (
    id          bigint primary key,
    received_at timestamptz not null,
    sent_at     timestamptz,
    gateway     text not null,
    link        text not null,
    channel     text not null,
    citizen     bigint not null references glas_data.citizen,
    segments    smallint not null,
    lang        text not null,
    intent      text not null,
    code        text not null default '',
    confidence  smallint not null,
    text        text not null,
    original    bytea not null,
    reference   glas.reference references glas_data.report,
    silent      text not null default '',
    note        text not null default '',
    trace       text not null default ''
);
create index message_citizen on glas_data.message (citizen, id);
create index message_received on glas_data.message (received_at);
create index message_reference on glas_data.message (reference);
comment on table glas_data.message is 'One row a text of a citizen, however many segments it had.';
comment on column glas_data.message.id is 'Number of the text, from a block reserved by the gateway.';
comment on column glas_data.message.received_at is 'When the gateway had it on disk.';
comment on column glas_data.message.sent_at is 'Time stamp of the SMS centre (SCTS).';
comment on column glas_data.message.gateway is 'Which daemon received it.';
comment on column glas_data.message.link is 'By which link.';
comment on column glas_data.message.channel is 'sms, ussd or call.';
comment on column glas_data.message.citizen is 'Who wrote.';
comment on column glas_data.message.segments is 'How many SMS segments it came in.';
comment on column glas_data.message.lang is 'Language of the text, mix or und.';
comment on column glas_data.message.intent is 'What the person wanted: report, rights, status, ...';
comment on column glas_data.message.code is 'Category, topic, reference, option or language that was read.';
comment on column glas_data.message.confidence is 'How sure the reading is, per cent.';
comment on column glas_data.message.text is 'The text to read: unprintable characters made visible.';
comment on column glas_data.message.original is 'Header and octets as received, sealed.';
comment on column glas_data.message.reference is 'The report that it made or belongs to.';
comment on column glas_data.message.silent is 'Why nothing was answered; empty when something was.';
comment on column glas_data.message.note is 'What was odd about it.';
comment on column glas_data.message.trace is 'How it was understood, a line a decision.';

create table glas_data.identity (
    identity    bytea primary key,
    message     bigint,
    received_at timestamptz not null,
    seen        int not null default 1
);
comment on table glas_data.identity is
    'Every segment that was received, by a keyed digest of what makes it one:
     SIM, originator, time stamp, header and content. Kept 40 days, so that a
     segment that a modem gives again is not a second text.';
comment on column glas_data.identity.identity is 'The digest.';
comment on column glas_data.identity.message is 'Text that it became or is part of.';
comment on column glas_data.identity.received_at is 'First time.';
comment on column glas_data.identity.seen is 'How often it was offered.';

create table glas_data.concat_group (
    id        bigint generated always as identity primary key,
    token     bytea not null,
    ref       int not null,
    max       smallint not null,
    opened_at timestamptz not null,
    last_at   timestamptz not null,
    message   bigint
);
create index concat_group_key on glas_data.concat_group (token, ref, max, opened_at);
create index concat_group_open on glas_data.concat_group (last_at) where message is null;
comment on table glas_data.concat_group is 'Long texts whose segments are being collected, or were.';
comment on column glas_data.concat_group.id is 'Number of the group.';
comment on column glas_data.concat_group.token is 'Keyed hash of the number: never joined across originators.';
comment on column glas_data.concat_group.ref is 'Concatenation reference; 16-bit ones are counted from 65536 on.';
comment on column glas_data.concat_group.max is 'Segments that the text should have.';
comment on column glas_data.concat_group.opened_at is 'First segment.';
comment on column glas_data.concat_group.last_at is 'Last segment.';
comment on column glas_data.concat_group.message is 'The text it became; empty while it waits.';

create table glas_data.concat_segment (
    grp         bigint not null references glas_data.concat_group,
    seq         smallint not null,
    received_at timestamptz not null,
    sealed      bytea not null,
    primary key (grp, seq)
);
comment on table glas_data.concat_segment is 'Segments of long texts, as received, sealed.';
comment on column glas_data.concat_segment.grp is 'Which group.';
comment on column glas_data.concat_segment.seq is 'Place in the text, from 1.';
comment on column glas_data.concat_segment.received_at is 'When it came.';
comment on column glas_data.concat_segment.sealed is 'Everything the link said of it, sealed.';

create table glas_data.outbox (
    id           bigint primary key,
    created_at   timestamptz not null,
    kind         text not null,
    priority     smallint not null,
    citizen      bigint not null references glas_data.citizen,
    message      bigint,
    reference    glas.reference references glas_data.report,
    text         text not null,
    encoding     text not null check (encoding in ('GSM7', 'UCS2')),
    segments     smallint not null,
    state        text not null
        check (state in ('queued', 'held', 'waiting', 'inflight', 'unknown',
               'accepted', 'delivered', 'undelivered', 'failed', 'expired',
               'cancelled', 'suppressed')),
    reason       text not null default '',
    attempts     smallint not null default 0,
    link         text,
    gateway      text,
    due_at       timestamptz,
    expires_at   timestamptz,
    sent_at      timestamptz,
    delivered_at timestamptz,
    cause        int,
    created_by   text not null default ''
) with (fillfactor = 70);
create index outbox_work on glas_data.outbox (state, priority, id)
    where state in ('queued', 'held', 'waiting', 'inflight', 'unknown');
create index outbox_citizen on glas_data.outbox (citizen, id);
create index outbox_reference on glas_data.outbox (reference) where reference is not null;
create index outbox_created on glas_data.outbox (created_at);
comment on table glas_data.outbox is 'Every text to a citizen, one row each, whatever became of it.';
comment on column glas_data.outbox.id is 'Number of the reply.';
comment on column glas_data.outbox.created_at is 'When it was written.';
comment on column glas_data.outbox.kind is 'emergency, receipt, rights, status, service, unclear, reply (by a person).';
comment on column glas_data.outbox.priority is 'Smaller goes first.';
comment on column glas_data.outbox.citizen is 'To whom.';
comment on column glas_data.outbox.message is 'The text that it answers.';
comment on column glas_data.outbox.reference is 'The report that it is about.';
comment on column glas_data.outbox.text is 'What is sent.';
comment on column glas_data.outbox.encoding is 'GSM7 (160 a segment) or UCS2 (70).';
comment on column glas_data.outbox.segments is 'SMS segments that it costs.';
comment on column glas_data.outbox.state is 'Where it stands; that of its worst segment.';
comment on column glas_data.outbox.reason is 'Why it is held, waiting, suppressed, failed, ...';
comment on column glas_data.outbox.attempts is 'How often it was handed to a link.';
comment on column glas_data.outbox.link is 'Link to send by, or that sent it.';
comment on column glas_data.outbox.gateway is 'Daemon that has it in hand.';
comment on column glas_data.outbox.due_at is 'Not to be sent before.';
comment on column glas_data.outbox.expires_at is 'Not to be sent after.';
comment on column glas_data.outbox.sent_at is 'When the network took the last segment.';
comment on column glas_data.outbox.delivered_at is 'When the phone had it.';
comment on column glas_data.outbox.cause is 'Code that the network refused it with.';
comment on column glas_data.outbox.created_by is 'Database role of the person who wrote it; empty for automatic replies.';

create table glas_data.outbox_segment (
    outbox       bigint not null references glas_data.outbox,
    seq          smallint not null,
    link         text not null,
    mr           smallint not null,
    submitted_at timestamptz not null,
    status       smallint,
    reported_at  timestamptz,
    primary key (outbox, seq)
);
create index outbox_segment_awaited on glas_data.outbox_segment (link, mr)
    where reported_at is null;
comment on table glas_data.outbox_segment is
    'Segments whose status report is or was awaited.';
comment on column glas_data.outbox_segment.outbox is 'Which reply.';
comment on column glas_data.outbox_segment.seq is 'Which segment of it, from 1.';
comment on column glas_data.outbox_segment.link is 'Link that submitted it.';
comment on column glas_data.outbox_segment.mr is 'Message reference (TP-MR) that the network gave.';
comment on column glas_data.outbox_segment.submitted_at is 'When.';
comment on column glas_data.outbox_segment.status is 'TP-Status of the status report.';
comment on column glas_data.outbox_segment.reported_at is 'When the final status report came.';

create table glas_data.quarantine (
    id       bigint generated always as identity primary key,
    identity bytea not null unique,
    at       timestamptz not null,
    gateway  text not null,
    link     text not null,
    reason   text not null,
    sealed   bytea not null,
    seen     int not null default 1
);
comment on table glas_data.quarantine is
    'What could not be stored as a text: slots that the modem library cannot
     read, texts that the database refused. Kept sealed for a person to look at.';
comment on column glas_data.quarantine.id is 'Number.';
comment on column glas_data.quarantine.identity is 'Keyed digest, so that the same thing stands here once.';
comment on column glas_data.quarantine.at is 'When it first came.';
comment on column glas_data.quarantine.gateway is 'Which daemon.';
comment on column glas_data.quarantine.link is 'By which link.';
comment on column glas_data.quarantine.reason is 'Why it is here.';
comment on column glas_data.quarantine.sealed is 'The octets, sealed.';
comment on column glas_data.quarantine.seen is 'How often it was offered.';

create table glas_data.spend (
    day      date not null,
    gateway  text not null,
    segments int not null default 0,
    primary key (day, gateway)
);
comment on table glas_data.spend is 'Segments handed to the network, by day and gateway.';
comment on column glas_data.spend.day is 'The day (UTC).';
comment on column glas_data.spend.gateway is 'Which daemon.';
comment on column glas_data.spend.segments is 'Segments accepted or of unknown outcome.';
