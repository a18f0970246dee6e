import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { Frequencies, terms } from '../../text/index.ts';
import type { Signal } from '../signals/index.ts';
import { group, see } from './index.ts';
import { isReport } from './reports.ts';

const AT = instant('2026-11-20T10:00:00.000Z');
let count = 0;
/** As a monitor raises it: title in quotes, what the entry says, the address. */
const report = (text: string, more: Partial<Signal> = {}): Signal => ({
  id: `sig_${++count}`,
  at: AT,
  receivedAt: AT,
  channel: 'external',
  kind: 'public-report',
  detector: 'monitor Press',
  rule: 'names “Northwind” in the title',
  evidenceClass: 'weak',
  score: 0.8,
  system: 'bot',
  feature: null,
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
  subjectHash: null,
  archetype: null,
  severityHint: null,
  text,
  quotes: [],
  interaction: null,
  dedupKey: `monitor|bot|${count}|0`,
  lookedFor: ['Northwind'],
  ...more,
});
const REFUNDS = [
  '“Northwind chatbot invents a refund policy” Customers of Northwind were told that refunds need a form nobody knows. https://news.test/northwind/1',
  '“Northwind says its assistant made up refund rules” After complaints the company switched the assistant off for refunds. https://trade.test/northwind/refunds',
  '“Passengers told of a refund rule that does not exist, Northwind’s bot blamed” The bot told passengers of a form. https://daily.test/northwind',
];
const LEAK = [
  '“Northwind AI bot leaks customer addresses” A researcher got the assistant to print other people’s addresses. https://news.test/northwind/2',
  '“Addresses of Northwind customers printed by chatbot” The privacy office looks into the leak. https://trade.test/northwind/leak',
];
const INSULT =
  '“Northwind assistant insults a customer” The chatbot wrote swear words in a chat. https://daily.test/northwind/chat';

const stories = (signals: readonly Signal[]) => {
  const among = new Frequencies();
  for (const { text } of signals) among.add(terms(text));
  let minted = 0;
  const { placements } = group(signals, [], [], {
    among,
    changes: new Map(),
    never: () => false,
    mint: () => `cnd_${++minted}`,
  });
  return placements.map(({ members }) => members.map(({ text }) => text)).sort();
};

describe('reports of strangers', () => {
  it.each([
    ['public-report', 'external', true],
    ['public-report', 'feedback', false],
    ['outside-report', 'feedback', true],
    ['outside-report', 'external', false],
    ['public-incident', 'external', true],
    ['public-incident', 'feedback', false],
    ['news', 'external', true],
    ['news-headline', 'external', true],
    ['report', 'external', true],
    ['press report', 'external', true],
    ['posts', 'external', true],
    ['reviews', 'external', true],
    ['review-overdue', 'feedback', false],
    ['review-bypassed', 'telemetry', false],
    ['postmortem', 'external', false],
    ['newsletter', 'external', false],
    ['vendor-incident', 'external', false],
    ['supplier-status', 'external', false],
    ['comment', 'feedback', false],
    ['constructor', 'external', false],
  ] as const)('%s of %s: %s', (kind, channel, is) => expect(isReport({ kind, channel })).toBe(is));

  it('of monitors are one candidate for each story, though all are about one product', () => {
    const told = [REFUNDS[0]!, LEAK[0]!, REFUNDS[1]!, INSULT, LEAK[1]!, REFUNDS[2]!];
    expect(stories(told.map((text) => report(text)))).toEqual([REFUNDS, LEAK, [INSULT]].sort());
    // The same from other kinds of monitors, and from a form that strangers fill in.
    const kinds = ['public-report', 'public-incident'] as const;
    expect(stories(told.map((text, i) => report(text, { kind: kinds[i % 2]! })))).toEqual(
      [REFUNDS, LEAK, [INSULT]].sort(),
    );
    expect(
      stories(
        told.map((text) =>
          report(text, {
            kind: 'outside-report',
            channel: 'feedback',
            severityHint: 2,
            lookedFor: undefined,
            system: 'northwind-bot',
          }),
        ),
      ),
    ).toEqual([REFUNDS, LEAK, [INSULT]].sort());
  });

  it('are not one story by one word that a feed writes under each', () => {
    const told = [
      '“Northwind bot invents a refund policy” What customers say.',
      '“Northwind bot leaks addresses” What customers say.',
    ];
    expect(stories(told.map((text) => report(text)))).toHaveLength(2);
  });

  it('are compared without the words their source looked for, and shown with them', () => {
    const among = new Frequencies();
    const seen = see(report(REFUNDS[0]!), among);
    expect(seen.story).not.toMatch(/northwind|chatbot|customers|https/i);
    expect(seen.subject).toBe(REFUNDS[0]);
    const other = report('Northwind chatbot', { kind: 'vendor-incident' });
    expect(see(other, among).story).toBe(other.text);
  });
});
