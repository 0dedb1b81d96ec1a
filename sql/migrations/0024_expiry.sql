-- What ends if nobody looks after it: the validity of a SIM, and a replacement of
-- keys that stands still.

alter table glas_data.balance
    add column valid_until date,
    add column valid_days int not null default 0;
comment on column glas_data.balance.valid_until is
    'Last day on which the SIM can be used, as the answer says; empty: it does not.';
comment on column glas_data.balance.valid_days is
    'It ends soon when it is valid for fewer days (balance-valid of glas.conf); 0: never.';

alter table glas_data.rekey add column progress_at timestamptz;
comment on column glas_data.rekey.progress_at is
    'When rows were sealed anew last; empty: none were yet.';

-- They take more than before.
drop function if exists glas_gw.balance_put(text, text, timestamptz, bigint, text, text,
    int, int);
drop function if exists glas_gw.mt_recover(text, bigint[], bigint[]);
