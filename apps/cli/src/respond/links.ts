import { links as doors } from '@firebreak/contract/respond/links';
import { LINK_KINDS, type LinkKind, SET_EVENTS, TOLD_EVENTS } from '@firebreak/core/respond/links';
import { BadInput, type Register } from '../cli.ts';

function kindOf(given: string): LinkKind {
  const kind = LINK_KINDS.find((each) => each === given);
  if (kind === undefined) throw new BadInput(`“${given}” cannot be linked. Use one of: ${LINK_KINDS.join(', ')}.`);
  return kind;
}

function idOf<K extends string>(kind: K, given: string): `${K}_${string}` {
  if (!given.startsWith(`${kind}_`)) throw new BadInput(`“${given}” is no such id; it begins with ${kind}_.`);
  return given as `${K}_${string}`;
}

function eventOf(given: string) {
  const known = TOLD_EVENTS.find((each) => each === given);
  if (known === undefined) throw new BadInput(`There is no event “${given}”. Use: ${TOLD_EVENTS.join(', ')}.`);
  return known;
}

const COLUMNS = [
  { head: 'incident', of: (it: { label: string }) => it.label },
  { head: 'kind', of: (it: { kind: string }) => it.kind },
  { head: 'tool', of: (it: { tool: string }) => it.tool || null },
  { head: 'key', of: (it: { key: string }) => it.key || null },
  { head: 'says', of: (it: { told: { state: string } | null }) => it.told?.state },
  { head: 'address', of: (it: { url: string }) => it.url },
] as const;

/** `firebreak links …` */
export const links: Register = (program, cli) => {
  const group = program.command('links').description('what stands elsewhere about incidents');
  group
    .command('list <incident>')
    .description('tickets, alerts, channels, bridges and documents of an incident')
    .action(async (incident: string) => {
      const { links: rows } = await cli.client().call(doors.ofIncident, { params: { incident } });
      cli.table(rows, [...COLUMNS], rows);
    });
  group
    .command('add <incident> <url>')
    .description('link something; the same thing twice changes nothing')
    .option('--kind <kind>', LINK_KINDS.join(', '), 'ticket')
    .option('--tool <name>', 'jira, github, pagerduty …', '')
    .option('--key <key>', 'what the tool calls it', '')
    .option('--title <text>', 'what people read', '')
    .action(async (incident: string, url: string, o: { kind: string; tool: string; key: string; title: string }) => {
      const body = { ...o, url, kind: kindOf(o.kind) };
      const { links: rows } = await cli.client().call(doors.add, { params: { incident }, body });
      cli.table(rows, [...COLUMNS], rows);
    });
  group
    .command('find <key-or-url>')
    .description('the incidents something elsewhere belongs to')
    .option('--tool <name>', 'only in this tool')
    .action(async (given: string, { tool }: { tool?: string }) => {
      const query = /^https?:/i.test(given) ? { url: given } : { key: given, ...(tool && { tool }) };
      const { links: rows } = await cli.client().call(doors.find, { query });
      cli.table(rows, [...COLUMNS], rows);
    });
  group
    .command('tell <tool> <key> <state>')
    .description('say what state something elsewhere is in; it never changes ours')
    .action(async (tool: string, key: string, state: string) => {
      const { told, links: rows } = await cli.client().call(doors.told, { body: { tool, key, state } });
      cli.say(told === 0 ? 'Known already.' : `Recorded in ${rows.map(({ label }) => label).join(', ')}.`, rows);
    });
};

/** `firebreak subscriptions …` */
export const subscriptions: Register = (program, cli) => {
  const group = program.command('subscriptions').description('other tools that are told what happens');
  group
    .command('list')
    .description('who is told, and whether it arrives')
    .action(async () => {
      const { subscriptions: rows } = await cli.client().call(doors.subscriptions, {});
      cli.table(
        rows,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'name', of: (it) => it.name },
          { head: 'address', of: (it) => it.url },
          { head: 'not delivered', of: (it) => it.dead },
          { head: 'ended', of: (it) => it.ended?.reason },
        ],
        rows,
      );
    });
  group
    .command('add <name> <url>')
    .description('tell another tool, signed; the secret of a webhook is shown once')
    .option('--event <event...>', `${TOLD_EVENTS.join(', ')}; all of them`)
    .option('--set', `Security Event Tokens (CAEP) instead of a webhook: ${SET_EVENTS.join(', ')}`)
    .option('--audience <text>', 'whom the tokens are for, as the receiver names itself')
    .option('--authorization-from <variable>', 'environment variable with the header the receiver asks for')
    .action(
      async (
        name: string,
        url: string,
        o: { event?: string[]; set?: boolean; audience?: string; authorizationFrom?: string },
      ) => {
        const events = (o.event ?? [...(o.set ? SET_EVENTS : TOLD_EVENTS)]).map(eventOf);
        if (!o.set && (o.audience !== undefined || o.authorizationFrom !== undefined))
          throw new BadInput('Only Security Event Tokens have an audience and a header: add --set.');
        if (o.set && o.audience === undefined)
          throw new BadInput('Say whom the tokens are for: --audience, as the receiver names itself.');
        const authorization = o.authorizationFrom && cli.secretFrom(o.authorizationFrom);
        const as = { as: 'set' as const, audience: o.audience, ...(authorization && { authorization }) };
        const made = await cli.client().call(doors.subscribe, { body: { name, url, events, ...(o.set && as) } });
        const of = made.subscription;
        cli.say(
          made.secret === null
            ? `${of.id} is told from now on. Try it: firebreak subscriptions verify ${of.id}`
            : `${of.id} is told from now on. Its secret, shown only now: ${made.secret}`,
          made,
        );
      },
    );
  group
    .command('verify <subscription>')
    .description('send something that says nothing, to see whether it arrives')
    .action(async (given: string) => {
      const params = { subscription: idOf('sub', given) };
      const { delivery } = await cli.client().call(doors.verify, { params, body: {} });
      cli.say(`${delivery.id} is on its way; firebreak subscriptions deliveries says whether it arrived.`, delivery);
    });
  group
    .command('end <subscription>')
    .description('tell it nothing more')
    .requiredOption('--reason <text>', 'why')
    .action(async (given: string, { reason }: { reason: string }) => {
      const params = { subscription: idOf('sub', given) };
      const { subscription } = await cli.client().call(doors.unsubscribe, { params, body: { reason } });
      cli.say(`${subscription.name} is told nothing more.`, subscription);
    });
  group
    .command('deliveries')
    .description('what was sent, newest first')
    .option('--dead', 'only what was given up')
    .action(async ({ dead }: { dead?: boolean }) => {
      const { deliveries } = await cli.client().call(doors.deliveries, { query: dead ? { state: 'dead' } : {} });
      cli.table(
        deliveries,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'at', of: (it) => it.at },
          { head: 'about', of: (it) => it.about },
          { head: 'event', of: (it) => it.event },
          { head: 'state', of: (it) => it.state },
          { head: 'tries', of: (it) => it.attempts },
          { head: 'last', of: (it) => it.last || null },
        ],
        deliveries,
      );
    });
  group
    .command('again <delivery>')
    .description('send once more')
    .action(async (given: string) => {
      const { delivery } = await cli.client().call(doors.again, { params: { delivery: idOf('dlv', given) } });
      cli.say('It is on its way again.', delivery);
    });
};
