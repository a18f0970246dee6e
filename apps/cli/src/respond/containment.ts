import { type Client, Problem } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment as doors, type HoldRow } from '@firebreak/contract/respond/containment';
import { recommendation } from '@firebreak/contract/respond/recommendation';
import {
  type Control,
  type ControlBase,
  fittingLevers,
  isKnownControl,
  leversOf,
  orderFaults,
} from '@firebreak/core/respond/containment';
import { choiceOf } from '@firebreak/core/respond/recommendation';
import { BadInput, type Cli, type Register } from '../cli.ts';
import { controlNamed } from './control-named.ts';
import { holdNamed } from './hold-named.ts';

/** `{"kind":"disable","feature":"answers"}`; faults are named before anything is sent. */
export function controlOf(text: string): Control {
  let value: ControlBase;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(`“${text}” is not JSON. Write for example '{"kind":"disable","feature":"answers"}'.`);
  }
  const [fault] = typeof value?.kind === 'string' ? orderFaults(value) : [{ pointer: '/kind', why: 'say which kind' }];
  if (fault !== undefined || !isKnownControl(value)) throw new BadInput(`${fault?.pointer ?? '/kind'}: ${fault?.why}`);
  return value;
}

function expiryOf(minutes: string | undefined) {
  if (minutes === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(minutes)) throw new BadInput(`“${minutes}” is not a number of minutes.`);
  return { mode: 'auto-after' as const, minutes: Number(minutes) };
}

function inFlightOf({ letFinish, endRunning }: { letFinish?: true; endRunning?: true }) {
  if (letFinish && endRunning) throw new BadInput('Say --let-finish or --end-running, not both.');
  return letFinish ? { inFlight: 'drain' as const } : endRunning ? { inFlight: 'abort' as const } : {};
}

/** Of a control given by its id the server knows the system itself. */
export const controlId = async (client: Client, name: string, system: string | undefined): Promise<`ctl_${string}`> =>
  name.startsWith('ctl_') ? (name as `ctl_${string}`) : (await controlNamed(client, name, system)).id;

/** Nobody waits longer for what is only recorded beside an order. */
const ADVICE_MS = 1_500;

/** What was recommended at that moment, so that it can be judged later; undefined where nothing is, or it takes too long. */
async function adviceBeside(client: Client, incident: string, control: string, system: string | undefined) {
  const options = { signal: AbortSignal.timeout(ADVICE_MS) };
  try {
    const body = { incident, ...(system !== undefined && { system }) };
    const advised = await client.call(recommendation.show, { body }, options);
    const params = { system: advised.system.key };
    const { controls } = await client.call(doors.listControls, { params }, options);
    const wired = controls.find((each) => each.control === control);
    return wired && choiceOf(advised, wired.what);
  } catch {
    return undefined;
  }
}

const proofsOf = ({ proofs }: HoldRow): string =>
  Object.values(proofs ?? {})
    .map(({ proof, state }) => `${proof} ${state}`)
    .join(', ');

const truth = (hold: HoldRow): string => {
  if (hold.state !== 'active') return hold.state;
  const left = (hold.gone ?? []).filter(({ backAt }) => backAt === null).length;
  const gone = left === 0 ? '' : `, ${left} said to be gone`;
  if (hold.confirmation === 'confirmed') return `confirmed by ${hold.acknowledged} of ${hold.live}${gone}`;
  return `${hold.confirmation}, ${hold.acknowledged} of ${hold.live} obey${gone}`;
};

function showHolds(cli: Cli, holds: readonly HoldRow[]): void {
  cli.table(
    holds,
    [
      { head: 'hold', of: (each) => each.label },
      { head: 'system', of: (each) => each.system },
      { head: 'does', of: (each) => each.says },
      { head: 'state', of: truth },
      { head: 'proofs', of: proofsOf },
      { head: 'until', of: (each) => (each.expiry.mode === 'auto' ? each.expiry.at : 'lifted') },
      { head: 'incident', of: (each) => each.incident },
      { head: 'ordered', of: (each) => each.orderedAt },
    ],
    holds,
  );
}

/** `firebreak controls …`, `firebreak contain …`, `firebreak holds …` */
export const containment: Register = (program, cli) => {
  const controls = program.command('controls').description('controls wired in advance');
  controls
    .command('list')
    .description('list the controls of a system')
    .requiredOption('--system <key>', 'the system')
    .action(async ({ system }: { system: string }) => {
      const { controls: rows } = await cli.client().call(doors.listControls, { params: { system } });
      cli.table(
        rows,
        [
          { head: 'control', of: (each) => each.control },
          { head: 'name', of: (each) => each.name },
          { head: 'does', of: (each) => each.says },
          { head: 'ready', of: (each) => each.readiness.state },
          { head: 'owner', of: (each) => each.standing.owner },
          { head: 'needs', of: (each) => each.needs },
          { head: 'in effect ms', of: (each) => (each.effect === null ? '' : Math.round(each.effect.medianMs)) },
          { head: 'worst ms', of: (each) => (each.effect === null ? '' : Math.round(each.effect.worstMs)) },
          { head: 'last test', of: (each) => each.lastTest?.at ?? 'never' },
          { head: 'last pulled', of: (each) => each.lastOrderedAt ?? 'never' },
        ],
        rows,
      );
    });
  controls
    .command('fitting <system>')
    .description('which levers make sense for what the system is built of, and which are wired')
    .action(async (key: string) => {
      const client = cli.client();
      const [{ system }, { controls: all }] = await Promise.all([
        client.call(inventory.show, { params: { system: key } }),
        client.call(doors.listControls, { params: { system: key } }),
      ]);
      const wired = new Set(all.filter((each) => !each.retired).flatMap((each) => leversOf(each.what)));
      const rows = fittingLevers(system.architecture).map((each) => ({ ...each, wired: wired.has(each.lever) }));
      cli.table(
        rows,
        [
          { head: 'lever', of: (it) => it.title },
          {
            head: 'fits',
            of: (it) => (it.fit === 'not' ? `no: ${it.why}` : it.fit === 'first' ? 'comes first' : 'yes'),
          },
          { head: 'wired', of: (it) => (it.wired ? 'yes' : 'no') },
        ],
        { architecture: system.architecture, levers: rows },
      );
    });
  controls
    .command('declare <name>')
    .description('wire a control in advance')
    .requiredOption('--system <key>', 'the system')
    .requiredOption('--what <json>', 'what it does, for example {"kind":"disable","feature":"answers"}')
    .option('--side-effects <text>', 'what else happens when it is pulled', '')
    .option('--minutes <count>', 'lifts itself after so many minutes; otherwise holds until lifted')
    .action(async (name: string, o: { system: string; what: string; sideEffects: string; minutes?: string }) => {
      const expiry = expiryOf(o.minutes);
      const declared = await cli.client().call(doors.declareControl, {
        params: { system: o.system },
        body: {
          name,
          what: controlOf(o.what),
          sideEffects: o.sideEffects,
          ...(expiry && { expiry: { mode: 'auto' as const, minutes: expiry.minutes } }),
        },
      });
      cli.say(`${declared.control} declared: ${declared.says}.`, declared);
    });

  controls
    .command('retire <control>')
    .description('it is not pulled any more; holds ordered by it stay in force')
    .requiredOption('--system <key>', 'the system it is of')
    .requiredOption('--reason <text>', 'why')
    .action(async (name: string, { system, reason }: { system: string; reason: string }) => {
      const client = cli.client();
      const params = { system, control: await controlId(client, name, system) };
      const retired = await client.call(doors.retireControl, { params, body: { reason } });
      cli.say(`${retired.name} is retired.`, retired);
    });

  program
    .command('contain <control>')
    .description('preserve evidence and pull a control, by its id or its name')
    // Not required for commander: `contain recommend` and `contain preview` hang below, and need neither.
    .option('--incident <incident>', 'the incident it is for (required)')
    .option('--reason <text>', 'why (required)')
    .option('--system <key>', 'the system, when the control is given by name')
    .option('--minutes <count>', 'lifts itself after so many minutes')
    .option('--let-finish', 'answers and calls that run may finish; nothing new begins')
    .option('--end-running', 'answers and calls that run are ended, though the control was wired to let them finish')
    .option('--skip-evidence <reason>', 'preserve nothing, for a reason that is recorded')
    .option('--force', 'send it to everybody though the instance that takes it first does not pass')
    .option('--typed <key>', 'key of the system, where a whole system is stopped')
    .option('--automatic', 'pulled by a program on its own: it ends after 15 minutes unless a person adopts it')
    .option('--as <email>', 'sign in as this person, where an API key may not')
    .option('--if-preview <mark>', 'the mark of a preview: refused where the reach changed since')
    .action(
      async (
        control: string,
        o: {
          incident?: string;
          reason?: string;
          system?: string;
          minutes?: string;
          skipEvidence?: string;
          letFinish?: true;
          endRunning?: true;
          force?: true;
          ifPreview?: string;
          typed?: string;
          automatic?: true;
          as?: string;
        },
      ) =>
        cli.as(o.as, async (client) => {
          if (o.incident === undefined) throw new BadInput('Say for which incident: --incident INC-2026-0001');
          if (o.reason === undefined) throw new BadInput('Say why: --reason "invents a policy"');
          const expiry = expiryOf(o.minutes);
          const wired = await controlId(client, control, o.system);
          const chosen = o.automatic ? undefined : await adviceBeside(client, o.incident, wired, o.system);
          const given = {
            params: { incident: o.incident },
            body: {
              control: wired,
              reason: o.reason,
              ...inFlightOf(o),
              ...(expiry && { expiry }),
              ...(o.skipEvidence !== undefined && { skipEvidence: o.skipEvidence }),
              ...(o.force && { force: true }),
              ...(o.ifPreview !== undefined && { ifPreview: o.ifPreview }),
              ...(o.typed !== undefined && { typed: o.typed }),
              ...(o.automatic && { automatic: true as const }),
              ...(chosen && { chosen: { ...chosen, offered: [...chosen.offered] } }),
            },
          };
          try {
            const hold = await client.call(doors.order, given);
            cli.say(`${hold.label} ordered: ${hold.says}. ${hold.live} instances are connected.`, hold);
          } catch (error) {
            if (!(error instanceof Problem) || error.code !== 'pull.needs-second') throw error;
            const pull = await client.call(doors.askPull, given);
            cli.say(`Asked: ${pull.says}. Nothing changes until a second person agrees, by ${pull.until}.`, pull);
          }
        }),
    );

  const holds = program.command('holds').description('orders in force');
  holds
    .command('list')
    .description('list holds, newest first')
    .option('--system <key>', 'of one system')
    .option('--all', 'those that were lifted or have expired too')
    .action(async ({ system, all }: { system?: string; all?: boolean }) => {
      const query = {
        state: all === true ? ('any' as const) : ('active' as const),
        ...(system !== undefined && { system }),
      };
      showHolds(cli, (await cli.client().call(doors.listHolds, { query })).holds);
    });
  holds
    .command('show <hold>')
    .description('the three proofs that it holds, who obeys, and who does not')
    .action(async (name: string) => {
      const client = cli.client();
      const { hold } = await holdNamed(client, name);
      const shown = await client.call(doors.showHold, { params: { hold } });
      const proofs = Object.values(shown.proofs ?? {}).map(({ proof, state, says, todo }) => ({
        what: `proof: ${proof}`,
        host: '',
        state,
        tried: null,
        ms: null,
        why: [says, ...(state === 'missing' ? todo : [])].join(' '),
        past: null,
      }));
      const instances = shown.acknowledgements.map((each) => ({
        what: each.instance,
        host: each.host,
        state: each.state,
        tried: each.door ?? each.tried,
        ms: each.ackMs,
        why: each.why,
        past: each.traffic === null ? null : each.traffic.contrary,
      }));
      const elsewhere = shown.traffic.elsewhere.map(({ instance, contrary }) => ({
        what: instance,
        host: '',
        state: 'not connected',
        tried: null,
        ms: null,
        why: 'named by records alone',
        past: contrary,
      }));
      const names = shown.gone.length === 0 ? {} : (await client.call(people.directory, {})).names;
      const gone = shown.gone.map(({ instance, host, reason, at, by, backAt }) => ({
        what: instance,
        host,
        state: backAt === null ? 'said to be gone' : 'heard again',
        tried: null,
        ms: null,
        why: `${names[by.id] ?? by.id} said at ${at} that it is gone: “${reason}”${backAt === null ? '' : `; it was heard at ${backAt}, and counts again`}`,
        past: null,
      }));
      const { ended, finished } = shown.traffic.underWay;
      const running = {
        what: 'under way when ordered',
        host: '',
        state: '',
        tried: null,
        ms: null,
        why: `${ended} ended by it, ${finished} finished`,
        past: null,
      };
      cli.table(
        [...proofs, ...(ended + finished > 0 ? [running] : []), ...instances, ...gone, ...elsewhere],
        [
          { head: 'proof or instance', of: (each) => each.what },
          { head: 'host', of: (each) => each.host },
          { head: 'state', of: (each) => each.state },
          { head: 'tried', of: (each) => each.tried },
          { head: 'ms', of: (each) => each.ms },
          { head: 'got past', of: (each) => each.past },
          { head: 'why', of: (each) => each.why },
        ],
        shown,
      );
    });
  holds
    .command('gone <hold> <instance>')
    .description('say that an instance which does not answer is gone: no order waits for it until it is heard')
    .requiredOption('--reason <text>', 'how you know')
    .option('--as <email>', 'sign in as this person: an API key may not')
    .action(async (name: string, instance: string, o: { reason: string; as?: string }) =>
      cli.as(o.as, async (client) => {
        const { incident, hold } = await holdNamed(client, name);
        const said = await client.call(doors.sayGone, {
          params: { incident, hold },
          body: { instance, reason: o.reason },
        });
        cli.say(`${said.label} does not wait for ${instance} any more: ${truth(said)}.`, said);
      }),
    );
  holds
    .command('extend <hold>')
    .description('hold on for longer: so many minutes from now, or until it is lifted')
    .requiredOption('--reason <text>', 'why')
    .option('--minutes <count>', 'from now; without it, until lifted')
    .option('--as <email>', 'sign in as this person, where an API key may not')
    .action(async (name: string, o: { reason: string; minutes?: string; as?: string }) =>
      cli.as(o.as, async (client) => {
        const { incident, hold } = await holdNamed(client, name);
        const expiry = expiryOf(o.minutes) ?? { mode: 'until-lifted' as const };
        const held = await client.call(doors.extend, {
          params: { incident, hold },
          body: { expiry, reason: o.reason },
        });
        cli.say(
          `${held.label} holds ${held.expiry.mode === 'auto' ? `until ${held.expiry.at}` : 'until lifted'}.`,
          held,
        );
      }),
    );
  holds
    .command('lift <hold>')
    .description('let go of a hold that somebody else ordered')
    .requiredOption('--reason <text>', 'why')
    .option('--as <email>', 'sign in as this person, where an API key may not')
    .action(async (name: string, o: { reason: string; as?: string }) =>
      cli.as(o.as, async (client) => {
        const { incident, hold } = await holdNamed(client, name);
        const lifted = await client.call(doors.lift, { params: { incident, hold }, body: { reason: o.reason } });
        cli.say(`${lifted.label} lifted: ${lifted.says}.`, lifted);
      }),
    );
};
