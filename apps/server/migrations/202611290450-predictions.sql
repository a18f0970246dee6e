-- Predictions of predictive systems: rows with retention.
create table prediction (
  system text not null,
  id text not null,
  received_at text not null,
  data jsonb not null,
  primary key (system, id)
);
create index prediction_newest on prediction (system, received_at desc);
create index prediction_old on prediction (received_at);
