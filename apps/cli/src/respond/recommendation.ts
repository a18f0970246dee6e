import { containment as doors, type Preview } from '@firebreak/contract/respond/containment';
import { recommendation as advice } from '@firebreak/contract/respond/recommendation';
import type { Command } from 'commander';
import { BadInput, type Cli, type Register } from '../cli.ts';
import { controlId, controlOf } from './containment.ts';

const ANSWERS = { yes: 'yes', no: 'no', ask: 'you decide' } as const;

function amount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new BadInput(`“${text}” is no amount. Write for example --${name} 1000`);
  return value;
}

function yesOrNo(name: string, text: string | undefined): 'yes' | 'no' | undefined {
  if (text === undefined || text === 'yes' || text === 'no') return text;
  throw new BadInput(`Answer --${name} with yes or no.`);
}

/** What an order would touch, one thing to a line. */
function linesOf(preview: Preview): { what: string; is: string }[] {
  const { reach, words, around, unable, others, instances, live, conflict, mark } = preview;
  const part = (name: string | null, touched: number, requests: number) =>
    `${name ?? 'not captured'} ${touched} of ${requests}`;
  return [
    { what: 'does', is: preview.says },
    ...(preview.unknownFeature ? [{ what: 'is the name right?', is: preview.unknownFeature }] : []),
    { what: 'obey', is: `${live - unable.length} of ${instances.length} instances` },
    ...unable.map(({ instance, why }) => ({ what: 'cannot obey', is: `${instance}: ${why}` })),
    ...(reach === null
      ? [{ what: 'meets', is: 'not known: no traffic is recorded' }]
      : [
          {
            what: 'meets',
            is: `${reach.sampled ? 'about ' : ''}${reach.touched} of ${reach.requests} requests of the last hour, ${reach.benign} without a signal`,
          },
          { what: 'people', is: `${reach.sampled ? 'at least ' : ''}${reach.people}, in ${reach.sessions} sessions` },
          ...(reach.unsaid > 0 ? [{ what: 'not known', is: `${reach.unsaid} requests: records leave it out` }] : []),
          ...Object.entries(reach.parts).map(([name, rows]) => ({
            what: `by ${name}`,
            is: rows.map((row) => part(row.name, row.touched, row.requests)).join(', '),
          })),
        ]),
    ...(words === null
      ? []
      : [
          {
            what: 'words',
            is: `${words.hits} hits in ${words.tried} stored requests, ${words.benign} of them benign${words.secondLook ? ': look a second time' : ''} (${words.tookMs} ms)`,
          },
        ]),
    ...others.map((hold) => ({ what: 'held as well', is: `${hold.label} of ${hold.incidentLabel}: ${hold.says}` })),
    ...(conflict === null ? [] : [{ what: 'conflict', is: `${conflict.label}: ${conflict.says}` }]),
    ...around.nodes.map(({ name, how, via }) => ({
      what: how === 'needs' ? 'relies on it' : how === 'fed' ? 'is fed by it' : 'uses the same',
      is: via === '' ? name : `${name} (${via})`,
    })),
    { what: 'mark', is: mark },
  ];
}

interface Recommend {
  readonly incident?: string;
  readonly candidate?: string;
  readonly system?: string;
  readonly feature?: string;
  readonly rollBack?: string;
  readonly fence?: string;
  readonly loss?: string;
  readonly cost?: string;
  readonly needless?: string;
  readonly hours?: string;
}

/**
 * `firebreak contain recommend …`, `firebreak contain preview …`. Options that `contain` knows as well, such as the incident,
 * it takes before they get here: so those of both are read.
 */
export const recommendation: Register = (program, cli: Cli) => {
  const contain = program.commands.find((each) => each.name() === 'contain')!;
  contain
    .command('recommend')
    .description('roll back, disable, fence or something narrower: what to order, why, and what it costs')
    .option('--incident <incident>', 'for an incident')
    .option('--candidate <candidate>', 'for a candidate')
    .option('--system <key>', 'for a system, or one of several of the incident')
    .option('--feature <key>', 'where it goes wrong, when you know better than the signals')
    .option('--roll-back <yes|no>', 'whether an earlier version is better')
    .option('--fence <yes|no>', 'whether it is only some places')
    .option('--loss <amount>', 'what an hour of harm costs')
    .option('--cost <amount>', 'what one good request costs that is not served')
    .option('--needless <amount>', 'what it costs on top where it was needless')
    .option('--hours <count>', 'how far ahead is weighed')
    .action(async (_: Recommend, command: Command) => {
      const o = command.optsWithGlobals<Recommend>();
      if (o.incident === undefined && o.candidate === undefined && o.system === undefined)
        throw new BadInput('Say what for: --incident INC-2026-0001, --candidate cnd_… or --system support-bot');
      const worth = {
        ...(o.loss !== undefined && { lossPerHour: amount('loss', o.loss)! }),
        ...(o.cost !== undefined && { costPerRequest: amount('cost', o.cost)! }),
        ...(o.needless !== undefined && { needless: amount('needless', o.needless)! }),
        ...(o.hours !== undefined && { hours: amount('hours', o.hours)! }),
      };
      const answers = { 'roll-back': yesOrNo('roll-back', o.rollBack), fence: yesOrNo('fence', o.fence) };
      const it = await cli.client().call(advice.show, {
        body: {
          ...(o.incident !== undefined && { incident: o.incident }),
          ...(o.candidate !== undefined && { candidate: o.candidate as `cnd_${string}` }),
          ...(o.system !== undefined && { system: o.system }),
          ...(o.feature !== undefined && { feature: o.feature }),
          answers,
          ...(Object.keys(worth).length > 0 && { worth }),
        },
      });
      const rows = [
        ...it.steps.map(({ question, answer, why, missing }) => ({
          what: `${question}?`,
          is: ANSWERS[answer],
          why: [why, ...missing.map((each) => `Missing: ${each}`)].join(' '),
        })),
        ...[...it.ladder].reverse().map((rung) => ({
          what: rung.lever === it.pick ? 'order' : rung.held ? rung.held.label : 'or',
          is: rung.says ?? rung.title,
          why: [
            `prevents ${rung.prevents.says}.`,
            ...(rung.partly ?? []).slice(0, 2).map(({ says }) => `${says}.`),
            rung.weighed.says,
          ].join(' '),
        })),
        ...(it.pick === null ? [{ what: 'now', is: it.because, why: '' }] : []),
        ...(it.byHand?.steps ?? []).map((step) => ({ what: 'by hand', is: step, why: '' })),
        ...(it.byHand?.people ?? []).map(({ name, title }) => ({ what: 'who can', is: name, why: title })),
      ];
      cli.table(
        rows,
        [
          { head: '', of: (row) => row.what },
          { head: 'is', of: (row) => row.is },
          { head: 'why', of: (row) => row.why },
        ],
        it,
      );
    });
  contain
    .command('preview [control]')
    .description('what an order would touch, before it is given; a control by id or name, or --what')
    .option('--system <key>', 'the system')
    .option('--what <json>', 'what to do, for example {"kind":"disable","feature":"answers"}')
    .action(async (control: string | undefined, _: object, command: Command) => {
      const o = command.optsWithGlobals<{ system?: string; what?: string }>();
      const client = cli.client();
      if ((control === undefined) === (o.what === undefined))
        throw new BadInput('Name a control, or say --system and --what.');
      const body =
        control !== undefined
          ? { control: await controlId(client, control, o.system) }
          : { system: o.system ?? '', what: controlOf(o.what!) };
      if ('system' in body && body.system === '') throw new BadInput('Say which system: --system support-bot');
      const preview = await client.call(doors.preview, { body });
      cli.table(
        linesOf(preview),
        [
          { head: '', of: (row) => row.what },
          { head: 'is', of: (row) => row.is },
        ],
        preview,
      );
    });
};
