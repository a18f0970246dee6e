import { DOMAINS, placeReport, type ReportText } from '../archetypes/index.ts';

type Row = Readonly<Record<string, unknown>>;

export interface Triaged {
  readonly id: unknown;
  readonly archetype: string;
  readonly domain: string;
  readonly intent: string;
  readonly severity: number;
  readonly confidence: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const names = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** The input fields alone: never a label, never the id. */
function reportOf(row: Row): ReportText {
  const input = (typeof row.input === 'object' && row.input !== null ? row.input : row) as Row;
  return {
    title: text(input.title),
    description: text(input.description),
    deployers: names(input.deployers),
    harmed: names(input.harmed),
  };
}

export function triage(row: Row): Triaged {
  const { archetype, domain, intent, severity, confidence } = placeReport(reportOf(row));
  return { id: row.id, archetype: archetype ?? 'outside', domain, intent, severity, confidence };
}

const labelOf = (row: Row): Row => {
  const label = row.label as { mit?: Row } | undefined;
  return label?.mit ?? {};
};

/** Accuracy of domain and intent and macro-F1 of the domain, over the rows that are labelled. */
export function scoreTriage(told: readonly Triaged[], rows: readonly Row[]): Record<string, number> {
  const domains = rows.flatMap((row, i) => {
    const gold = DOMAINS.findIndex((domain) => domain[0] === text(labelOf(row).domain)[0]);
    return gold < 0 ? [] : [{ gold, told: DOMAINS.findIndex((domain) => domain === told[i]!.domain) }];
  });
  const intents = rows.flatMap((row, i) => {
    const gold = text(labelOf(row).intent);
    return gold === '' ? [] : [gold === told[i]!.intent];
  });
  const f1 = DOMAINS.map((_, k) => {
    const all = domains.filter(({ gold }) => gold === k).length + domains.filter((it) => it.told === k).length;
    return all === 0 ? 0 : (2 * domains.filter((it) => it.gold === k && it.told === k).length) / all;
  });
  return {
    labelled: domains.length,
    answeredOutside: told.filter(({ archetype }) => archetype === 'outside').length,
    ...(domains.length > 0 && {
      domainAccuracy: domains.filter(({ gold, told }) => gold === told).length / domains.length,
      domainMacroF1: f1.reduce((a, b) => a + b, 0) / f1.length,
    }),
    ...(intents.length > 0 && { intentAccuracy: intents.filter(Boolean).length / intents.length }),
  };
}
