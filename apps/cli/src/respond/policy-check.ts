import { channels } from '@firebreak/contract/detect/channels';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { policies } from '@firebreak/contract/prepare/policies';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { isSound, stateOfMeans } from '@firebreak/core/prepare/policies';
import { AnswerIsNo, type Register } from '../cli.ts';

/** `firebreak policies check`: for a pipeline that must not pass while a policy hangs in the air. */
export const policyCheck: Register = (program, cli) => {
  const group = program.commands.find((each) => each.name() === 'policies')!;
  group
    .command('check')
    .description('whether what carries the policies out is really there; exit 1 if anything is missing')
    .action(async () => {
      const client = cli.client();
      const { policies: held } = await client.call(policies.list, { query: {} });
      const wired = await client.call(controlCoverage.show, { query: {} });
      const heard = await client.call(channels.coverage, { query: {} });
      const { playbooks: written } = await client.call(playbooks.list, {});
      const named = new Set(
        held.flatMap(({ means }) => means.flatMap((each) => (each.kind === 'step' ? each.playbook : []))),
      );
      const steps = new Map<string, ReadonlySet<string>>();
      for (const { key } of written.filter((row) => named.has(row.key))) {
        const { playbook } = await client.call(playbooks.show, { params: { playbook: key }, query: {} });
        steps.set(key, new Set(playbook.content.steps.map((step) => step.key)));
      }
      const there = {
        controls: new Map(wired.systems.map(({ system, controls }) => [system, controls])),
        channels: new Map(heard.systems.map(({ system, channels }) => [system, channels])),
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
