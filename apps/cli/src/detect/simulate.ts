import { setTimeout as pause } from 'node:timers/promises';
import { fireDrills } from '@firebreak/contract/detect/fire-drills';
import { paging } from '@firebreak/contract/detect/paging';
import { mark } from '@firebreak/contract/detect/signals';
import { CHANNELS, EVIDENCE_CLASSES } from '@firebreak/core/detect/signals';
import type { Command } from 'commander';
import { AnswerIsNo, BadInput, type Cli } from '../cli.ts';

interface Simulating {
  readonly channel: string;
  readonly kind: string;
  readonly detector: string;
  readonly evidence: string;
  readonly severity?: string;
  readonly feature?: string;
  readonly mark?: string;
}

/** Looks, half a second apart, until it is grouped. */
const GROUPED_WITHIN = 10;

function markOf(said: string | undefined) {
  if (said === undefined) return null;
  const read = mark.safeParse(said);
  if (!read.success) throw new BadInput(`“${said}” is no mark: give the one that the simulation before answered.`);
  return read.data;
}

const SIMULATED = { channel: 'output-filter', kind: 'simulated', detector: 'a person', evidence: 'strong' } as const;

/** Raises one signal with a mark, and says at once whether it pages. */
export function simulating(list: Command, cli: Cli): void {
  list
    .command('simulate <system> <text>')
    .description(
      'raise one signal, marked and counted in no figure, and see what comes of it; exit code 1 where it did not page',
    )
    .option('--channel <channel>', CHANNELS.join(', '), SIMULATED.channel)
    .option('--kind <kind>', 'what it tells of', SIMULATED.kind)
    .option('--detector <name>', 'who says it: a second one makes two that agree', SIMULATED.detector)
    .option('--evidence <class>', EVIDENCE_CLASSES.join(', '), SIMULATED.evidence)
    .option('--severity <1..4>', 'as its source says')
    .option('--feature <key>')
    .option('--mark <mark>', 'of a simulation before, to raise another signal beside it')
    .action(async (system: string, text: string, options: Simulating) => {
      const channel = CHANNELS.find((each) => each === options.channel);
      const evidenceClass = EVIDENCE_CLASSES.find((each) => each === options.evidence);
      if (channel === undefined || evidenceClass === undefined)
        throw new BadInput(
          `A channel is one of ${CHANNELS.join(', ')}; evidence one of ${EVIDENCE_CLASSES.join(', ')}.`,
        );
      if (options.severity !== undefined && !/^[1-4]$/.test(options.severity))
        throw new BadInput(`“${options.severity}” is no severity: 1 is the gravest, 4 the mildest.`);
      const client = cli.client();
      const raised = await client.call(fireDrills.simulate, {
        body: {
          system,
          text,
          channel,
          evidenceClass,
          kind: options.kind,
          detector: options.detector,
          severityHint: options.severity === undefined ? null : (Number(options.severity) as 1 | 2 | 3 | 4),
          feature: options.feature ?? null,
          mark: markOf(options.mark),
        },
      });
      const params = { signal: raised.signal };
      let why = await client.call(paging.whySignal, { params });
      for (let i = 0; i < GROUPED_WITHIN && why.candidate === null; i++) {
        await pause(500);
        why = await client.call(paging.whySignal, { params });
      }
      cli.say(`${raised.signal}, marked ${raised.mark}\n${why.says}`, { ...raised, why });
      if (!why.paged) throw new AnswerIsNo();
    });
}
