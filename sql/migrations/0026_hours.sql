-- Texts by hour, for the page of the operator.

insert into glas_data.counted (name) values ('hours');
