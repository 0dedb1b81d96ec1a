-- Words of what is published, in three languages.

create or replace view glas_data.publish_word (key, sr, sq, en) as
values
    ('GROUP1', 'policija i žandarmerija', 'policia dhe xhandarmëria', 'police and gendarmerie'),
    ('GROUP2', 'vojska i granica', 'ushtria dhe kufiri', 'army and border'),
    ('GROUP3', 'oružje i opasni predmeti', 'armë dhe sende të rrezikshme', 'weapons and dangerous objects'),
    ('GROUP4', 'diskriminacija i mržnja', 'diskriminimi dhe urrejtja', 'discrimination and hate'),
    ('GROUP5', 'nasilje', 'dhuna', 'violence'),
    ('GROUP6', 'kriminal i korupcija', 'krimi dhe korrupsioni', 'crime and corruption'),
    ('GROUP7', 'bezbednost i saobraćaj', 'siguria dhe komunikacioni', 'safety and traffic'),
    ('GROUP8', 'komunalne usluge', 'shërbimet komunale', 'municipal services'),
    ('GROUP9', 'ostalo', 'të tjera', 'something else'),
    ('other', 'ostalo, zbirno', 'të tjera, së bashku', 'others, together'),
    ('unknown', 'nije rečeno', 'nuk është thënë', 'not said'),
    ('mix', 'mešano', 'e përzier', 'mixed'), ('und', 'nepoznat', 'e panjohur', 'not known'),
    ('sr-Latn', 'srpski, latinica', 'serbisht, latinisht', 'Serbian, Latin'),
    ('sr-Cyrl', 'srpski, ćirilica', 'serbisht, cirilik', 'Serbian, Cyrillic'),
    ('sq', 'albanski', 'shqip', 'Albanian'), ('rom', 'romski', 'romisht', 'Romani'),
    ('bg', 'bugarski', 'bullgarisht', 'Bulgarian'), ('en', 'engleski', 'anglisht', 'English'),
    ('roma', 'Romi', 'romë', 'Roma'), ('elderly', 'stariji', 'të moshuar', 'elderly'),
    ('woman', 'žene', 'gra', 'women'), ('private', 'ne žele da kažu', 'nuk duan ta thonë', 'rather not say'),
    ('TOPICS', 'spisak prava', 'lista e të drejtave', 'list of rights'),
    ('BODY', 'ko je nadležan', 'kush është kompetent', 'who is competent'),
    ('accepted', 'prihvaćeno', 'pranuar', 'accepted'), ('partly', 'delimično', 'pjesërisht', 'partly'),
    ('refused', 'odbijeno', 'refuzuar', 'refused'), ('done', 'urađeno', 'kryer', 'done'),
    ('waiting', 'čeka se odgovor', 'pritet përgjigja', 'waiting'),
    ('overdue', 'rok je prošao', 'afati kaloi', 'overdue'),
    ('title', 'Bilten', 'Buletin', 'Bulletin'),
    ('people', 'ljudi', 'njerëz', 'people'),
    ('trend', 'Koliko ljudi se javilo', 'Sa njerëz u lajmëruan', 'How many people reported'),
    ('category', 'O čemu', 'Për çfarë', 'About what'),
    ('municipality', 'Gde', 'Ku', 'Where'),
    ('map', 'Polje je opština, otprilike na svom mestu. Jača boja: više ljudi. Prazno: premalo ljudi da se objavi, ili niko.',
            'Katrori është komuna, afërsisht në vendin e vet. Ngjyrë më e fortë: më shumë njerëz. Bosh: tepër pak për t''u botuar, ose askush.',
            'A tile is a municipality, roughly where it is. Stronger colour: more people. Empty: too few to publish, or nobody.'),
    ('language', 'Na kom jeziku', 'Në cilën gjuhë', 'In which language'),
    ('group', 'Ko se javio', 'Kush u lajmërua', 'Who reported'),
    ('rights', 'O kojim pravima su ljudi pitali', 'Për cilat të drejta pyetën njerëzit', 'Which rights people asked about'),
    ('equity', 'Koliko njih je dobilo odgovor na vreme', 'Sa prej tyre morën përgjigje në kohë', 'How many were answered in time'),
    ('recommendations', 'Preporuke', 'Rekomandime', 'Recommendations'),
    ('rating', 'ocena', 'nota', 'rating'),
    ('nothing', 'U ovom razdoblju ništa nije objavljeno.', 'Në këtë periudhë nuk është botuar asgjë.',
                'Nothing was published of this period.'),
    ('about', 'Svako je u mesecu izbrojan jednom, kako se javio prvi put. Nijedan broj nije manji od %s ljudi: premali su spojeni u „ostalo“. Ko je pisao više puta ovde je jedan čovek.',
              'Secili është numëruar një herë në muaj, si u lajmërua së pari. Asnjë numër nuk është më i vogël se %s njerëz: të voglit janë bashkuar te „të tjera“.',
              'Everybody is counted once a month, as they reported first. No number is smaller than %s people: those that are too small are put together as "others".');
comment on view glas_data.publish_word is 'Words of what is published.';
comment on column glas_data.publish_word.key is 'What it is for.';
comment on column glas_data.publish_word.sr is 'Serbian.';
comment on column glas_data.publish_word.sq is 'Albanian.';
comment on column glas_data.publish_word.en is 'English.';
