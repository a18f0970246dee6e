import type { Client } from '@firebreak/client';
import { breakGlass as doors, type WaitingItem } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { restorations } from '@firebreak/contract/respond/restorations';
import { BadInput, type Register } from '../cli.ts';
import { holdNamed } from './hold-named.ts';

const AS = ['--as <email>', 'sign in as this person, where an API key may not'] as const;

interface Anyway {
  readonly force?: true;
  readonly ifPreview?: string;
}

async function agree(client: Client, it: WaitingItem, { force, ifPreview }: Anyway): Promise<void> {
  const { incident, change } = it;
  if (it.kind === 'pull')
    await client.call(containment.approvePull, {
      params: { incident, pull: it.id as `pul_${string}` },
      body: { change, ...(force && { force }), ...(ifPreview !== undefined && { ifPreview }) },
    });
  else if (it.kind === 'break-glass')
    await client.call(doors.approve, { params: { incident, glass: it.id as `gls_${string}` }, body: { change } });
  else if (it.kind === 'restoration')
    await client.call(restorations.approve, { params: { incident, hold: it.hold! }, body: { change } });
  else await client.call(containment.adopt, { params: { incident, hold: it.hold! }, body: {} });
}

/** `firebreak approvals …`: what waits for another person. */
export const approvals: Register = (program, cli) => {
  const all = program.command('approvals').description('what waits for a second person');
  all
    .command('list')
    .description('pulls, adoptions, restorations and broken glass that wait')
    .option('--incident <incident>', 'of one incident')
    .option(...AS)
    .action(async ({ incident, as }: { incident?: string; as?: string }) =>
      cli.as(as, async (client) => {
        const { items } = await client.call(doors.waiting, { query: incident === undefined ? {} : { incident } });
        cli.table(
          items,
          [
            { head: 'id', of: (it) => it.id },
            { head: 'what', of: (it) => it.kind },
            { head: 'system', of: (it) => it.system },
            { head: 'does', of: (it) => it.says },
            { head: 'because', of: (it) => it.reason },
            { head: 'agreed', of: (it) => `${it.given} of ${it.needed}` },
            { head: 'until', of: (it) => (it.overdue ? 'overdue' : it.until) },
            { head: 'you may not', of: (it) => it.blocked ?? '' },
          ],
          items,
        );
      }),
    );
  all
    .command('approve <id>')
    .description('agree to exactly what the list shows')
    .option('--force', 'of a pull: send it to everybody though the instance that takes it first does not pass')
    .option(
      '--if-preview <mark>',
      'of a pull: the mark of the preview you saw, where the reach changed since it was asked for',
    )
    .option(...AS)
    .action(async (id: string, { as, ...anyway }: Anyway & { as?: string }) =>
      cli.as(as, async (client) => {
        const { items } = await client.call(doors.waiting, { query: {} });
        const found = items.find((it) => it.id === id);
        if (found === undefined) throw new BadInput(`Nothing waits under “${id}”. See: firebreak approvals list`);
        await agree(client, found, anyway);
        cli.say(`Agreed: ${found.kind}, ${found.says} on ${found.system}.`, { agreed: found });
      }),
    );
  all
    .command('withdraw <id>')
    .description('take back a pull, or a wish to let go, that nobody has to answer any more')
    .requiredOption('--reason <text>', 'why it is not wanted any more')
    .option(...AS)
    .action(async (id: string, { reason, as }: { reason: string; as?: string }) =>
      cli.as(as, async (client) => {
        const { items } = await client.call(doors.waiting, { query: {} });
        const found = items.find((it) => it.id === id);
        if (found === undefined) throw new BadInput(`Nothing waits under “${id}”. See: firebreak approvals list`);
        const { incident, kind } = found;
        if (kind === 'pull')
          await client.call(containment.withdrawPull, {
            params: { incident, pull: found.id as `pul_${string}` },
            body: { reason },
          });
        else if (kind === 'restoration')
          await client.call(restorations.withdraw, { params: { incident, hold: found.hold! }, body: { reason } });
        else
          throw new BadInput(
            kind === 'adoption'
              ? 'It was ordered already, and ends by itself unless somebody adopts it.'
              : 'Broken glass is not taken back: end it with firebreak break-glass end.',
          );
        cli.say(`Taken back: ${found.says} on ${found.system}.`, { withdrawn: found });
      }),
    );
};

/** `firebreak break-glass …`: letting a hold go alone, for an hour, loudly. */
export const breakGlass: Register = (program, cli) => {
  const all = program.command('break-glass').description('let a hold go alone, for an hour; everybody is paged');
  all
    .command('restore <hold>')
    .description('one person, signed in; the hold comes back in 60 minutes and two others have to agree within a day')
    .requiredOption('--reason <text>', 'why it cannot wait for a second person')
    .requiredOption('--as <email>', 'who you are; an API key may not do this')
    .action(async (name: string, { reason, as }: { reason: string; as: string }) =>
      cli.as(as, async (client) => {
        const { incident, hold } = await holdNamed(client, name);
        const glass = await client.call(doors.break, { params: { incident, hold }, body: { reason } });
        cli.say(
          `Glass broken: ${glass.label} lets everybody go until ${glass.until}. Two others have to agree by ${glass.due}.`,
          glass,
        );
      }),
    );
  all
    .command('list')
    .description('where the glass is broken, or was and nobody has answered for it')
    .option('--incident <incident>', 'of one incident, all of them')
    .action(async ({ incident }: { incident?: string }) => {
      const query = incident === undefined ? {} : { incident };
      const { glasses } = await cli.client().call(doors.list, { query });
      cli.table(
        glasses,
        [
          { head: 'glass', of: (it) => it.glass },
          { head: 'hold', of: (it) => it.label },
          { head: 'system', of: (it) => it.system },
          { head: 'state', of: (it) => it.state },
          { head: 'holds again', of: (it) => it.until },
          { head: 'agreed', of: (it) => `${it.approved.length} of ${it.needed}` },
          { head: 'due', of: (it) => (it.overdue ? 'overdue' : it.due) },
          { head: 'told', of: (it) => it.paged?.to.map(({ name }) => name).join(', ') || 'nobody' },
        ],
        glasses,
      );
    });
  all
    .command('end <glass>')
    .description('hold everybody again before the hour is over')
    .requiredOption('--reason <text>', 'what you see')
    .action(async (id: string, { reason }: { reason: string }) => {
      const client = cli.client();
      const { glasses } = await client.call(doors.list, { query: {} });
      const found = glasses.find(({ glass }) => glass === id);
      if (found === undefined)
        throw new BadInput(`The glass is not broken under “${id}”. See: firebreak break-glass list`);
      const params = { incident: found.incident, glass: found.glass };
      const ended = await client.call(doors.end, { params, body: { reason } });
      cli.say(`${ended.label} holds everybody again.`, ended);
    });
};
