import type { AnswerOf } from '@firebreak/contract';
import { type Action, actionAudit as doors } from '@firebreak/contract/respond/action-audit';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { BadInput, type Cli, type Register } from '../cli.ts';

type Answer = AnswerOf<typeof doors.list>;
const SHOWS = ['all', 'open', 'outside', 'irreversible', 'refused'] as const;
const AS = ['undone', 'cannot-be-undone', 'accepted'] as const;
const MOST_PAGES = 25;

const undoWords = ({ undo, settled, reversal }: Action): string => {
  if (settled !== null) return `${settled.as}: ${settled.note}`;
  if (undo === null) return reversal === 'nothing' ? '' : '—';
  const call = undo.tool === null ? '' : `${undo.tool} ${JSON.stringify(undo.arguments)}`;
  return [call, undo.instruction].filter(Boolean).join('; ');
};

function show(cli: Cli, { counts, actions, looked }: Answer): void {
  cli.table(
    actions,
    [
      { head: 'call', of: (it) => it.call },
      { head: 'at', of: (it) => it.at.slice(0, 19) },
      { head: 'agent', of: (it) => it.agent },
      { head: 'tool', of: (it) => (it.server === null ? it.tool : `${it.server}/${it.tool}`) },
      { head: 'outcome', of: (it) => it.outcome },
      { head: 'permission', of: (it) => it.rule ?? it.permission },
      { head: 'reversal', of: (it) => it.reversal },
      { head: 'undo', of: undoWords },
    ],
    { counts, looked, actions },
  );
}

/** `firebreak actions …`: what agents did, and how it is undone. */
export const actionAudit: Register = (program, cli) => {
  const all = program.command('actions').description('what agents did in an incident, and how it is undone');
  all
    .command('audit <incident>')
    .description('look for the calls since it began, keep them as evidence, and list them')
    .option('--since <time>', 'ISO 8601 with a zone; as the incident says when it started unless said')
    .option('--agent <agent>', 'only of this one')
    .option('--show <what>', SHOWS.join(', '), 'all')
    .option('--no-look', 'list what was found before, and look for nothing')
    .action(async (incident: string, o: { since?: string; agent?: string; show: string; look: boolean }) => {
      const what = SHOWS.find((each) => each === o.show);
      if (what === undefined) throw new BadInput(`--show is one of ${SHOWS.join(', ')}.`);
      const client = cli.client();
      const params = { incident };
      if (o.look) {
        const body = { ...(o.since && { since: o.since }), ...(o.agent && { agent: o.agent }) };
        await client.call(doors.look, { params, body });
      }
      let page = await client.call(doors.list, { params, query: { show: what, limit: 200 } });
      const actions = [...page.actions];
      for (let pages = 1; page.next !== null && pages < MOST_PAGES; pages++) {
        page = await client.call(doors.list, { params, query: { show: what, limit: 200, after: page.next } });
        actions.push(...page.actions);
      }
      show(cli, { ...page, actions });
    });
  all
    .command('settle <incident> <calls...>')
    .description('say of calls that they were undone, cannot be undone, or are accepted')
    .requiredOption('--as <what>', AS.join(', '))
    .requiredOption('--note <text>', 'how you know, or why')
    .action(async (incident: string, calls: string[], o: { as: string; note: string }) => {
      const as = AS.find((each) => each === o.as);
      if (as === undefined) throw new BadInput(`--as is one of ${AS.join(', ')}.`);
      const { counts } = await cli
        .client()
        .call(doors.settle, { params: { incident }, body: { calls, as, note: o.note } });
      cli.say(`${counts.open} of ${counts.calls} calls still wait for an answer.`, counts);
    });
  all
    .command('tokens <system>')
    .description('until when tokens of agents may still be believed by whoever checks their signature alone')
    .action(async (system: string) => {
      const { agents } = await cli.client().call(agentTokens.residual, { params: { system } });
      cli.table(
        agents,
        [
          { head: 'agent', of: (it) => it.agent },
          { head: 'last ends', of: (it) => it.lastEndsAt },
          { head: 'revoked', of: (it) => (it.revoked ? 'yes' : 'no') },
        ],
        agents,
      );
    });
};
