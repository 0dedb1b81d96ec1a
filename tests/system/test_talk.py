#!/usr/bin/env python3
"""Conversations from one end to the other: people write to a real glasd, admins
work in a real PostgreSQL, and each hears of the other."""

import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]

from gateway import GatewayTest, setUpModule, tearDownModule  # noqa
from office import number, wait_for  # noqa: E402


class TalkTest(GatewayTest):
    introduces = True

    def tell(self, person, text):
        """Sends a text; returns all that was answered, as one text."""
        asked = self.office.count("glas_data.message")
        before = len(self.link.submits)
        self.send(person, text)
        self.settle(asked + 1)
        return "".join(said for to, said in self.link.texts()[before:]
                       if to == person)

    def hears(self, person, words):
        """Waits until a person is told something with these words."""
        self.assertTrue(self.link.pump(lambda: any(
            to == person and words in said for to, said in self.link.texts())),
            f"{words}: {self.link.texts()} {self.office.tail()}")

    def count_heard(self, person, words):
        return sum(to == person and words in said
                   for to, said in self.link.texts())

    def wait_content(self, version):
        """Until glasd has the content that belongs to a change."""
        wait_for(lambda: self.link.pump(
            lambda: f"version={version}" in self.office.tail(100000), 0.1),
                 what=f"content {version}: {self.office.tail()}")

    def admin(self, statement):
        """One statement that changes what people can answer to."""
        value = self.sql(statement)
        self.wait_content(self.sql(
            "select glas_data.setting('content_version')"))
        return value

    def session(self):
        """A psql to type into; what it says comes with communicate()."""
        cluster = self.office.cluster
        psql = subprocess.Popen(
            [os.path.join(cluster.bindir, "psql"), "-X", "-q", "-A", "-t"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            env=cluster.environment(self.office.database, "postgres"))
        self.addCleanup(psql.stdout.close)
        self.addCleanup(psql.kill)
        return psql

    def type(self, psql, statement):
        psql.stdin.write(statement + "\n")
        psql.stdin.flush()

    def citizen(self):
        """Pseudonym of who wrote last."""
        return self.sql("select citizen from glas.inbox "
                        "order by id desc limit 1")


class Reports(TalkTest):
    def test_the_place_is_asked_once_and_the_answer_belongs_to_the_report(self):
        person = number()
        asked = self.tell(person, "PRIJAVA nema svetla u ulici")
        reference = self.sql("select reference from glas.reports")
        self.assertIn(reference, asked)
        self.assertEqual(self.sql("select dialog from glas_data.citizen"),
                         f"place {reference} 0")
        self.assertIn("Bujanovac", self.tell(person, "u Bujanovcu"))
        self.assertEqual(
            self.sql("select municipality from glas.reports"), "Bujanovac")
        self.assertIn(f"said where report {reference} happened: Bujanovac",
                      self.sql("select glas.explain(max(id)) from glas.inbox"))
        self.assertEqual(self.sql("select dialog from glas_data.citizen"),
                         "group - 0")
        self.tell(person, "2")
        self.assertEqual(self.sql("select people, dialog "
                                  "from glas_data.citizen"), "elderly|")

    def test_a_village_that_there_is_twice_is_chosen_from_a_list(self):
        person = number()
        told = self.tell(person, "nema vode u Oraovici")
        self.assertIn("Oraovica: 1 Leskovac, 2 Presevo?", told)
        reference = self.sql("select reference from glas.reports")
        self.assertEqual(self.sql("select dialog from glas_data.citizen"),
                         f"place {reference}/Oraovica 0")
        self.office.stop()
        self.link.close()
        self.start_glasd()
        self.assertIn("1 Leskovac, 2 Presevo?", self.tell(person, "9"))
        self.assertIn("Presevo/Oraovica", self.tell(person, "2"))
        self.assertEqual(self.sql(
            "select reference, municipality, settlement from glas.reports"),
            f"{reference}|Preševo|Oraovica")

    def test_a_word_for_report_alone_becomes_one_with_what_is_told_then(self):
        person = number()
        self.assertIn("Sta se desilo i gde?", self.tell(person, "PRIJAVA"))
        self.assertEqual(self.office.count("glas.reports"), 0)
        self.assertEqual(self.sql("select intent, reference is null "
                                  "from glas.inbox"), "report|t")
        # What is no report by itself is one after the question.
        told = self.tell(person, "isto kao kod Mileta")
        self.assertEqual(self.sql("select text from glas.reports"),
                         "isto kao kod Mileta")
        self.assertIn(self.sql("select reference from glas.reports"), told)

    def test_a_word_for_report_and_a_place_is_asked_what_happened_there(self):
        person = number()
        told = self.tell(person, "PRIJAVA gornja carsija")
        self.assertIn("Gornja Carsija: sta se tamo desilo?", told)
        self.assertEqual(self.office.count("glas.reports"), 0)
        # It is remembered where, over a restart too.
        self.office.stop()
        self.link.close()
        self.start_glasd()
        told = self.tell(person, "nema vode vec tri dana")
        self.assertEqual(
            self.sql("select municipality, settlement, category, text "
                     "from glas.reports"),
            "Vranje|Gornja Čaršija|WATER|nema vode vec tri dana")
        self.assertIn(self.sql("select reference from glas.reports"), told)

    def test_what_is_added_to_no_case_becomes_one(self):
        person = number()
        told = self.tell(person, "dopuna kartice ne radi vec tri dana")
        self.assertEqual(self.sql("select text from glas.reports"),
                         "dopuna kartice ne radi vec tri dana")
        reference = self.sql("select reference from glas.reports")
        self.assertIn(reference, told)
        self.tell(person, "DOPUNA nema ni signala")
        self.assertEqual(self.sql("select count(*), max(reference) "
                                  "from glas.inbox"), f"2|{reference}")
        self.assertEqual(self.office.count("glas.reports"), 1)

    def test_a_dialog_survives_a_restart(self):
        person = number()
        self.tell(person, "PRIJAVA nema svetla u ulici")
        self.office.stop()
        self.link.close()
        self.start_glasd()
        self.tell(person, "u Bujanovcu")
        self.assertEqual(
            self.sql("select municipality, count(*) over () from glas.reports"),
            "Bujanovac|1")

    def test_what_comes_later_opens_a_finished_report_again(self):
        person = number()
        self.tell(person, "PRIJAVA nema vode u Vranju")
        reference = self.sql("select reference from glas.reports")
        self.sql(f"select glas.set_status('{reference}', 'answered')")
        self.sql(f"select glas.set_status('{reference}', 'closed', 'gotovo')")
        self.tell(person, f"DOPUNA {reference} opet nema")
        self.assertEqual(self.sql("select status from glas.reports"), "open")
        self.assertEqual(self.sql(
            "select who, was, now_is from glas.history "
            "where reference = '%s' order by at desc limit 1" % reference),
            "citizen|closed|open")

    def test_what_is_said_to_an_answer_opens_its_report_again(self):
        person = number()
        self.tell(person, "nema vode u Vranju, ulica Karadjordjeva")
        reference = self.sql("select reference from glas.reports")
        self.sql("update glas_data.report set reported_at = now() - "
                 "interval '3 days'")
        self.tell(person, "PRIJAVA ne radi ulicna rasveta u Vranju")
        self.sql("update glas_data.report set reported_at = reported_at"
                 " - interval '2 days'")
        self.sql("update glas_data.citizen set last_at = now()"
                 " - interval '2 days'")
        self.sql(f"select glas.reply('{reference}', 'Popravljeno je danas.')")
        self.sql(f"select glas.set_status('{reference}', 'answered')")
        self.hears(person, "Popravljeno je danas.")
        self.office.wait_count("glas.outbox", 1, "text = "
                               "'Popravljeno je danas.' and state ="
                               " 'accepted'")
        self.assertIn(reference, self.tell(person, "Nije popravljeno"))
        self.assertEqual(self.sql(
            "select r.status, count(*) from glas.reports r join glas.inbox i"
            f" using (reference) where r.reference = '{reference}'"
            " group by 1"), "open|2")
        self.assertEqual(self.office.count("glas.reports"), 2)

    def test_who_was_answered_is_asked_whether_it_is_solved(self):
        person = number()
        self.assertIn("1 Rom", self.tell(
            person, "PRIJAVA ne radi ulicna rasveta u Vranju"))
        self.tell(person, "4")
        reference = self.sql("select reference from glas.reports")
        self.office.be_day()
        self.sql(f"select glas.set_status('{reference}', 'answered')")
        self.sql("update glas_data.report set status_at = now() - "
                 "interval '6 days'")
        # Looked for once a minute.
        wait_for(lambda: self.link.pump(
            lambda: self.count_heard(person, "da li je reseno"), 0.1),
                 what=self.office.tail(), timeout_s=90)
        self.assertIn("Hvala za ocenu", self.tell(person, "OCENA 2"))
        self.assertIn(f"Dodato prijavi {reference}",
                      self.tell(person, "Nije reseno, opet je mrak"))
        self.tell(person, "opet ne radi")
        self.assertEqual(self.sql("select status from glas.reports"), "open")
        self.sql("refresh materialized view glas_data.ratings")
        self.assertEqual(self.sql(
            "select asked, solved, not_solved, rated, average"
            " from glas.ratings"), "1|0|1|1|2.0")
        self.assertEqual(self.sql(
            "select count(*) from glas.inbox where reference = "
            f"'{reference}'"), "3")

    def test_whether_it_is_solved_is_answered_in_words(self):
        self.office.be_day()
        for words, status, solved, texts in (
                ("NE jos uvek ne radi", "open", "f", 2),
                ("Jo, ende nuk punon", "open", "f", 2),
                ("popravljeno je, hvala", "answered", "t", 1)):
            with self.subTest(words):
                person = number()
                self.tell(person, "PRIJAVA ne radi ulicna rasveta u Vranju")
                self.tell(person, "4")
                reference = self.sql("select reference from glas.reports "
                                     "order by reported_at desc limit 1")
                self.sql(f"select glas.set_status('{reference}', 'answered')")
                self.sql("update glas_data.report set status_at = now() - "
                         f"interval '6 days' where reference = '{reference}'")
                self.sql("select glas_data.ask_solved()")
                wait_for(lambda: self.link.pump(
                    lambda: self.count_heard(person, "da li je reseno"), 0.1),
                         what=self.office.tail())
                self.tell(person, words)
                self.assertEqual(self.sql(
                    "select r.status, s.solved, (select count(*) from "
                    "glas.inbox i where i.reference = r.reference) from "
                    "glas.reports r join glas_data.solved s using (reference) "
                    f"where reference = '{reference}'"),
                    f"{status}|{solved}|{texts}")
        self.assertEqual(self.office.count("glas.reports"), 3)

    def test_who_has_not_read_a_question_yet_does_not_answer_it(self):
        """It is night: their yes is to something else."""
        self.sql("select glas.organisation_add('Pravna')")
        self.office.be_day()
        for text, ask, answer in (
                ("policija me tukla u stanici u Vranju, komandir",
                 "glas.ask_step('{}')", "select agreed, answer from "
                 "glas.consents where reference = '{}'"),
                ("nema vode u Vranju, Partizanska ulica",
                 "glas.refer('{}', 'Pravna')", "select state, answer from "
                 "glas.referrals where reference = '{}'"),
                ("ne radi rasveta u Leskovcu, ulica Nikole Tesle",
                 "glas.ask('{}', 'Je li jos tako?')", "select state, answer "
                 "from glas.asked where reference = '{}'")):
            with self.subTest(ask):
                person = number()
                self.tell(person, text)
                reference = self.sql("select reference from glas.reports "
                                     "order by reported_at desc limit 1")
                self.sql(f"begin; select {ask.format(reference)}; update "
                         "glas_data.outbox set due_at = glas.now() + interval"
                         " '1 hour' where state = 'queued'; commit")
                before = self.sql(answer.format(reference))
                self.assertNotIn("zabelezeno", self.tell(person, "Da"))
                self.assertEqual(self.sql(answer.format(reference)), before)
                # What is asked of them meanwhile closes it no more.
                self.tell(person, "PRAVA")
                self.hears(person, self.sql(
                    "update glas_data.outbox set due_at = glas.now() "
                    "where state = 'queued' returning text"))
                self.tell(person, "Da")
                self.assertIn("|Da", self.sql(answer.format(reference)))

    def test_what_is_known_of_one_person_does_not_stop_the_others(self):
        """It cannot be read: their text is put aside."""
        people = [number() for _ in range(3)]
        self.assertIn("U kom mestu", self.tell(people[1], "nema struje"))
        self.sql("create or replace function glas_data.is_unread("
                 "p_citizen bigint, p_dialog text) returns boolean language sql "
                 "stable as 'select p_dialog::boolean'")
        for person in people:
            self.send(person, "PRIJAVA rupa, Vranje")
        self.office.wait_count("glas_data.message", 3)
        self.office.wait_count("glas.quarantine", 1)
        self.assertIn("22P02", self.sql("select reason from glas.quarantine"))

    def test_a_step_is_asked_for_and_agreed_to_by_text(self):
        person = number()
        self.tell(person, "policija me tukla u stanici u Vranju, komandir")
        reference = self.sql("select reference from glas.reports")
        self.office.be_day()
        for step, words in (("safe", "Da"), ("contact_allowed", "DA!")):
            self.sql(f"select glas.ask_step('{reference}')")
            asked = self.sql("select asked from glas.consents"
                             f" where step = '{step}'")
            self.hears(person, asked)
            self.assertIn("zabelezeno", self.tell(person, words))
            self.assertEqual(self.sql(
                "select agreed, answer from glas.consents"
                f" where step = '{step}'"), f"t|{words}")
        self.assertEqual(self.sql("select glas_data.step_next(reference)"
                                  " from glas.reports"), "mandate")

    def test_somebody_on_duty_is_woken_and_takes_it(self):
        nurse, other, person = number(), number(), number()
        self.sql("insert into glas_data.organisation (name, kind, since)"
                 " values ('Odbor', 'ngo', now())")
        self.sql("insert into glas_data.person (role, organisation, kind,"
                 " since) select r, 'Odbor', 'coordinator', now()"
                 " from unnest(array['mira', 'vera']) r")
        self.sql("select glas.duty_add(m, d, '00:00', '00:00', '')"
                 " from unnest(array['mira', 'vera']) m, generate_series(1, 7) d")
        for phone, member in ((nurse, "mira"), (other, "vera")):
            said = self.sql(f"select glas.duty_code('{member}')")
            self.tell(phone, "DEZURSTVO " + re.search(r"\d{6}", said).group())
            self.hears(phone, "prijavljen za dezurstvo")
        self.tell(person, "muz me bije, pomozite, Vranje")
        reference = self.sql("select reference from glas.reports")
        self.hears(nurse, f"HITNO: prijava {reference}, Vranje.")
        self.assertEqual(self.count_heard(other, reference), 0)
        self.sql("update glas_data.duty_call set next_at = now()")
        wait_for(lambda: self.link.pump(
            lambda: self.count_heard(other, reference), 0.1),
                 what=self.office.tail(), timeout_s=90)
        self.tell(other, f"PREUZIMAM {reference}")
        self.hears(other, f"{reference} je vasa")
        self.tell(nurse, f"OK ja preuzimam prijavu {reference}")
        self.hears(nurse, "vera")
        self.assertEqual(self.sql(
            "select status, taken_by from glas.reports"
            " join glas.duty_calls using (reference)"), "open|vera")
        # They beat him, and have him: that he is held wakes her.
        taken = number()
        self.tell(taken, "Policija mi je istukla i odvela sina u stanicu, Vranje")
        reference = self.sql("select max(reference) filter (where category ="
                             " 'POL_FORCE') from glas.reports")
        self.hears(nurse, f"HITNO: prijava {reference}, Vranje.")
        self.assertEqual(self.sql("select what from glas.due where reference ="
                                  f" '{reference}' and days = 2"),
                         self.sql("select what from glas.deadlines"
                                  " where name = 'detention'"))
        # Number and municipality: no word of what was told.
        self.assertFalse(any("bije" in said for to, said in self.link.texts()
                             if to in (nurse, other)))

    def test_a_duplicate_is_told_what_the_other_is_told(self):
        first, second = number(), number()
        self.tell(first, "PRIJAVA ne radi ulicna rasveta u Vranju")
        main = self.sql("select reference from glas.reports")
        self.tell(second, "PRIJAVA nema svetla u ulici u Vranju")
        other = self.sql("select reference from glas.reports"
                         f" where reference <> '{main}'")
        self.sql(f"select glas.merge('{other}', '{main}', 'ista ulica')")
        self.sql(f"select glas.set_status('{main}', 'referred')")
        told = self.tell(second, f"STATUS {other}")
        self.assertEqual(told, self.tell(first, f"STATUS {main}")
                         .replace(main, other))
        self.assertNotIn(main, told)
        self.assertNotIn(main, self.tell(second, f"STATUS {main}"))
        self.sql(f"select glas.reply_all('{main}', 'Popravljeno je.')")
        self.hears(first, "Popravljeno je.")
        self.hears(second, "Popravljeno je.")
        self.sql(f"select glas.set_status('{main}', 'answered')")
        self.assertNotIn(main, self.tell(second, f"DOPUNA {other} ne radi"))
        self.assertEqual(self.sql(
            "select string_agg(status, ' ' order by status)"
            " from glas.reports"), "duplicate open")

    def test_a_place_sent_later_corrects_the_report(self):
        person = number()
        self.tell(person, "PRIJAVA nema vode u Vranju")
        reference = self.sql("select reference from glas.reports")
        self.tell(person, f"DOPUNA {reference} Bujanovac Dobrosin")
        self.assertEqual(self.sql(
            "select municipality, settlement from glas.reports"),
            "Bujanovac|Dobrosin")
        self.assertEqual(self.sql("select what, was, now_is from glas.history"),
            "place|Vranje|Bujanovac/Dobrosin")

    def test_the_same_told_twice_is_one_report(self):
        person = number()
        self.tell(person, "PRIJAVA nema vode u Vranju vec tri dana")
        self.tell(person, "Prijava: nema vode u Vranju vec tri dana!")
        self.assertEqual(self.office.count("glas.reports"), 1)
        self.assertEqual(self.sql(
            "select count(*), count(distinct reference) from glas.inbox"),
            "2|1")

    def test_the_same_in_the_next_village_is_another_report(self):
        person = number()
        for place in "Ristovcu", "Davidovcu", "Presevu", "Presevu":
            self.tell(person, f"PRIJAVA nema vode u {place} vec tri dana")
        self.assertEqual(self.sql(
            "select string_agg(concat_ws('/', municipality, "
            "nullif(settlement, '')), ' ' order by reported_at) "
            "from glas.reports"),
            "Vranje/Ristovac Vranje/Davidovac Preševo")

    def test_a_place_that_begins_another_story_is_of_the_first(self):
        person = number()
        self.tell(person, "nema vode vec tri dana")
        self.tell(person, "Vranje, a i smece ne odnose vec mesec dana")
        self.assertEqual(self.sql(
            "select string_agg(concat_ws(' ', category, municipality), ', ' "
            "order by reported_at) from glas.reports"),
            "WATER Vranje, WASTE Vranje")

    def test_a_helper_reports_for_others(self):
        person = number()
        self.tell(person, "PRIJAVA rupa na putu u Vranju")
        self.sql(f"select glas.helper('{self.citizen()}')")
        self.tell(person, "ZA Mica nema struje u Bujanovcu")
        self.tell(person, "ZA Zoran nema vode u Presevu")
        self.tell(person, "ZA Micu ne odnose smece u Vranju")
        self.assertEqual(self.sql(
            "select nickname, count(*) from glas_data.helped h "
            "join glas_data.report r on r.helped = h.id group by 1 order by 1"),
            "mica|2\nzoran|1")
        self.tell(person, "ZA moju tetku ne odnose smece u Surdulici")
        self.assertEqual(self.sql(
            "select nickname from glas_data.helped order by id desc limit 1"),
            "moju tetku")
        self.sql("update glas_data.setting set value = '1' "
                 "where name = 'trend_least'")
        self.sql("refresh materialized view glas_data.voices")
        self.assertEqual(self.sql("select sum(voices), sum(reports) "
                                  "from glas.voices"), "4|5")

    def test_a_trial_goes_the_whole_path_and_counts_nowhere(self):
        person = number()
        self.tell(person, "INFO")
        self.sql(f"select glas.tester('{self.citizen()}')")
        said = self.tell(person, "PROBA nema struje u Bujanovcu")
        reference = self.sql("select reference from glas.reports")
        self.assertIn(reference, said)
        self.sql("update glas_data.setting set value = '1' "
                 "where name = 'trend_least'")
        for view in "trend", "voices":
            self.sql(f"refresh materialized view glas_data.{view}")
            self.assertEqual(self.office.count(f"glas.{view}"), 0)

    def test_what_stands_behind_the_word_for_a_trial_is_done(self):
        person = number()
        self.tell(person, "INFO")
        self.assertNotIn("PRITUZBA NA POLICIJU",
                         self.tell(person, "PROBA PRAVO 1"))
        self.sql(f"select glas.tester('{self.citizen()}')")
        self.assertIn("PRITUZBA NA POLICIJU",
                      self.tell(person, "PROBA PRAVO 1"))
        self.tell(person, "PROBA: nema struje u Bujanovcu")
        reference = self.sql("select reference from glas.reports")
        self.assertIn(reference, self.tell(person, f"PROBA STATUS {reference}"))
        self.tell(person, "PROBA JAVLJANJE 3 mirno Vranje")
        self.assertEqual(self.sql("select field, value from glas_data.form_value "
                                  "order by field"),
                         "incidents|3\nmood|calm\nplace|Vranje")
        self.sql("update glas_data.setting set value = '1' "
                 "where name = 'trend_least'")
        self.sql("refresh materialized view glas_data.rights_demand")
        self.assertEqual(self.office.count("glas.rights_demand"), 0)
        self.assertEqual(self.sql("select count(*) from glas_data.message "
                                  "where not test and intent = 'rights'"), "0")


class Service(TalkTest):
    limits = {"replies-per-hour": 20, "replies-per-day": 40,
              "segments-per-day": 0}

    def test_guesses_at_a_code_are_counted_whatever_else_is_asked(self):
        person = number()
        code = re.search(r"OBRISI (\d{4})", self.tell(person, "OBRISI")).group(1)
        wrong = f"{(int(code) + 1) % 10000:04d}"
        for _ in range(2):
            self.tell(person, f"OBRISI {wrong}")
        self.tell(person, "PRAVO 2")
        self.assertIn(f"OBRISI {code}", self.tell(person, "OBRISI"))
        self.assertIn("6 sati", self.tell(person, f"OBRISI {wrong}"))
        self.tell(person, "PRAVO 2")
        self.assertEqual(self.sql("select erase, erase_until > now() "
                                  "from glas_data.citizen"),
                         f"erase {code} 3|t")
        self.assertEqual(self.tell(person, f"OBRISI {code}"), "")
        self.assertEqual(self.sql("select count(*) from glas_data.citizen "
                                  "where erased_at is not null"), "0")

    def test_erasure_takes_number_token_and_texts(self):
        person = number()
        self.tell(person, "PRIJAVA rupa kod kuce u Vranju")
        self.tell(person, "VESTI VRANJE")
        code = re.search(r"OBRISI (\d{4})", self.tell(person, "OBRISI")).group(1)
        before = self.sql("select token from glas_data.citizen")
        self.tell(person, f"OBRISI {code}")
        self.assertEqual(self.sql(
            "select reply_copy is null, erased_at is not null, "
            f"token <> '{before}'::bytea from glas_data.citizen"), "t|t|t")
        self.assertEqual(self.sql(
            "select distinct text, original = '', trace from glas_data.body"),
            "[obrisano]|t|")
        self.assertEqual(self.office.count("glas_data.subscription"), 0)
        self.assertEqual(self.office.count("glas.reports"), 1)
        dump = self.sql("select string_agg(m::text, '') || string_agg(o::text, '') "
                        "|| string_agg(b::text, '') from glas_data.message m, "
                        "glas_data.outbox o, glas_data.body b")
        self.assertNotIn("kuce", dump)
        self.tell(person, "PRIJAVA mrak u Vranju")
        self.assertEqual(self.sql("select count(*), count(distinct citizen) "
                                  "from glas.reports"), "2|2")
        # Somebody new, but not with new limits.
        self.assertEqual(self.sql(
            "select now.hour_level < was.hour_level, now.told_who "
            "from glas_data.citizen now, glas_data.citizen was "
            "where was.erased_at is not null and now.erased_at is null"), "t|t")

    def test_news_are_asked_for_and_left(self):
        person = number()
        self.assertIn("Vranje", self.tell(person, "VESTI VRANJE"))
        self.assertEqual(self.sql("select * from glas.lists"), "Vranje|1")
        self.assertIn("Vranje", self.tell(person, "STOP VRANJE"))
        self.assertEqual(self.office.count("glas.lists"), 0)
        self.assertEqual(self.office.count("glas_data.optout"), 0)

    def test_content_that_cannot_be_used_is_seen(self):
        def wait_stale(stale):
            wait_for(lambda: self.link.pump(lambda: self.sql(
                "select stale_since is not null from glas_data.gateway")
                == stale, 0.1), what=f"stale: {stale} {self.office.tail()}")
        self.sql("update glas_data.reply_text set key = 'HIDDEN' "
                 "where key = 'HELP'")
        self.sql("select glas_data.content_touch()")
        wait_for(lambda: self.link.pump(
            lambda: "content=kept" in self.office.tail(), 0.1), what="refusal")
        self.sql("update glas_data.gateway set stale_since = null")
        self.sql("select glas_data.content_touch()")
        wait_stale("t")
        self.sql("update glas_data.reply_text set key = 'HELP' "
                 "where key = 'HIDDEN'")
        self.admin("select glas_data.content_touch()")
        wait_stale("f")

    def test_a_long_text_comes_piece_by_piece(self):
        person = number()
        long = " ".join(f"rec{n}" for n in range(180))
        self.sql("update glas_data.reply_text set text = '%s' "
                 "where key = 'RIGHTS_POLICE' and lang = 'sr-Latn'" % long)
        self.admin("select glas_data.content_touch()")
        first = self.tell(person, "PRAVO 1")
        self.assertIn("DALJE", first)
        second = self.tell(person, "DALJE")
        words = re.findall(r"rec\d+", first + " " + second)
        self.assertEqual(words, long.split()[:len(words)])
        self.assertGreater(len(re.findall("rec", second)), 0)


class Civic(TalkTest):
    def test_a_poll_is_voted_in_and_counted(self):
        one, two = number(), number()
        day = self.sql("select to_char(glas.now() at time zone "
                       "'Europe/Belgrade' + interval '3 days', 'DD.MM.YYYY.')")
        self.assertEqual(self.admin("select glas.poll_open('Sta prvo?', "
                                    f"'{{most,put,skola}}', '{day}')"), "1")
        self.assertRegex(self.tell(one, "GLAS 2"), f"put.* do {day}")
        self.assertIn("skola", self.tell(two, "GLAS 3"))
        self.tell(two, "GLAS 2")
        self.assertEqual(
            self.sql("select option, votes, share, bar from glas.poll_results"),
            f"1 most|0|0|\n2 put|2|100|{25 * '#'}\n3 skola|0|0|")
        self.admin("select glas.poll_close(1)")
        self.assertNotIn("most", self.tell(one, "GLAS 1"))
        self.assertEqual(self.sql("select sum(votes) from glas.poll_results"),
                         "2")

    def test_a_number_for_a_list_that_was_left_is_no_vote(self):
        self.admin("select glas.poll_open('Sta prvo?', '{most,put,skola}')")
        person = number()
        listed = self.tell(person, "nema vode u Oraovici")
        reference = self.sql("select reference from glas.reports")
        self.assertIn("1 Leskovac, 2 Presevo", listed)
        self.sql("update glas_data.citizen set asked_group = true")
        self.tell(person, "STATUS")
        self.assertEqual(
            self.sql("select dialog, dialog_until <= glas.now() "
                     "from glas_data.citizen"),
            f"place {reference}/Oraovica 0|t")
        self.assertIn("1 Leskovac, 2 Presevo", self.tell(person, "2"))
        self.tell(person, "2")
        self.assertEqual(
            self.sql("select municipality, settlement from glas.reports"),
            "Preševo|Oraovica")
        self.assertEqual(self.sql("select count(*) from glas_data.vote"), "0")
        self.assertIn("put", self.tell(person, "GLAS 2"))
        self.assertEqual(self.sql("select count(*) from glas_data.vote"), "1")

    def test_who_votes_and_leaves_has_done_both(self):
        self.admin("select glas.poll_open('Sta prvo?', '{most,put,skola}')")
        person = number()
        self.assertIn("START", self.tell(person, "GLAS 3 STOP"))
        self.assertEqual(self.sql("select option from glas_data.vote"), "3")
        self.assertEqual(self.sql(
            "select count(*) from glas_data.optout"), "1")
        self.assertIn("npr. GLAS 1", self.tell(number(), "GLAS -1"))
        self.assertIn("put", self.tell(number(), "GLAS 2, hvala lepo"))
        self.assertEqual(self.sql("select count(*) from glas_data.vote"), "2")

    def test_who_is_silenced_leaves_and_has_not_voted(self):
        self.admin("select glas.poll_open('Sta prvo?', '{most,put,skola}')")
        person = number()
        self.tell(person, "PRIJAVA rupa Vranje")
        self.sql("select glas.silence(citizen, 'a machine') from glas.inbox")
        self.assertEqual(self.tell(person, "GLAS 2 STOP"), "")
        self.assertEqual(self.sql("select count(*) from glas_data.vote"), "0")
        self.assertEqual(self.sql(
            "select count(*) from glas_data.optout"), "1")

    def test_who_is_invited_says_yes_or_no(self):
        self.office.be_day()
        one, two, stopped = number(), number(), number()
        for person in (one, two, stopped):
            self.tell(person, "VESTI VRANJE")
        self.tell(stopped, "STOP")
        # In UTC that is a day earlier.
        day = self.sql("select to_char(glas.now() at time zone "
                       "'Europe/Belgrade' + interval '3 days', 'DD.MM.YYYY.')")
        self.assertEqual(self.admin(
            "select glas.event_announce('Vranje', 'Tribina o vodi', "
            f"'{day} 00:30', 'Dom kulture')"), "1")
        self.hears(one, f"{day} u 00:30")
        self.hears(two, "Dom kulture")
        self.office.wait_count("glas.outbox", 1,
                               "kind = 'event' and state = 'suppressed'")
        self.assertIn(f"Tribina o vodi, {day}", self.tell(one, "DA"))
        self.assertIn(f"Tribina o vodi, {day}", self.tell(two, "Ne"))
        self.assertEqual(self.sql(
            "select invited, coming, not_coming from glas.events"), "3|1|1")
        self.assertEqual(self.admin("select glas.event_cancel(1)"), "1")
        self.hears(one, "Otkazano")
        self.tell(two, "INFO")
        self.assertEqual(self.count_heard(two, "Otkazano"), 0)

    def test_who_comes_comes_to_what_they_were_invited_to(self):
        self.office.be_day()
        invited, other = number(), number()
        self.tell(invited, "VESTI BOJNIK")
        self.tell(other, "INFO")
        for place, days in ("Vranje", 1), ("Bojnik", 4):
            self.admin(f"select glas.event_announce('{place}', "
                       f"'Tribina {place}', (now() + "
                       f"interval '{days} days')::text, 'Dom kulture')")
        self.hears(invited, "NE MOGU")
        self.tell(invited, "STATUS")
        self.assertIn("Tribina Bojnik", self.tell(invited, "DOLAZIM"))
        self.assertIn("DOLAZIM 1", self.tell(other, "DOLAZIM"))
        self.assertEqual(self.sql(
            "select string_agg(concat(municipality, coming), ' ' "
            "order by number) from glas.events"), "Vranje0 Bojnik1")
        self.tell(other, "DOLAZIM 1")
        self.assertEqual(self.sql(
            "select coming from glas.events where number = 1"), "1")

    def test_a_question_is_answered_to_who_asked(self):
        person = number()
        self.tell(person, "PITAJ zasto policija nema patrolu nocu u Vranju")
        reference, state = self.sql(
            "select reference, state from glas.questions").split("|")
        self.assertEqual(state, "waiting")
        self.sql(f"select glas.question_moderate('{reference}', 'approved')")
        self.sql(f"select glas.question_answer('{reference}', "
                 "'Patrola ide svake noci.')")
        self.hears(person, "Patrola ide svake noci.")
        self.assertEqual(self.sql(
            "select q.state, r.status from glas.questions q "
            "join glas.reports r using (reference)"), "answered|answered")

    def test_a_rumour_is_answered_once_to_all_who_asked(self):
        one, two, late = number(), number(), number()
        for person in (one, two):
            self.tell(person, "GLASINA zatvaraju skolu u Klenikama")
        first, second = self.sql(
            "select id from glas.rumours order by id").split()
        self.sql(f"select glas.rumour_same({second}, {first})")
        self.assertEqual(self.sql(f"select glas.rumour_answer({first}, "
                                  "'Skola ostaje otvorena.')"), "2")
        self.hears(one, "Skola ostaje")
        self.hears(two, "Skola ostaje")
        self.tell(late, "GLASINA zatvara se skola Klenike")
        self.sql(f"select glas.rumour_same(max(id), {first}) from glas.rumours")
        self.hears(late, "Skola ostaje")
        self.tell(late, "INFO")
        for person in (one, two, late):
            self.assertEqual(self.count_heard(person, "Skola ostaje"), 1)
        self.assertEqual(self.sql("select asked, state from glas.rumours"),
                         "3|answered")

    def test_an_answer_waits_for_who_puts_rumours_together(self):
        for _ in range(2):
            self.tell(number(), "GLASINA zatvaraju skolu u Klenikama")
        first, second = self.sql(
            "select id from glas.rumours order by id").split()
        one, two = self.session(), self.session()
        self.type(one, "begin; select from "
                  f"glas.rumour_same({second}, {first}); select 'put';")
        self.assertEqual(one.stdout.readline(), "put\n")
        self.type(two, f"select glas.rumour_answer({second}, 'Ostaje.');")
        wait_for(lambda: self.office.count("pg_locks", "not granted"),
                 what="a session that waits")
        one.communicate("commit;", timeout=60)
        self.assertEqual(two.communicate(timeout=60)[0], "2\n")
        self.assertEqual(self.sql("select id, asked, state from glas.rumours"),
                         f"{first}|2|answered")

    def at_once(self, first, second, then=""):
        """What two say whose transactions cross; the first goes on with then."""
        one, two = self.session(), self.session()
        self.type(one, f"begin; select from {first}; select 'put';")
        self.assertEqual(one.stdout.readline(), "put\n")
        self.type(two, f"begin; select from {second}; commit;")
        wait_for(lambda: self.office.count("pg_locks", "not granted"),
                 what="a session that waits")
        said = one.communicate(then + "commit;", timeout=60)[0]
        return said, two.communicate(timeout=60)[0]

    def two_reports(self):
        for _ in range(2):
            self.tell(number(), "PRIJAVA nema svetla u Bujanovcu")
        return self.sql(
            "select reference from glas.reports order by 1").split()

    def test_two_who_merge_crosswise_leave_one_to_work_on(self):
        one, two = self.two_reports()
        said = self.at_once(f"glas.merge('{one}', '{two}', 'isto')",
                            f"glas.merge('{two}', '{one}', 'isto')")
        self.assertEqual(said[0], "")
        self.assertIn(f"report {one} is a duplicate of {two}", said[1])
        self.assertEqual(self.sql("select reference, status, merged_into from"
                                  " glas_data.report order by 1"),
                         f"{one}|duplicate|{two}\n{two}|new|")

    def test_who_answers_one_of_several_is_told_of_the_others(self):
        one, two = self.two_reports()
        psql = self.session()
        said = psql.communicate(
            f"select glas.reply('{two}', 'Sutra.') > 0;\n"
            f"select 1 from glas.merge('{one}', '{two}', 'isto');\n"
            f"select glas.reply('{one}', 'Sutra je.') > 0;\n"
            f"select glas.reply('{two}', 'Ipak danas.') > 0;\n",
            timeout=60)[0]
        self.assertEqual(said, "t\n1\nt\nNOTICE:  this goes to one person; "
                         "one other reported the same: "
                         f"glas.reply_all('{two}', '...') tells all of them\n"
                         "t\n")

    def two_reports_shown(self):
        """Two that another organisation sees, with a yes on the phone."""
        self.sql("select glas.organisation_add('Pravna')")
        reports = self.two_reports()
        for reference in reports:
            self.sql(f"select from glas.refer('{reference}', 'Pravna')")
            self.sql(f"select from glas.consent('{reference}', 'Pravna', true,"
                     " 'da')")
        return reports

    def joined(self):
        return self.sql("select r.reference, r.status, r.merged_into,"
                        " m.reference from glas_data.report r join"
                        " glas_data.message m on m.id = r.message order by 1")

    def test_who_adds_to_a_report_goes_where_it_is_joined_meanwhile(self):
        one, two = self.two_reports()
        adds = ("glas_data.report r, glas_data.follow(r.reference, r.citizen,"
                f" r.message, '') where r.reference = '{one}'")
        self.at_once(f"glas.merge('{one}', '{two}', 'isto')", adds)
        self.assertEqual(self.joined(), f"{one}|duplicate|{two}|{two}\n"
                         f"{two}|new||{two}")

    def test_what_is_added_while_a_yes_is_taken_back_is_not_shown(self):
        one, two = self.two_reports_shown()
        self.sql(f"select from glas.merge('{one}', '{two}', 'isto')")
        adds = ("glas_data.report r, glas_data.follow(r.reference, r.citizen,"
                f" r.message, '') where r.reference = '{one}'")
        self.at_once(f"glas.consent_withdraw('{one}', 'Pravna', 'ne')", adds)
        self.assertEqual(self.joined(), f"{one}|open||{one}\n"
                         f"{two}|new||{two}")

    def test_a_no_by_text_while_reports_are_joined_takes_them_apart(self):
        one, two = self.two_reports_shown()
        no = ("glas_data.referral f join glas_data.report r using (reference),"
              " glas_data.act(r.citizen, r.message, 'step',"
              " format('%s/r%s', f.reference, f.id), 'no')"
              f" where f.reference = '{one}'")
        self.at_once(f"glas.merge('{one}', '{two}', 'isto')", no)
        self.assertEqual(self.joined(), f"{one}|open||{one}\n"
                         f"{two}|new||{two}")

    def test_two_who_add_to_one_case_do_not_stop_each_other(self):
        one, two = self.two_reports()
        self.sql(f"select from glas.merge('{one}', '{two}', 'isto')")

        def adds(reference, of=""):
            return ("glas_data.report r, glas_data.follow(r.reference,"
                    f" r.citizen, r.message, '{of}')"
                    f" where r.reference = '{reference}'")

        rates = ("glas_data.report r, glas_data.put_rating(r.reference,"
                 f" r.citizen, '5') where r.reference = '{two}'")
        places = ("glas_data.report r, glas_data.act(r.citizen, r.message,"
                  " 'place', r.reference, 'Bujanovac/')"
                  f" where r.reference = '{one}'")
        # The second holds the key of what the first goes on to write.
        self.assertEqual(
            self.at_once(adds(one), f"{rates}; select from {adds(two)}",
                         f"select from {adds(one, 'POLICE//')};"), ("", ""))
        self.assertEqual(self.sql("select actor from glas_data.report where"
                                  f" reference = '{two}'"), "POLICE")
        # Both begin with the one that is worked on.
        self.assertEqual(self.at_once(places, adds(one),
                                      f"select from {adds(one)};"), ("", ""))

    def test_who_comes_second_sees_what_the_first_made_of_a_report(self):
        one, two = self.two_reports()
        said = self.at_once(
            f"glas.set_status('{one}', 'closed', 'gotovo')",
            f"glas.set_status('{one}', 'referred', 'opstini')")
        self.assertIn(f'report {one} is closed and cannot become "referred"',
                      said[1])
        self.assertEqual(self.sql("select was, now_is from glas.history "
                                  "where what = 'status'"), "new|closed")
        safe = (f"glas.record_step('{two}', 'safe', 'telefonom', "
                "asked => 'Sme li?', answer => 'Da')")
        self.assertIn(f"what comes next for report {two} is contact_allowed",
                      self.at_once(safe, safe)[1])

    def asked_step(self, reference, step):
        """Whether somebody has been asked by a text; what answers it."""
        self.sql("insert into glas_data.consent (reference, step, asked,"
                 f" asked_at, asked_by) values ('{reference}', '{step}', '?',"
                 " now(), 'mira')")
        return ("glas_data.consent k join glas_data.report r using (reference)"
                ", glas_data.act(r.citizen, r.message, 'step',"
                " format('%s/%s', k.reference, k.id), 'yes')"
                f" where k.reference = '{reference}' and k.step = '{step}'"
                " and k.agreed is null")

    def test_a_yes_by_text_waits_for_who_works_on_the_case(self):
        one, two = self.two_reports()
        said = "telefonom', asked => 'Sme li?', answer => 'Da"
        # It was said on the phone as well, and is one step.
        yes = self.asked_step(one, "safe")
        self.assertEqual(self.at_once(
            f"glas.record_step('{one}', 'safe', '{said}')", yes), ("", ""))
        self.assertEqual(self.sql("select step, who from glas_data.case_step"),
                         "safe|postgres")
        # What it rests on is taken back meanwhile.
        for step in "safe", "contact_allowed":
            self.sql(f"select glas.record_step('{two}', '{step}', '{said}')")
        yes = self.asked_step(two, "mandate")
        self.assertEqual(self.at_once(
            f"glas.consent_withdraw('{two}', 'contact_allowed', 'ne')", yes),
            ("", ""))
        self.assertEqual(self.sql("select step from glas_data.case_step "
                                  f"where reference = '{two}'"), "safe")

    def test_who_refers_and_who_merges_see_each_other(self):
        self.sql("select glas.organisation_add('Pravna')")
        one, two = self.two_reports()
        refer = f"glas.refer('{two}', 'Pravna')"
        merge = f"glas.merge('{one}', '{two}', 'isto')"
        refused = f"who reported {one} has not agreed that Pravna sees"
        self.assertIn(refused, self.at_once(refer, merge)[1])
        self.sql("delete from glas_data.referral; "
                 "update glas_data.citizen set dialog = ''")
        self.assertIn(refused, self.at_once(merge, refer)[1])
        self.assertEqual(self.office.count("glas_data.referral"), 0)

    def test_two_questions_to_one_person_wait_for_each_other(self):
        self.sql("select glas.organisation_add('Pravna')")
        person = number()
        for what in "nema svetla", "nema vode":
            self.tell(person, f"PRIJAVA {what} u Bujanovcu")
        reports = self.sql("select reference from glas.reports").split()
        self.assertEqual(len(reports), 2)
        # A text of theirs is being stored.
        writes, *both = (self.session() for _ in range(3))
        self.type(writes, "begin; select 'put' from glas_data.citizen "
                  "for no key update;")
        self.assertEqual(writes.stdout.readline(), "put\n")
        for psql, reference in zip(both, reports):
            self.type(psql, f"select from glas.refer('{reference}', 'Pravna');")
        wait_for(lambda: self.office.count("pg_locks", "not granted") == 2,
                 what="two sessions that wait")
        writes.communicate("commit;", timeout=60)
        said = "".join(psql.communicate(timeout=60)[0] for psql in both)
        self.assertNotIn("deadlock", said)
        self.assertIn("ERROR:", said)
        self.assertEqual(self.office.count("glas_data.referral"), 1)

    def test_who_asks_waits_for_a_text_that_comes(self):
        """Each locks the person before the report, and keeps others from
        writing to them no longer than that takes."""
        self.sql("select glas.organisation_add('Pravna')")
        one = self.two_reports()[0]
        # What goes out would ask once more.
        self.office.glasctl("pause", "fake")
        person = ("(select citizen from glas_data.report"
                  f" where reference = '{one}')")
        adds = ("glas_data.report r, glas_data.follow(r.reference, r.citizen,"
                f" r.message, '') where r.reference = '{one}'")
        for asks in (f"glas.ask('{one}', 'Gde?')",
                     f"glas.refer('{one}', 'Pravna')",
                     f"glas.consent('{one}', 'Pravna', false, 'ne')",
                     f"glas.record_step('{one}', 'safe', 'telefonom',"
                     " asked => 'Sme li?', answer => 'Da')",
                     f"glas.consent_withdraw('{one}', 'safe', 'ne')"):
            text, psql, writes = (self.session() for _ in range(3))
            self.type(text, "begin; update glas_data.citizen set last_at ="
                      f" now() where id = {person}; select 'put';")
            self.assertEqual(text.stdout.readline(), "put\n")
            self.type(psql, f"begin; select from {asks}; select 'asked';")
            wait_for(lambda: self.office.count("pg_locks", "not granted"),
                     what="a session that waits")
            self.assertEqual(text.communicate(
                f"select from {adds}; commit;", timeout=60)[0], "")
            self.assertEqual(psql.stdout.readline(), "asked\n")
            self.assertEqual(writes.communicate(
                f"select glas_data.queue({person}, 'reply', 2, 'x') > 0;",
                timeout=60)[0], "t\n")
            self.assertEqual(psql.communicate("commit;", timeout=60)[0], "")
            self.sql("update glas_data.citizen set dialog = ''")

    def test_who_takes_a_report_waits_for_who_opens_it_again(self):
        one, two = self.two_reports()
        phone = ("(select citizen from glas_data.report"
                 f" where reference = '{two}')")
        self.sql("insert into glas_data.organisation (name, kind, since)"
                 " values ('Odbor', 'ngo', now());"
                 "insert into glas_data.person (role, organisation, kind,"
                 " since) values ('mira', 'Odbor', 'coordinator', now());"
                 "insert into glas_data.duty_phone (member, citizen, since)"
                 f" values ('mira', {phone}, now());"
                 "select glas.duty_add('mira', d, '00:00', '00:00', '')"
                 " from generate_series(1, 7) d;"
                 f"select from glas.classify('{one}', urgent => true);"
                 "update glas_data.report set status = 'answered'"
                 f" where reference = '{one}'")
        text, takes = self.session(), self.session()
        self.type(text, "begin; select 'put' from glas_data.report"
                  f" where reference = '{one}' for no key update;")
        self.assertEqual(text.stdout.readline(), "put\n")
        self.type(takes, f"select from glas_data.duty_take({phone}, '{one}');")
        wait_for(lambda: self.office.count("pg_locks", "not granted"),
                 what="a session that waits")
        said = [psql.communicate(statement, timeout=60)[0]
                for psql, statement in (
                    (text, "select from glas_data.report r, glas_data.follow("
                     "r.reference, r.citizen, r.message, '///urgent')"
                     f" where r.reference = '{one}'; commit;"),
                    (takes, ""))]
        self.assertEqual(said, ["", ""])
        self.assertEqual(self.sql(
            "select r.status, c.told, c.taken_by from glas.duty_calls c"
            " join glas.reports r using (reference)"), "open|mira|mira")

    def asked_to_show(self, reference):
        """Who reported is asked whether others see it, by a text that waits."""
        self.sql("update glas_data.citizen set dialog = '';"
                 "delete from glas_data.referral;"
                 f"begin; select from glas.refer('{reference}', 'Pravna');"
                 "update glas_data.outbox set due_at = now() + interval '1 h'"
                 " where kind = 'reply' and state = 'queued'; commit;")
        return self.sql("select max(id) from glas_data.outbox"
                        " where kind = 'reply'")

    def test_whatever_ends_a_question_waits_for_the_person_first(self):
        self.sql("select glas.organisation_add('Pravna')")
        one, two = self.two_reports()
        of_one = (f"glas_data.report r, glas_data.%s"
                  f" where r.reference = '{one}'")
        adds = of_one % "follow(r.reference, r.citizen, r.message, '')"
        erases = of_one % "erase(r.citizen, r.message)"
        calls = of_one % "put_callback(r.citizen, r.message)"
        blocked = of_one % "put_block(r.citizen, '\\x01')"
        yes = (f"glas_data.report r, glas.event e, glas_data.put_attendance("
               f"e.number, r.citizen, true, r.message)"
               f" where r.reference = '{one}'")
        self.sql(f"select from {calls}; insert into glas_data.question"
                 f" (reference) values ('{one}')")
        who = self.sql("select glas_data.pseudonym(citizen) from"
                       f" glas_data.report where reference = '{one}'")
        message = self.sql("insert into glas_data.message select max(m.id) + 1"
                           ", now(), now(), 'vranje', 'mts', 'sms', r.citizen,"
                           " 1, 'sr-Latn', 'add', '', 80, r.reference"
                           " from glas_data.message m, glas_data.report r"
                           f" where r.reference = '{one}' group by r.citizen,"
                           " r.reference returning id")
        for before, asks, then in (
                ("", f"glas.classify('{one}', 'POL_FORCE')", adds),
                ("update glas_data.outbox set state = 'inflight',"
                 " gateway = 'other', attempts = 1 where id = {0}",
                 "glas_gw.mt_result('other', current_date, '{{{0}}}', '{{1}}',"
                 " '{{failed}}', '{{no}}', '{{0}}', array[now()],"
                 " array[null]::timestamptz[], '{{}}', '{{}}', '{{}}', '{{}}',"
                 " '{{}}')", erases),
                ("update glas_data.outbox set state = 'accepted',"
                 " gateway = 'other', link = 'x', sent_at = now()"
                 " where id = {0}",
                 "glas_gw.mt_report('{{x}}', '{{0}}', '{{\\x00}}', '{{64}}',"
                 " '{{failed}}', array[now()], '1 day', '{{{0}}}', 'other')",
                 erases),
                (f"select from {calls}",
                 "glas_data.callback c, glas.text_back(c.id, 'Zvali ste.')"
                 " where c.state = 'waiting'", calls),
                ("", f"glas.question_moderate('{one}', 'rejected')", erases),
                ("", f"glas.split('{one}', array[{message}])", erases),
                # Nobody is asked anything after that.
                (f"select glas.block('{who}', 'zasto'); select from {blocked}",
                 f"glas.unblock('{who}')", blocked)):
            with self.subTest(asks):
                outbox = self.asked_to_show(one)
                self.sql("delete from glas_data.outbox where kind = 'reply'"
                         f" and id <> {outbox}")
                self.sql(before.format(outbox))
                text, psql = self.session(), self.session()
                self.type(text, "begin; select 'put' from glas_data.citizen c"
                          " join glas_data.report r on r.citizen = c.id where"
                          f" r.reference = '{one}' for no key update of c;")
                self.assertEqual(text.stdout.readline(), "put\n")
                self.type(psql, "begin; select from"
                          f" {asks.format(outbox)}; rollback;")
                wait_for(lambda: self.office.count("pg_locks", "not granted"),
                         what="a session that waits")
                # As a text does; what it would leave is not for the next.
                self.assertEqual(text.communicate(
                    f"select from {then}; rollback;", timeout=60)[0], "")
                self.assertNotIn("deadlock", psql.communicate(timeout=60)[0])

    def test_a_question_that_expires_does_not_wait_for_who_answers(self):
        self.sql("select glas.organisation_add('Pravna')")
        one = self.two_reports()[0]
        outbox = self.asked_to_show(one)
        text = self.session()
        self.type(text, "begin; select 'put' from glas_data.citizen"
                  " for no key update;")
        self.assertEqual(text.stdout.readline(), "put\n")
        self.sql("update glas_data.outbox set expires_at = now()"
                 f" where id = {outbox}; select glas_gw.mt_release(0)")
        self.assertEqual(text.communicate(
            f"select from glas.consent('{one}', 'Pravna', true, 'da'); commit;",
            timeout=60)[0], "")
        self.assertEqual(self.sql("select o.state, f.state from"
                                  " glas_data.outbox o, glas_data.referral f"
                                  f" where o.id = {outbox}"),
                         "cancelled|granted")

    def test_who_announces_an_event_is_told_what_it_costs(self):
        for _ in range(2):
            self.tell(number(), "VESTI VRANJE")
        psql = self.session()
        said = psql.communicate(
            "select glas.event_announce('Vranje', 'Tribina o vodi', "
            "(now() + interval '2 days')::text, 'Dom kulture');", timeout=60)[0]
        self.assertIn("people invited 2, segments 2", said)


class Nights(TalkTest):
    """Who did not ask is not woken, whatever kept a text until the night."""

    section = "submit-window = 1\n"
    REPLY = "Ekipa dolazi sutra"

    def at(self, hours):
        """So many hours behind midnight of tomorrow in Belgrade it is now."""
        seconds = float(self.sql(
            "select extract(epoch from ((pg_catalog.now() at time zone"
            " 'Europe/Belgrade')::date + interval '1 day') at time zone"
            " 'Europe/Belgrade' - pg_catalog.now())")) + hours * 3600
        self.office.move_database_clock(int(seconds))
        self.office.move_clock(int(seconds))

    def people(self, count):
        """People who ask for news; the first has reported something, too."""
        self.at(12)
        people = [number() for _ in range(count)]
        for person in people:
            self.tell(person, "VESTI VRANJE")
        self.tell(people[0], "PRIJAVA ne radi ulicna rasveta u Vranju")
        self.reference = self.sql("select reference from glas.reports")
        return people

    def announce(self):
        self.sql("select glas.event_announce('Vranje', 'Tribina o vodi',"
                 " (glas.now() + interval '20 days')::text, 'Dom kulture')")

    def invited(self):
        return sum("Tribina" in said for _, said in self.link.texts())

    def wait_morning(self, texts):
        self.office.wait_count(
            "glas_data.outbox", texts, "by_day and state = 'queued'"
            " and to_char(due_at at time zone 'Europe/Belgrade', 'HH24:MI')"
            " = '09:00'")

    def test_nobody_is_woken_when_a_link_is_back_at_night(self):
        people = self.people(2)
        self.at(18)
        self.link.say(t="state", state="searching")
        self.office.wait_status(
            lambda s: s["links"][0]["state"] == "searching", "no network")
        self.announce()
        self.sql(f"select glas.ask('{self.reference}', 'U kojoj ulici?')")
        self.sql(f"select glas.reply('{self.reference}', '{self.REPLY}')")
        self.at(25)
        self.link.say(t="state", state="ready")
        # Somebody was at their desk when they wrote that.
        self.hears(people[0], self.REPLY)
        self.wait_morning(3)
        self.assertIn(self.reference, self.tell(people[0], "STATUS"))
        self.assertEqual(self.invited(), 0)
        self.assertEqual(self.count_heard(people[0], "U kojoj ulici?"), 0)
        self.at(33.01)
        self.sql("select glas_data.wake_gateways()")
        self.hears(people[0], "U kojoj ulici?")
        self.hears(people[1], "Tribina")

    def test_what_a_link_has_not_begun_by_evening_waits_for_the_morning(self):
        self.people(3)
        self.at(18)
        self.announce()
        self.office.wait_count("glas.outbox", 3,
                               "kind = 'event' and state = 'inflight'")
        self.assertTrue(self.link.pump(lambda: self.invited() == 1,
                                       accept=False))
        self.at(20.01)
        self.link.submitted(self.link.submits[-1], "accepted", mr=200)
        self.office.wait_count("glas_data.outbox", 2, "state = 'queued'")
        self.assertEqual(self.sql("select distinct reason from glas.outbox"
                                  " where state = 'queued'"),
                         "waits for the morning")
        self.at(20.2)
        self.wait_morning(2)
        self.settle(4)
        self.assertEqual(self.invited(), 1)
        self.at(33.01)
        self.sql("select glas_data.wake_gateways()")
        self.assertTrue(self.link.pump(lambda: self.invited() == 3))


if __name__ == "__main__":
    unittest.main()
