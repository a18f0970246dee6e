import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal, type Recorded } from '../../kernel/index.ts';
import { foldCorpus, importReports, Library, type PublicReport, readSnapshot } from './index.ts';

const HEAD =
  '_id,incident_id,date,reports,Alleged deployer of AI system,Alleged developer of AI system,Alleged harmed or nearly harmed parties,description,title';
const row = (id: string, title: string, description = 'A description') =>
  `x,${id},2025-01-02,"[1,2]","[""acme""]","[""acme""]","[""customers""]","${description.replaceAll('"', '""')}","${title.replaceAll('"', '""')}"`;
const recorded = (facts: readonly { type: string; data: unknown }[]) => facts as unknown as readonly Recorded[];

describe('a snapshot of public incidents', () => {
  it('is read whole: quotes, commas and line ends inside cells', () => {
    const text = [HEAD, row('7', 'Bot says "never", often', 'first line\nsecond, line'), row('8', 'Other')].join(
      '\r\n',
    );
    expect(readSnapshot(text)).toEqual({
      bad: [],
      reports: [
        {
          id: 'aiid:7',
          title: 'Bot says "never", often',
          description: 'first line\nsecond, line',
          date: '2025-01-02',
          deployers: ['acme'],
          harmed: ['customers'],
          link: 'https://incidentdatabase.ai/cite/7',
        },
        expect.objectContaining({ id: 'aiid:8' }),
      ],
    });
  });

  it('names each bad row by its line and keeps the rest', () => {
    const text = [
      HEAD,
      row('1', 'Good'),
      'x,2,too,few',
      row('three', 'No number'),
      row('4', ''),
      row('1', 'Again'),
      row('5', 'Good too'),
    ].join('\n');
    const read = readSnapshot(text);
    if (isRefusal(read)) throw new Error(read.why);
    expect(read.reports.map(({ id }) => id)).toEqual(['aiid:1', 'aiid:5']);
    expect(read.bad).toEqual([
      { line: 3, why: 'has 4 cells where 9 are expected' },
      { line: 4, why: 'incident_id “three” is no number' },
      { line: 5, why: 'incident 4 has no title' },
      { line: 6, why: 'incident 1 is in the file twice' },
    ]);
    const open = readSnapshot(`${HEAD}\n${row('1', 'Good')}\nx,2,2025-01-01,"never closed`);
    expect(open).toMatchObject({ reports: [{ id: 'aiid:1' }], bad: [{ line: 3 }] });
  });

  it('gives back what was written, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', 'é'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (cells) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const lines = cells.map(([title, text], n) => `${n},${quoted(`t${title}`)},${quoted(text)}`);
        const read = readSnapshot(['incident_id,title,description', ...lines].join('\n'));
        if (isRefusal(read)) throw new Error(read.why);
        expect(read.bad).toEqual([]);
        expect(read.reports.map(({ title, description }) => [title, description])).toEqual(
          cells.map(([title, text]) => [`t${title}`.trim(), text.trim()]),
        );
      }),
    );
  });

  it('is refused where it is no such table', () => {
    expect(readSnapshot('a,b\n1,2')).toMatchObject({ refused: 'corpus.unreadable' });
    expect(readSnapshot('')).toMatchObject({ refused: 'corpus.unreadable' });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (rest) => {
        expect(() => readSnapshot(`${HEAD}\n${rest}`)).not.toThrow();
      }),
    );
  });
});

const report = (n: number, title = `Report ${n}`): PublicReport => ({
  id: `aiid:${n}`,
  title,
  description: '',
  date: null,
  deployers: [],
  harmed: [],
  link: null,
});

describe('the corpus', () => {
  it('records what is new, a hundred to a fact, and nothing the second time', () => {
    const reports = Array.from({ length: 250 }, (_, n) => report(n));
    const facts = importReports(new Map(), { source: 'aiid', reports });
    if (isRefusal(facts)) throw new Error(facts.why);
    expect(facts.map(({ data }) => data.reports.length)).toEqual([100, 100, 50]);
    const corpus = foldCorpus(recorded(facts));
    expect(corpus.size).toBe(250);
    expect(importReports(corpus, { source: 'aiid', reports })).toEqual([]);
    expect(importReports(corpus, { source: 'aiid', reports: [report(3, 'Retold')] })).toMatchObject([
      { data: { reports: [{ id: 'aiid:3', title: 'Retold' }] } },
    ]);
  });

  it('has a bound', () => {
    const reports = Array.from({ length: 20_001 }, (_, n) => report(n));
    expect(importReports(new Map(), { source: 'aiid', reports })).toMatchObject({ refused: 'corpus.too-large' });
  });
});

describe('the library', () => {
  const library = new Library();
  library.put({ id: 'refund', title: 'Support bot invents a refund rule', description: 'Customers relied on it.' });
  library.put({ id: 'car', title: 'Driverless car hits a cyclist', description: 'The car did not brake.' });
  library.put({ id: 'leak', title: 'Assistant shows addresses of other customers' });

  it('finds the incident with the same words, and says which', () => {
    const [first] = library.find('the bot invented refunds that no rule grants', 3);
    expect(first).toMatchObject({ id: 'refund', sameArchetype: true });
    expect(first!.shared).toEqual(expect.arrayContaining(['refunds', 'rule', 'bot']));
  });

  it('finds it in a headline that lost its hyphens and endings', () => {
    expect(library.find('cyclists struck by driver-less cars', 1)).toMatchObject([{ id: 'car' }]);
  });

  it('leaves out what was asked about, what is too unlike, and what was taken out', () => {
    expect(library.find('refund rule', 3, { except: 'refund' }).map(({ id }) => id)).not.toContain('refund');
    expect(library.find('weather in Lisbon', 3, { least: 0.1 })).toEqual([]);
    library.put({ id: 'gone', title: 'Zebra crossing' });
    library.put({ id: 'gone', title: 'Translated menu' });
    expect(library.find('zebra', 3, { least: 0.1 })).toEqual([]);
    library.remove('gone');
    expect(library.find('translated menu', 3, { least: 0.1 })).toEqual([]);
    expect(library.size).toBe(3);
  });

  it('ranks at most as many as asked, each once, best first by what is shared', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('refund', 'car', 'bot', 'customers', 'brake', 'rain'), { minLength: 1 }),
        fc.integer({ min: 1, max: 3 }),
        (asked, most) => {
          const found = library.find(asked.join(' '), most);
          expect(found.length).toBeLessThanOrEqual(most);
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
          for (const { likeness } of found) expect(likeness).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('puts what a person called it before what the words say, on both sides', () => {
    const open = new Library();
    const title = 'Bot invents a refund policy for customers';
    open.put({ id: 'a', title });
    const same = (called?: 'vendor-outage' | 'outside') =>
      open.find(title, 1, { ...(called && { called }) })[0]!.sameArchetype;
    expect(same()).toBe(true);
    expect(same('vendor-outage')).toBe(false);
    open.put({ id: 'a', title, called: 'vendor-outage' });
    expect(same()).toBe(false);
    expect(same('vendor-outage')).toBe(true);
    open.put({ id: 'a', title, called: 'outside' });
    expect(same('outside')).toBe(false);
  });

  const samples = new URL('../../../../../../shared/samples/signal-grouping/', import.meta.url);
  const rows = (name: string) =>
    readFileSync(new URL(name, samples), 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { id: string; text: string; group: string; title: string; description: string },
      );
  it.runIf(existsSync(samples)).each([
    ['headlines.jsonl', 0.85],
    ['snippets.jsonl', 0.68],
  ])('finds the incident of %s among the first five in %s of the cases', (name, bar) => {
    const open = new Library();
    const corpus = rows('corpus_incidents.jsonl');
    for (const { id, title, description } of corpus) open.put({ id, title, description });
    const queries = rows(name).filter(({ group }) => corpus.some(({ id }) => id === group));
    const hits = queries.filter(({ text, group }) => open.find(text, 5).some(({ id }) => id === group));
    expect(hits.length / queries.length).toBeGreaterThanOrEqual(bar);
  });
});
