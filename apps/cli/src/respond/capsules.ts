import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CapsuleRow, capsules as doors } from '@firebreak/contract/respond/capsules';
import { containment } from '@firebreak/contract/respond/containment';
import {
  CAPSULES_APPLIED,
  type Control,
  describeControl,
  isKnownControl,
  isNack,
  orderFaults,
  readCapsule,
  type Signed,
} from '@firebreak/core/respond/containment';
import { AnswerIsNo, BadInput, type Cli, type Register } from '../cli.ts';

type Entry = Signed & { readonly appliedAt: string };

function show(cli: Cli, rows: readonly CapsuleRow[]): void {
  cli.table(
    rows,
    [
      { head: 'capsule', of: (it) => it.capsule },
      { head: 'name', of: (it) => it.name },
      { head: 'does', of: (it) => it.says.join('; ') },
      { head: 'state', of: (it) => it.state },
      { head: 'can be applied until', of: (it) => it.until },
      { head: 'applied on', of: (it) => it.applied.map(({ instance }) => instance).join(', ') || 'nothing' },
    ],
    rows,
  );
}

const many = (value: string, before: readonly string[]): string[] => [...before, value];

function readJson(path: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BadInput(`${what} ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function whatOf(text: string): Control {
  let value: Control;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadInput(`“${text}” is not JSON. Write for example '{"kind":"disable"}'.`);
  }
  const [fault] = orderFaults(value);
  if (fault !== undefined || !isKnownControl(value)) throw new BadInput(`${fault?.pointer}: ${fault?.why}`);
  return value;
}

const DER = Buffer.from('302a300506032b6570032100', 'hex');
function isSignedBy({ payload, signature }: Signed, publicKey: string): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([DER, Buffer.from(publicKey, 'base64')]),
      format: 'der',
      type: 'spki',
    });
    return verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

interface State {
  readonly pinned: readonly { readonly publicKey: string }[];
  /** `*`: of a gateway; null: nothing is known yet. */
  readonly system: string | null;
}

/** Whom the guard of a state file believes, and of which system it is; null: it was never started. */
function readState(path: string): State | null {
  if (!existsSync(path)) return null;
  const { pinned, signed } = readJson(path, 'The state file') as {
    pinned?: State['pinned'];
    signed?: readonly Signed[];
  };
  if (!Array.isArray(pinned) || !Array.isArray(signed)) throw new BadInput(`${path} is no state file of a guard.`);
  const first = signed[0] as Signed | undefined;
  return { pinned, system: first === undefined ? null : JSON.parse(first.payload).system };
}

/** Puts a capsule beside the state file of a guard or gateway, which takes it up within a second, with no server. */
function apply(
  file: string,
  given: string,
  now: string,
): { readonly at: string; readonly says: string; readonly checked: boolean } {
  const { payload, key, signature } = readJson(file, 'The capsule') as Partial<Signed>;
  if (typeof payload !== 'string' || typeof key !== 'string' || typeof signature !== 'string')
    throw new BadInput(`${file} is no capsule: it needs payload, key and signature.`);
  // A gateway keeps its state in a folder.
  const path = existsSync(given) && statSync(given).isDirectory() ? join(given, 'state.json') : given;
  const state = readState(path);
  let said: unknown;
  try {
    said = JSON.parse(payload);
  } catch {
    throw new BadInput(`${file} is no capsule: what is signed is not JSON.`);
  }
  const capsule = readCapsule(said, state?.system ?? '*', now);
  if (isNack(capsule)) throw new BadInput(`${file} is refused: ${capsule.why}.`);
  if (state !== null && !state.pinned.some((each) => isSignedBy({ payload, key, signature }, each.publicKey)))
    throw new BadInput(`${file} is refused: the guard does not believe whoever signed it.`);
  const at = `${path}.capsules`;
  const before = existsSync(at) ? (readJson(at, 'The file of capsules') as Entry[]) : [];
  if (!before.some((each) => each.payload === payload)) {
    if (before.length >= CAPSULES_APPLIED)
      throw new BadInput(`${CAPSULES_APPLIED} capsules are applied there already.`);
    mkdirSync(dirname(at), { recursive: true });
    const beside = `${at}.${process.pid}.tmp`;
    writeFileSync(beside, JSON.stringify([...before, { payload, key, signature, appliedAt: now }]), { mode: 0o600 });
    renameSync(beside, at);
  }
  return { at, says: capsule.holds.map(({ what }) => describeControl(what)).join('; '), checked: state !== null };
}

/** `firebreak capsule …`: holds signed ahead of time, for when there is no server. */
export const capsules: Register = (program, cli) => {
  const all = program.command('capsule').description('holds signed ahead of time, for when there is no server');
  all
    .command('make <system>')
    .description('sign holds now; the file can be applied until its end, and can only restrict')
    .requiredOption('--name <text>', 'as people would shout it')
    .option('--control <name>', 'a control wired in advance, by id or name; may be given again', many, [])
    .option('--what <json>', 'what else, for example {"kind":"disable"}; may be given again', many, [])
    .option('--days <count>', 'how long it can be applied', '90')
    .option('-o, --out <file>', 'where to write it', 'capsule.json')
    .action(
      async (system: string, o: { name: string; control: string[]; what: string[]; days: string; out: string }) => {
        const client = cli.client();
        const { controls } = await client.call(containment.listControls, { params: { system } });
        const wired = o.control.map((name) => {
          const found = controls.find((it) => it.control === name || it.name.toLowerCase() === name.toLowerCase());
          if (found === undefined) throw new BadInput(`${system} has no control “${name}”.`);
          return found.control;
        });
        const { capsule, file } = await client.call(doors.make, {
          params: { system },
          body: { name: o.name, controls: wired, what: o.what.map(whatOf), days: Number(o.days) },
        });
        writeFileSync(o.out, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
        cli.say(`${capsule.capsule} is in ${o.out}, good until ${capsule.until}: ${capsule.says.join('; ')}.`, capsule);
      },
    );
  all
    .command('apply <file>')
    .description('restrict with no server: a guard or gateway on this machine takes it up within a second')
    .requiredOption('--state <path>', 'state file of the guard, or state folder of the gateway')
    .action(async (file: string, { state }: { state: string }) => {
      const done = apply(file, state, new Date().toISOString());
      cli.say(
        `Applied: ${done.says}. It holds until Firebreak hears of it and somebody adopts or ends it.${
          done.checked ? '' : ' Nothing was started there yet; the guard checks it when it is.'
        }`,
        done,
      );
    });
  all
    .command('check <file>')
    .description('what a capsule does and whether it can still be applied; exit 1 when not')
    .action(async (file: string) => {
      const { payload = '' } = readJson(file, 'The capsule') as Partial<Signed>;
      const capsule = readCapsule(JSON.parse(payload), '*', new Date().toISOString());
      if (isNack(capsule)) {
        cli.say(`Cannot be applied: ${capsule.why}.`, { good: false, why: capsule.why });
        throw new AnswerIsNo();
      }
      const says = capsule.holds.map(({ what }) => describeControl(what)).join('; ');
      cli.say(`${capsule.system}: ${says}. Can be applied until ${capsule.until}.`, { good: true, ...capsule });
    });
  all
    .command('list [system]')
    .description('capsules of a system; without one, those that somebody applied')
    .action(async (system?: string) => {
      const client = cli.client();
      const { capsules: rows } =
        system === undefined
          ? await client.call(doors.applied, {})
          : await client.call(doors.list, { params: { system } });
      show(cli, rows);
    });
  all
    .command('adopt <system> <capsule>')
    .description('order in an incident what was applied by hand')
    .requiredOption('--incident <incident>', 'the incident')
    .requiredOption('--reason <text>', 'why')
    .action(async (system: string, capsule: string, o: { incident: string; reason: string }) => {
      const params = { system, capsule: capsule as `cap_${string}` };
      const it = await cli.client().call(doors.adopt, { params, body: o });
      cli.say(`Adopted: ${it.says.join('; ')}. The holds are orders of ${o.incident} now.`, it);
    });
  all
    .command('end <system> <capsule>')
    .description('let go of what was applied by hand; not by whoever made it')
    .requiredOption('--reason <text>', 'why')
    .option('--as <email>', 'sign in as this person, where an API key may not')
    .action(async (system: string, capsule: string, o: { reason: string; as?: string }) =>
      cli.as(o.as, async (client) => {
        const params = { system, capsule: capsule as `cap_${string}` };
        const it = await client.call(doors.end, { params, body: { reason: o.reason } });
        cli.say(`Ended: ${it.name}.`, it);
      }),
    );
};
