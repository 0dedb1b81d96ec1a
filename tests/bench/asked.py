"""What people at psql wait for: each view and function of schema glas, asked as
its comment says. Read by bench_views.py, and by test_pgtap.py, which holds that
nothing of the schema is missing."""

import re

# What stands for {name} in the questions: found by a superuser, once.
EXAMPLES = {
    # A report of Odbor 1 that is open, of somebody who can be written to, its
    # first text, the one that was added, its person, and another to merge it with.
    "ref": "select r.reference from glas_data.report r"
           " join glas_data.citizen c on c.id = r.citizen"
           " where r.organisation = 'Odbor 1' and r.status = 'open'"
           " and c.reply_copy is not null and c.silenced_at is null"
           " and r.actor = '' and exists (select from glas_data.category k"
           " where k.code = r.category and k.named_in_reply)"
           " and not exists (select from glas_data.report d"
           " where d.merged_into = r.reference)"
           " order by r.reported_at desc limit 1",
    "id": "select message from glas_data.report where reference = '{ref}'",
    "added": "select message + 1 from glas_data.report where reference = '{ref}'",
    "who": "select glas_data.pseudonym(citizen) from glas_data.report"
           " where reference = '{ref}'",
    "other": "select reference from glas_data.report where organisation = 'Odbor 1'"
             " and status = 'open' and reference <> '{ref}' limit 1",
    "main": "select r.merged_into from glas_data.report r"
            " join glas_data.report m on m.reference = r.merged_into"
            " group by 1 order by bool_or(m.status = 'open') desc, count(*) desc"
            " limit 1",
    "police": "select reference from glas_data.report where organisation = 'Odbor 1'"
              " and status in ('new', 'open') and actor = 'POLICE' limit 1",
    "lamp": "select reference from glas_data.report where category = 'LIGHT'"
            " and municipality = 'Vranje' and status <> 'withdrawn' limit 1",
    "referred": "select reference from glas_data.referral where state = 'asked'"
                " order by id desc limit 1",
    "sees": "select organisation from glas_data.referral where state = 'asked'"
            " order by id desc limit 1",
    "stepped": "select r.reference from glas_data.case_step c"
               " join glas_data.report r using (reference)"
               " where r.status = 'open' order by r.reported_at desc limit 1",
    "question": "select q.reference from glas_data.question q"
                " join glas_data.report r using (reference)"
                " join glas_data.citizen c on c.id = r.citizen"
                " where q.state = 'waiting' and c.silenced_at is null"
                " order by r.reported_at desc limit 1",
    "waits": "select s.id from glas_data.reveal_state s"
             " where s.state = 'waiting' order by s.id desc limit 1",
    "approved": "select s.id from glas_data.reveal_state s"
                " join glas_data.reveal v using (id)"
                " join glas_data.report r using (reference)"
                " where s.state = 'approved' and r.organisation = 'Odbor 1'"
                " limit 1",
    "rumour": "select id from glas_data.rumour where same_as is null"
              " and answered_at is null order by id desc limit 1",
    "rumour2": "select id from glas_data.rumour where same_as is null"
               " and answered_at is null order by id limit 1",
    "call": "select c.id from glas_data.callback c"
            " join glas_data.citizen p on p.id = c.citizen"
            " where c.state = 'waiting' and p.silenced_at is null limit 1",
    "odd": "select id from glas_data.quarantine where state = 'open' limit 1",
    "silenced": "select glas_data.pseudonym(id) from glas_data.citizen"
                " where silenced_at is not null and not blocked limit 1",
    "blocked": "select glas_data.pseudonym(id) from glas_data.citizen"
               " where silenced_at is not null and blocked limit 1",
    "observer": "select glas_data.pseudonym(citizen) from glas_data.observer limit 1",
    "on_duty": "select min(id) from glas_data.duty",
    "month": "select to_char(max(month) + interval '1 month', 'YYYY-MM')"
             " from glas_data.publication",
    "published": "select to_char(max(month), 'YYYY-MM') from glas_data.publication",
}

# :last and :out of contrib/glas.psqlrc.
LAST = ("select * from glas.inbox where received_at >= (select min(t.received_at)"
        " from (select received_at from glas.inbox order by id desc limit 20) t)"
        " order by received_at desc, id desc limit 20")
OUT = ("select * from glas.outbox where created_at >= (select min(t.created_at)"
       " from (select created_at from glas.outbox order by id desc limit 20) t)"
       " order by created_at desc, id desc limit 20")

ASKED = (
    ("mira", "select * from glas.today()"),
    ("mira", "select * from glas.reports where status = 'new'"),
    ("mira", "select * from glas.reports where reference = '{ref}'"),
    ("mira", "select * from glas.reports where municipality = 'Vranje'"
             " and reported_at > now() - interval '7 days'"),
    ("mira", "select * from glas.reports order by reported_at desc limit 20"),
    ("mira", "select glas.read('{ref}')"),
    ("mira", "select * from glas.inbox order by id desc limit 20"),
    ("mira", LAST),
    ("mira", OUT),
    ("mira", "select * from glas.inbox where reference = '{ref}'"),
    ("mira", "select * from glas.inbox where citizen = '{who}'"),
    ("mira", "select * from glas.history where reference = '{ref}'"),
    ("mira", "select * from glas.history order by at desc limit 20"),
    ("mira", "select * from glas.outbox where reference = '{ref}'"),
    ("mira", "select * from glas.due"),
    ("mira", "select * from glas.merged where reference = '{main}'"),
    ("mira", "select * from glas.asked limit 20"),
    ("mira", "select * from glas.asked where state = 'open'"),
    ("mira", "select * from glas.referrals where reference = '{referred}'"),
    ("mira", "select * from glas.referrals order by asked_at desc limit 20"),
    ("mira", "select * from glas.consents where reference = '{stepped}'"),
    ("mira", "select * from glas.callbacks where state = 'waiting'"),
    ("mira", "select * from glas.questions where state = 'waiting'"),
    ("mira", "select * from glas.duty"),
    ("mira", "select * from glas.duty_calls limit 10"),
    ("mira", "select * from glas.reveals where state = 'waiting'"),
    ("mira", "select * from glas.ratings"),
    ("mira", "select * from glas.observers where state = 'silent'"),
    ("mira", "select * from glas.categories"),
    ("mira", "select * from glas.organisations"),
    ("mira", "select glas.explain({id})"),
    ("mira", "select glas.help()"),
    ("mira", "select * from glas.preview('Dobar dan, vasa prijava je primljena.')"),
    ("mira", "select glas.reply('{ref}', 'Sutra dolazi majstor.')"),
    ("mira", "select glas.ask('{ref}', 'Koja ulica?')"),
    ("mira", "select * from glas.set_status('{ref}', 'answered', 'majstor')"),
    ("mira", "select * from glas.classify('{ref}', place => 'Vranje')"),
    ("mira", "select * from glas.merge('{ref}', '{other}', 'the same lamp')"),
    ("mira", "select * from glas.split('{ref}', array[{added}])"),
    ("mira", "select * from glas.refer('{ref}', 'Odbor 2')"),
    ("mira", "select glas.happened('{ref}', (now() - interval '1 day')::text)"),
    ("mira", "select glas.deadline_begin('{ref}', 'information-answer')"),
    ("mira", "select glas.deadline_done('{police}', 'police-complaint')"),
    ("mira", "select glas.ask_step(reference)"
             " from glas.classify('{ref}', actor => 'POLICE')"),
    ("mira", "select glas.record_step('{ref}', 'safe', 'on the phone',"
             " asked => 'Is it safe?', answer => 'Yes')"),
    ("mira", "select glas.complaint('{police}')"),
    ("mira", "select * from glas.owed('{ref}')"),
    ("mira", "select glas.reveal_request('{ref}', 'The ambulance needs to call.')"),
    ("mira", "select glas.reveal_take({approved})"),
    ("mira", "select glas.called_back({call})"),
    ("mira", "select glas.text_back({call}, 'Zvali ste. Pisite.')"),
    ("mira", "select glas.duty_code('mira')"),
    ("kosta", "select * from glas.today()"),
    ("kosta", "select * from glas.reports where status = 'new'"),
    ("kosta", "select * from glas.reports order by reported_at desc limit 20"),
    ("kosta", "select glas.read('{main}')"),
    ("kosta", "select * from glas.inbox order by id desc limit 20"),
    ("kosta", "select * from glas.outbox order by id desc limit 20"),
    ("kosta", LAST),
    ("kosta", OUT),
    ("kosta", "select * from glas.due"),
    ("kosta", "select * from glas.duty_calls limit 10"),
    ("kosta", "select * from glas.duty_calls where taken_at is null"),
    ("kosta", "select * from glas.asked where state = 'open'"),
    ("kosta", "select * from glas.trend"),
    ("kosta", "select * from glas.trend"
              " where week > now() - interval '8 weeks'"),
    ("kosta", "select * from glas.heatmap"),
    ("kosta", "select * from glas.equity"),
    ("kosta", "select * from glas.clusters where people > 1"),
    ("kosta", "select * from glas.rights_demand"
              " where week > now() - interval '8 weeks'"),
    ("kosta", "select * from glas.voices"),
    ("kosta", "select * from glas.hours limit 24"),
    ("kosta", "select * from glas.ratings"),
    ("kosta", "select * from glas.recommendations"),
    ("kosta", "select * from glas.silenced"),
    ("kosta", "select * from glas.unknown_words limit 20"),
    ("kosta", "select * from glas.broadcasts limit 20"),
    ("kosta", "select * from glas.broadcast_history where broadcast = 201"),
    ("kosta", "select * from glas.lists"),
    ("kosta", "select * from glas.polls"),
    ("kosta", "select * from glas.poll_results"),
    ("kosta", "select * from glas.events where starts_at > now()"),
    ("kosta", "select * from glas.events"),
    ("kosta", "select * from glas.questions where state = 'waiting'"),
    ("kosta", "select * from glas.rumours where state = 'open'"),
    ("kosta", "select * from glas.referrals order by asked_at desc limit 20"),
    ("kosta", "select * from glas.consents where reference = '{stepped}'"),
    ("kosta", "select * from glas.reveals where state = 'waiting'"),
    ("kosta", "select * from glas.reveal_history where id = {waits}"),
    ("kosta", "select * from glas.observers where state = 'silent'"),
    ("kosta", "select * from glas.form_checkin order by at desc limit 20"),
    ("kosta", "select * from glas.texts"),
    ("kosta", "select * from glas.deadlines"),
    ("kosta", "select * from glas.members"),
    ("kosta", "select * from glas.coverage"),
    ("kosta", "select * from glas.retention"),
    ("kosta", "select * from glas.assign('{ref}', 'Odbor 1')"),
    ("kosta", "select * from glas.reply_all('{main}', 'Lampa je popravljena.')"),
    ("kosta", "select * from glas.consent('{referred}', '{sees}', true, 'da')"),
    ("kosta", "select glas.consent_withdraw('{stepped}', 'safe', 'ipak ne')"),
    ("kosta", "select * from glas.question_moderate('{question}', 'approved')"),
    ("kosta", "select glas.question_answer('{question}', 'Odgovoreno je.')"),
    ("kosta", "select * from glas.rumour_same({rumour}, {rumour2})"),
    ("kosta", "select glas.rumour_answer({rumour}, 'Skola se ne zatvara.')"),
    ("kosta", "select glas.reveal_approve({waits})"),
    ("kosta", "select glas.reveal_refuse({waits}, 'Write to her first.')"),
    ("kosta", "select * from glas.deadline_set('town-answer', 15, 'working days',"
              " 'answer by the town hall', 'authority', 'referred', 'answered',"
              " array['LIGHT', 'ROAD'])"),
    ("kosta", "select glas.deadline_remove('police-complaint')"),
    ("kosta", "select glas.broadcast_draft('{{\"sr-Latn\": \"Popravljeno je.\"}}',"
              " category => 'LIGHT', place => 'Vranje',"
              " since => (now() - interval '90 days')::text)"),
    ("kosta", "select glas.broadcast_draft('{{\"sr-Latn\": \"Nema vode.\"}}',"
              " list => 'VODA')"),
    ("kosta", "select * from glas.broadcast_preview(201)"),
    ("kosta", "select glas.broadcast_approve(201)"),
    ("kosta", "select glas.broadcast_pause(202, 'the date is wrong')"),
    ("kosta", "select glas.broadcast_resume(203)"),
    ("kosta", "select glas.broadcast_cancel(202, 'not true')"),
    ("kosta", "select glas.poll_open('Sta prvo?', '{{most,put}}')"),
    ("kosta", "select * from glas.poll_close(21)"),
    ("kosta", "select glas.event_cap(101, 400)"),
    ("kosta", "select glas.event_cancel(101)"),
    ("kosta", "select glas.recommend('Stubovi bez svetla', 'Popraviti rasvetu',"
              " 'Grad Vranje', null, 'LIGHT', 'Vranje')"),
    ("kosta", "select * from glas.respond(1, 'accepted', 'U maju.')"),
    ("kosta", "select * from glas.rate(1, '{lamp}', 4)"),
    ("kosta", "select glas.make_public(1)"),
    ("kosta", "select glas.silence('{who}', 'an answering machine')"),
    ("kosta", "select glas.unsilence('{silenced}')"),
    ("kosta", "select glas.block('{who}', 'burns our credit')"),
    ("kosta", "select glas.unblock('{blocked}')"),
    ("kosta", "select glas.helper('{who}')"),
    ("kosta", "select glas.tester('{who}')"),
    ("kosta", "select * from glas.observer_add('{who}', 'CHECKIN', 1, 'MZ')"),
    ("kosta", "select glas.observer_remove('{observer}', 'CHECKIN')"),
    ("kosta", "select glas.duty_add('mira', 5, '16:00', '08:00')"),
    ("kosta", "select glas.duty_remove({on_duty})"),
    ("kosta", "select * from glas.teach('bandera*', 'category', 'LIGHT', 'sr')"),
    ("kosta", "select * from glas.unteach('banderica*')"),
    ("kosta", "select glas.list_add('STRUJA', '{{\"sr-Latn\": \"Struja\"}}')"),
    ("kosta", "select glas.list_remove('VODA')"),
    ("kosta", "select * from glas.organisation_add('Odbor 13', 'ngo')"),
    ("kosta", "select * from glas.cover('Odbor 2', 'Vranje', 'LIGHT')"),
    ("kosta", "select glas.uncover('Odbor 2')"),
    ("kosta", "select * from glas.member_add('mira', 'Odbor 2', 'auditor')"),
    ("kosta", "select glas.member_remove('mira')"),
    ("kosta", "select glas.holiday('2027-01-07', 'Bozic')"),
    ("kosta", "select * from glas.disclose('{who}', 'came to the office')"),
    ("kosta", "select glas.forget('{who}', 'came to the office')"),
    ("kosta", "select * from glas.retention_set('texts', 1095)"),
    ("kosta", "select glas.csv('heatmap')"),
    ("kosta", "select glas.json('heatmap')"),
    ("vera", "select * from glas.today()"),
    ("vera", "select * from glas.history order by at desc limit 20"),
    ("vera", "select * from glas.retention_history limit 20"),
    ("oto", "select * from glas.today()"),
    ("oto", "select * from glas.links"),
    ("oto", "select * from glas.credit"),
    ("oto", "select * from glas.alerts"),
    ("oto", "select * from glas.outbox_states"),
    ("oto", "select * from glas.hours limit 24"),
    ("oto", "select * from glas.ussd_results limit 5"),
    ("oto", "select * from glas.quarantine where state = 'open'"),
    ("oto", "select * from glas.quarantine_history where id = {odd}"),
    ("oto", "select glas.quarantine_release({odd})"),
    ("oto", "select glas.quarantine_dismiss({odd}, 'settings')"),
    ("oto", "select glas.resume_outbox()"),
    ("petra", "select * from glas.publish_counts"),
    ("petra", "select * from glas.publish_trend"),
    ("petra", "select * from glas.publish_rights"),
    ("petra", "select * from glas.publish_equity"),
    ("petra", "select * from glas.publish_recommendations"),
    ("petra", "select * from glas.publish_services"),
    ("petra", "select * from glas.publish_requests limit 100"),
    ("petra", "select glas.csv('publish_counts')"),
    ("petra", "select glas.json('publish_counts')"),
    ("petra", "select glas.bulletin('{published}')"),
)

# Once a month, or for a whole municipality: these go through a month of cases, a year,
# a thousand people, or all words that are old.
RARELY = (
    ("kosta", "select * from glas.retention_preview()"),
    ("kosta", "select glas.event_announce('Trgovište', 'Tribina o vodi',"
              " (now() + interval '10 days')::text, 'Dom kulture')"),
    ("kosta", "select glas.recommend('Niko ne odgovara', 'Odgovarati', 'Svi')"),
    ("kosta", "select * from glas.publish_preview('{month}')"),
    ("kosta", "select glas.publish('{month}')"),
)

# Of what is asked, what looks at a view.
LOOKED = tuple((role, question) for role, question in ASKED
               if re.search(r" from glas\.\w+\b(?!\()", question))

# What nobody waits for, and why.
NOT_ASKED = {
    "glas.clock_confirm": "once after a clock that jumped",
    "glas.now": "the clock of the others, part of what they take",
    "glas.forget_gateway": "once, and of a gateway that is lost: there is none",
}


def unasked(names):
    """Of these names of schema glas, those of which nothing is said here."""
    asked = {name for _, question in ASKED + RARELY
             for name in re.findall(r"glas\.\w+", question)}
    return sorted(set(names) - asked - set(NOT_ASKED))
