-- The code of an erasure stands beside what else is asked, so that no other question
-- gives new guesses.

alter table glas_data.citizen
    add column erase       text not null default '',
    add column erase_until timestamptz;
comment on column glas_data.citizen.erase is
    'The code that OBRISI was answered with, and how many wrong ones came; empty: none.';
comment on column glas_data.citizen.erase_until is
    'Until when it is good or, after three wrong ones, nothing is erased.';

-- One gives more than before, one takes more.
drop function if exists glas_gw.mo_context(bytea[], bytea[], bytea[], text[]);
drop function if exists glas_gw.mo_store;
