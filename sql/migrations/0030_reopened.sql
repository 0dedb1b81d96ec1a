-- Who opens a case again that somebody had ended says why, like who ends one.

update glas_data.report_move set note_needed = true
 where was in ('closed', 'duplicate', 'withdrawn', 'not_for_us');
