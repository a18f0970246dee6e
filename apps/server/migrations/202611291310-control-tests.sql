create table control_test_board (
  test text primary key,
  control text not null,
  system text not null,
  begun_at text not null,
  ended_at text,
  outcome text,
  effect_ms double precision,
  data jsonb not null
);
create index control_test_board_of_control on control_test_board (control, begun_at);
create index control_test_board_of_system on control_test_board (system, begun_at);
create index control_test_board_running on control_test_board (system) where ended_at is null;

-- When an order by a control was last confirmed is asked before every order.
create index hold_board_confirmed_of_control on hold_board ((data ->> 'control')) where confirmation = 'confirmed';
