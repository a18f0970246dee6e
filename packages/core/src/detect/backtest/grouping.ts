import { instant, isInstant } from '../../kernel/index.ts';
import { Frequencies, template, terms } from '../../text/index.ts';
import { groupSteps } from '../candidates/index.ts';
import type { Signal } from '../signals/index.ts';
import { finish, type Work } from './work.ts';

/** A report about an AI system from outside, as an external monitor would hand it in. */
export interface Report {
  readonly id: unknown;
  readonly kind?: unknown;
  readonly text?: unknown;
  readonly domain?: unknown;
  readonly published?: unknown;
}

const AT = instant('2026-01-01T00:00:00.000Z');
const NOT_KNOWN = { model: null, modelAsked: null, prompt: null, index: null, tools: null };

/** The cluster of each report, in the order given; the reports are taken in the order of their dates, unknown last. */
export const groupReports = (reports: readonly Report[]): string[] => finish(groupReportsSteps(reports));

/** The same in steps. */
export function* groupReportsSteps(reports: readonly Report[]): Work<string[]> {
  const among = new Frequencies();
  for (const { text } of reports) among.add(terms(String(text ?? '')));
  const order = reports
    .map((report, index) => ({ index, at: typeof report.published === 'string' ? report.published : '~' }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.index - b.index));
  const signals = order.map(({ index }): Signal => {
    const report = reports[index]!;
    const text = String(report.text ?? '').slice(0, 2_000);
    return {
      id: `sig_${index}`,
      // Dates of press items say when somebody wrote, not when something happened: they order, and do not separate.
      at: isInstant(report.published) ? report.published : AT,
      receivedAt: AT,
      channel: 'external',
      kind: String(report.kind ?? 'report'),
      detector: 'external',
      rule: 'external',
      evidenceClass: 'weak',
      score: null,
      system: 'external',
      feature: null,
      deployment: null,
      versions: NOT_KNOWN,
      subjectHash: null,
      archetype: null,
      severityHint: null,
      text,
      quotes: [],
      interaction: null,
      dedupKey: String(index),
    };
  });
  let minted = 0;
  const { placements, loose } = yield* groupSteps(signals, [], [], {
    among,
    changes: new Map(),
    never: () => false,
    mint: () => `cnd_${++minted}`,
  });
  const clusters: string[] = Array.from({ length: reports.length }, (_, i) => `alone-${i}`);
  for (const placement of placements)
    for (const signal of placement.members) clusters[Number(signal.id.slice(4))] = placement.candidate;
  for (const signal of loose) clusters[Number(signal.id.slice(4))] = signal.id;
  return clusters;
}

/** B-cubed precision, recall and F1 (Amigó et al. 2009), and candidates for each real incident. */
export function scoreGroups(
  items: readonly { readonly gold: string; readonly cluster: string }[],
): Record<string, number> {
  if (items.length === 0) return { labelled: 0 };
  const count = new Map<string, number>();
  const add = (key: string) => count.set(key, (count.get(key) ?? 0) + 1);
  for (const { gold, cluster } of items) {
    add(`g${gold}`);
    add(`c${cluster}`);
    add(`b${gold}\n${cluster}`);
  }
  let precision = 0;
  let recall = 0;
  for (const { gold, cluster } of items) {
    const both = count.get(`b${gold}\n${cluster}`)!;
    precision += both / count.get(`c${cluster}`)!;
    recall += both / count.get(`g${gold}`)!;
  }
  precision /= items.length;
  recall /= items.length;
  const kinds = (first: string) => [...count.keys()].filter((key) => key.startsWith(first)).length;
  return {
    labelled: items.length,
    b3_precision: precision,
    b3_recall: recall,
    b3_f1: (2 * precision * recall) / (precision + recall),
    candidates: kinds('c'),
    incidents: kinds('g'),
  };
}

/** What no grouping at all would score: every row alone, all rows together, and rows with the same words together. */
export function baselinesOf(
  items: readonly { readonly gold: string; readonly text: string }[],
): Record<string, number> {
  const f1 = (clusterOf: (text: string, i: number) => string): number =>
    scoreGroups(items.map(({ gold, text }, i) => ({ gold, cluster: clusterOf(text, i) }))).b3_f1 ?? 0;
  return {
    baseline_alone_b3_f1: f1((_text, i) => String(i)),
    baseline_together_b3_f1: f1(() => 'all'),
    baseline_same_words_b3_f1: f1((text) => template(text)),
  };
}
