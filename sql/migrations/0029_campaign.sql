-- One broadcast does not use up the day of all the others.

insert into glas_data.setting (name, value, about) values
    ('broadcast_each_day', '150', 'Segments of one text to many in a day.');
