import { tasks as doors } from '@firebreak/contract/respond/tasks';
import { warRoom } from '@firebreak/contract/respond/war-room';
import type { Register } from '../cli.ts';

/** `firebreak tasks …`: the steps of the playbook an incident follows. */
export const tasks: Register = (program, cli) => {
  const group = program.command('tasks').description('what an incident still has to do');
  group
    .command('list <incident>')
    .description('list the steps, which are done, and which are late')
    .action(async (incident: string) => {
      const answer = await cli.client().call(doors.list, { params: { incident } });
      cli.table(
        answer.tasks,
        [
          { head: 'key', of: (task) => task.key },
          { head: 'phase', of: (task) => task.phase },
          { head: 'state', of: (task) => (task.done ? `done by ${task.done}` : task.late ? 'LATE' : 'open') },
          { head: 'owner', of: (task) => task.owner },
          { head: 'step', of: (task) => task.text },
        ],
        answer,
      );
    });
  group
    .command('due')
    .description('what the open incidents are late with, and what falls due next')
    .action(async () => {
      const answer = await cli.client().call(doors.due, {});
      cli.table(
        answer.incidents,
        [
          { head: 'incident', of: (row) => row.label },
          { head: 'late', of: (row) => row.late },
          { head: 'next by', of: (row) => row.next?.dueAt },
          { head: 'next', of: (row) => row.next?.text },
        ],
        answer,
      );
    });
  for (const [name, done] of [
    ['done', true],
    ['reopen', false],
  ] as const)
    group
      .command(`${name} <incident> <step>`)
      .description(done ? 'tick a step' : 'open a step again')
      .action(async (incident: string, step: string) => {
        const answer = await cli.client().call(warRoom.tick, { params: { incident, step }, body: { done } });
        cli.say(answer.facts.length === 0 ? 'It was so already.' : done ? 'Ticked.' : 'Opened again.', answer);
      });
  group
    .command('follow <incident>')
    .description('open a playbook: one by key, or the one that fits an archetype')
    .option('--playbook <key>', 'which playbook')
    .option('--archetype <archetype>', 'what kind of failure it looks like')
    .option('--because <text>', 'why this one')
    .action(async (incident: string, given: { playbook?: string; archetype?: string; because?: string }) => {
      const answer = await cli.client().call(doors.open, { params: { incident }, body: given });
      cli.say(answer.facts.length === 0 ? 'It is followed already.' : 'Opened.', answer);
    });
};
