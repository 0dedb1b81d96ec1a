-- It is told who took it back.
drop function if exists glas_data.give_back(glas_data.report, text);
