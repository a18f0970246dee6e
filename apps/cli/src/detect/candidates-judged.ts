import type { Client } from '@firebreak/client';
import { candidates as doors } from '@firebreak/contract/detect/candidates';
import { LATE_DECISIONS } from '@firebreak/core/detect/candidates';
import type { Command } from 'commander';
import { BadInput, type Cli } from '../cli.ts';
import { candidateId } from './candidate-id.ts';

const signalIds = (given: readonly string[]): `sig_${string}`[] =>
  given.map((text) => {
    if (!text.startsWith('sig_')) throw new BadInput(`“${text}” is no id of a signal; they begin with sig_.`);
    return text as `sig_${string}`;
  });

/** The merge or the split that made it what it is is taken back, whichever of the two it was. */
async function takeBack(client: Client, candidate: `cnd_${string}`, reason: string) {
  const params = { candidate };
  const { mergedInto } = await client.call(doors.readCandidate, { params });
  return mergedInto === null
    ? client.call(doors.unsplitCandidate, { params, body: { reason } })
    : client.call(doors.unmergeCandidate, { params, body: { reason } });
}

/** What a person says about the grouping: `firebreak candidates merge | split | take-back | follows | late`. */
export function judging(command: Command, cli: Cli): void {
  const client = () => cli.client();
  command
    .command('merge <candidate>')
    .description('say that it is the same event as another one, which takes its signals')
    .requiredOption('--into <candidate>')
    .requiredOption('--reason <sentence>')
    .action(async (candidate: string, { into, reason }: { into: string; reason: string }) => {
      const params = { candidate: candidateId(candidate) };
      const it = await client().call(doors.mergeCandidates, { params, body: { into: candidateId(into), reason } });
      cli.say(`One event now: ${it.title} (${it.summary.count} signals)`, it);
    });
  command
    .command('split <candidate>')
    .description('say that some of its signals are another event; it is remembered')
    .requiredOption('--signals <ids...>')
    .requiredOption('--reason <sentence>')
    .option('--title <text>', 'of the new candidate')
    .action(async (candidate: string, options: { signals: string[]; reason: string; title?: string }) => {
      const { signals, reason, title } = options;
      const it = await client().call(doors.splitCandidate, {
        params: { candidate: candidateId(candidate) },
        body: { signals: signalIds(signals), reason, ...(title !== undefined && { title }) },
      });
      cli.say(`A candidate of its own: ${it.title} (${it.id})`, it);
    });
  command
    .command('take-back <candidate>')
    .description('take back the merge or the split of a candidate')
    .requiredOption('--reason <sentence>')
    .action(async (candidate: string, { reason }: { reason: string }) => {
      const it = await takeBack(client(), candidateId(candidate), reason);
      cli.say(`Taken back: ${it.title} (${it.id}, ${it.state})`, it);
    });
  command
    .command('follows <candidate>')
    .description('say whether it follows from the candidate that was proposed as its parent')
    .requiredOption('--reason <sentence>')
    .option('--not', 'it does not')
    .action(async (candidate: string, { reason, not }: { reason: string; not?: boolean }) => {
      const it = await client().call(doors.decideParent, {
        params: { candidate: candidateId(candidate) },
        body: { accepted: not !== true, reason },
      });
      cli.say(not ? `It stands by itself: ${it.title}` : `It follows from ${it.parent?.candidate}: ${it.title}`, it);
    });
  command
    .command('late [candidate]')
    .description('what was told after an incident was closed; with a candidate, what became of it')
    .option('--as <what>', LATE_DECISIONS.join(', '))
    .option('--reason <sentence>')
    .action(async (candidate: string | undefined, options: { as?: string; reason?: string }) => {
      if (candidate === undefined) {
        const { candidates } = await client().call(doors.lateReports, { query: {} });
        return cli.table(
          candidates,
          [
            { head: 'candidate', of: (it) => it.id },
            { head: 'incident', of: (it) => it.incident },
            { head: 'late reports', of: (it) => it.late?.summary.count ?? 0 },
            { head: 'what', of: (it) => it.title },
          ],
          candidates,
        );
      }
      const as = LATE_DECISIONS.find((each) => each === options.as);
      if (as === undefined || options.reason === undefined)
        throw new BadInput(`Say --as ${LATE_DECISIONS.join(', ')}, and --reason.`);
      const it = await client().call(doors.decideLate, {
        params: { candidate: candidateId(candidate) },
        body: { as, reason: options.reason },
      });
      cli.say(`Decided: ${it.title}`, it);
    });
}
