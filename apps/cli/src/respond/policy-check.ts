import { Problem } from '@firebreak/client';
import { type ChannelCoverage, channels } from '@firebreak/contract/detect/channels';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { policies } from '@firebreak/contract/prepare/policies';
import { controlCoverage, type SystemControls } from '@firebreak/contract/respond/control-coverage';
import { isSound, stateOfMeans } from '@firebreak/core/prepare/policies';
import { AnswerIsNo, type Register } from '../cli.ts';

/** A system nobody knows has nothing. */
const noneIfUnknown = (error: unknown): { readonly systems: readonly never[] } => {
  if (error instanceof Problem && error.code === 'system.unknown') return { systems: [] };
  throw error;
};

/** `firebreak policies check`: for a pipeline that must not pass while a policy hangs in the air. */
export const policyCheck: Register = (program, cli) => {
  const group = program.commands.find((each) => each.name() === 'policies')!;
  group
    .command('check')
    .description('whether what carries the policies out is really there; exit 1 if anything is missing')
    .action(async () => {
      const client = cli.client();
      const { policies: held } = await client.call(policies.list, { query: {} });
      const all = held.flatMap(({ means }) => means);
      const named = (kind: 'control' | 'channel') =>
        new Set(all.flatMap((each) => (each.kind === kind ? each.system : [])));
      const controls = new Map<string, SystemControls['controls']>();
      for (const system of named('control')) {
        const wired = await client.call(controlCoverage.show, { query: { system } }).catch(noneIfUnknown);
        controls.set(system, wired.systems[0]?.controls ?? []);
      }
      const heard = new Map<string, ChannelCoverage[]>();
      for (const system of named('channel')) {
        const told = await client.call(channels.coverage, { query: { system } }).catch(noneIfUnknown);
        heard.set(system, told.systems[0]?.channels ?? []);
      }
      const { playbooks: written } = await client.call(playbooks.list, {});
      const followed = new Set(all.flatMap((each) => (each.kind === 'step' ? each.playbook : [])));
      const steps = new Map<string, ReadonlySet<string>>();
      for (const { key } of written.filter((row) => followed.has(row.key))) {
        const { playbook } = await client.call(playbooks.show, { params: { playbook: key }, query: {} });
        steps.set(key, new Set(playbook.content.steps.map((step) => step.key)));
      }
      const there = {
        controls,
        channels: heard,
        steps,
      };
      const rows = held.flatMap(({ id, title, means, uncovered }) => [
        ...(means.length === 0 ? [{ policy: id, title, what: 'nothing', state: 'not mapped', sound: false }] : []),
        ...means.map((each) => {
          const { kind, ...where } = each;
          const is = stateOfMeans(each, there);
          const what = `${kind} ${Object.values(where).join(' / ')}`;
          return { policy: id, title, what, state: is.state, sound: isSound(is) };
        }),
        ...(means.length > 0
          ? uncovered.map((system) => ({
              policy: id,
              title,
              what: system,
              state: 'nothing carries it out',
              sound: false,
            }))
          : []),
      ]);
      cli.table(
        rows,
        [
          { head: '', of: (it) => (it.sound ? 'ok' : 'GAP') },
          { head: 'policy', of: (it) => it.title },
          { head: 'what', of: (it) => it.what },
          { head: 'state', of: (it) => it.state },
        ],
        rows,
      );
      if (rows.some(({ sound }) => !sound)) throw new AnswerIsNo();
    });
};
