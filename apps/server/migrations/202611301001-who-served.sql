-- Beside which model answered to a name: which provider served it.
alter table oversight_answered add column kind text not null default 'model';
alter table oversight_answered drop constraint oversight_answered_pkey;
alter table oversight_answered add primary key (system, kind, asked, answered);
