import { readFile } from 'node:fs/promises';
import { transmitters as doors } from '@firebreak/contract/respond/transmitters';
import { BadInput, type Register } from '../cli.ts';

function idOf(given: string): `trm_${string}` {
  if (!given.startsWith('trm_')) throw new BadInput(`“${given}” is no such id; it begins with trm_.`);
  return given as `trm_${string}`;
}

async function setIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new BadInput(`${file} holds no JWK set that can be read.`);
  }
}

/** `firebreak transmitters …` */
export const transmitters: Register = (program, cli) => {
  const group = program.command('transmitters').description('who may tell that agents were revoked elsewhere');
  group
    .command('list')
    .description('who is believed, and what came of it')
    .action(async () => {
      const { transmitters: rows } = await cli.client().call(doors.list, {});
      cli.table(
        rows,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'name', of: (it) => it.name },
          { head: 'issuer', of: (it) => it.issuer },
          { head: 'pushes to', of: (it) => it.endpoint },
          { head: 'last heard', of: (it) => it.lastAt },
          { head: 'tokens ended', of: (it) => it.revoked },
          { head: 'refused last', of: (it) => it.refused?.description },
          { head: 'ended', of: (it) => it.ended?.reason },
        ],
        rows,
      );
    });
  group
    .command('add <name>')
    .description('believe a transmitter: it can end tokens of agents, and give nothing back')
    .requiredOption('--issuer <text>', 'iss of its tokens')
    .requiredOption('--audience <text>', 'aud of its tokens')
    .option('--keys-url <address>', 'where its JWK set stands')
    .option('--keys <file>', 'its JWK set')
    .option('--system <key...>', 'only agents of these systems', [])
    .action(
      async (
        name: string,
        o: { issuer: string; audience: string; keysUrl?: string; keys?: string; system: string[] },
      ) => {
        if ((o.keysUrl === undefined) === (o.keys === undefined))
          throw new BadInput('Say where its keys stand (--keys-url), or give them (--keys), and not both.');
        const { issuer, audience, system: systems } = o;
        const keys = o.keys === undefined ? { keysUrl: o.keysUrl } : { keys: await setIn(o.keys) };
        const { transmitter } = await cli.client().call(doors.make, {
          body: { name, issuer, audience, systems, ...keys },
        });
        cli.say(`${transmitter.name} is believed from now on. It pushes to ${transmitter.endpoint}`, transmitter);
      },
    );
  group
    .command('end <transmitter>')
    .description('believe it no more')
    .requiredOption('--reason <text>', 'why')
    .action(async (given: string, { reason }: { reason: string }) => {
      const params = { transmitter: idOf(given) };
      const { transmitter } = await cli.client().call(doors.end, { params, body: { reason } });
      cli.say(`${transmitter.name} is believed no more.`, transmitter);
    });
  group
    .command('events')
    .description('what they told, newest first')
    .action(async () => {
      const { events } = await cli.client().call(doors.heard, { query: {} });
      cli.table(
        events,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'event', of: (it) => it.type },
          { head: 'about', of: (it) => it.subject || null },
          { head: 'tokens ended', of: (it) => it.revoked },
          { head: 'why not', of: (it) => it.why || null },
        ],
        events,
      );
    });
};
