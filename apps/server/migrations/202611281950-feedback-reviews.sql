-- Feedback waits for a person. Null: nobody has to look, or somebody has decided. What came in before stays out of the queue.
alter table feedback add column urgency smallint;
alter table feedback add column shape text;
alter table feedback add column promise_told boolean not null default false;
create index feedback_to_review on feedback (urgency desc, received_at, id) where urgency is not null;
create index feedback_alike on feedback (system, shape) where urgency is not null;
create index feedback_promised on feedback (received_at) where urgency is not null and not promise_told;

-- Derived from facts: who took what, what was decided, what was promised.
create table review_board (
  feedback text primary key,
  system text not null,
  received_at text not null,
  taken_by jsonb,
  taken_at text,
  decided_as text,
  decided_by jsonb,
  decided_at text,
  in_time boolean,
  overdue_at text
);
create index review_decided on review_board (decided_at desc) where decided_at is not null;

create table review_promise_board (
  system text primary key,
  hours integer not null
);
