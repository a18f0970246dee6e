/**
 * Fits the archetype model and writes packages/core/src/detect/archetypes/weights.json.
 *
 *   npx tsx tools/fit-archetypes/fit.ts <incidents.jsonl>            cross-validate, then write the weights
 *   npx tsx tools/fit-archetypes/fit.ts <incidents.jsonl> --measure  cross-validate only
 *
 * The rows are AI Incident Database incidents with MIT AI Risk and CSET labels (see NOTICE). What is written holds single
 * stems and pairs that occur in at least three reports, no names, no sentences.
 */
import { writeFileSync } from 'node:fs';
import { INTENTS, type ReportText, termsOfReport } from '@firebreak/core/detect/archetypes';
import { judge, type LinearModel } from '@firebreak/core/text';
import { type Fitting, fitLinear, type Lesson } from '../fit-linear/fit-linear.ts';
import { measure, type Told } from './measure.ts';
import { CLASSES, classesOf, type Labelled, ordinaryStems, ownExamples, readLabelled } from './reports.ts';

const FOLDS = 10;
const FEWEST_REPORTS = 3;
const OWN_WEIGHT = 0.7;
const HARMS = ['event', 'near', 'none'] as const;
const PLACE: Fitting = { penalty: 0.00015, rounds: 120, evening: 0.7 };
const INTENT: Fitting = { penalty: 0.0003, rounds: 100, evening: 0.3 };
const HARM: Fitting = { penalty: 0.001, rounds: 100, evening: 0.5 };

interface Models {
  readonly place: LinearModel;
  readonly intent: LinearModel;
  readonly harm: LinearModel;
}

/** The same report as it would be told with less: whole, without names, the title alone. */
const tellings = ({ title, description, deployers, harmed }: ReportText) =>
  [
    { terms: termsOfReport({ title, description, deployers, harmed }).counts, weight: 1 },
    { terms: termsOfReport({ title, description }).counts, weight: 0.6 },
    { terms: termsOfReport({ title }).counts, weight: 0.3 },
  ] as const;

function harmOf({ label }: Labelled): number[] {
  const level = label.cset_v1?.['AI Harm Level'];
  if (level === undefined || level === 'unclear') return [];
  return [level === 'none' ? 2 : level === 'AI tangible harm event' ? 0 : 1];
}

function lessonsOf(rows: readonly Labelled[], classesOfRow: (row: Labelled) => number[]): Lesson[] {
  return rows.flatMap((row) => {
    const may = classesOfRow(row);
    return may.length === 0 ? [] : tellings(row.input).map(({ terms, weight }) => ({ counts: terms, may, weight }));
  });
}

function modelsOf(rows: readonly Labelled[]): Models {
  const own = ownExamples().map((each) => ({ ...each, counts: termsOfReport(each.report).counts }));
  const ordinary = ordinaryStems([
    ...rows.map(({ input }) => input.description ?? ''),
    ...own.flatMap(({ report }) => [`. ${report.title}`, `. ${report.title}`]),
  ]);
  const held = new Map<string, number>();
  const reports = [...rows.map(({ input }) => termsOfReport(input).counts), ...own.map(({ counts }) => counts)];
  for (const counts of reports) for (const term of counts.keys()) held.set(term, (held.get(term) ?? 0) + 1);
  const rarity = new Map<string, number>();
  for (const [term, count] of [...held].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isPlain =
      term.startsWith('#') || term.split(/[ :]/).every((p) => ordinary.has(p) || p === 'by' || p === 'hurt');
    if (count < FEWEST_REPORTS || !isPlain) continue;
    rarity.set(term, Math.round((Math.log((1 + reports.length) / (1 + count)) + 1) * 100) / 100);
  }
  const place = [
    ...lessonsOf(rows, ({ label }) => classesOf(label.mit?.subdomain)),
    ...own.map(({ counts, class: k }) => ({ counts, may: [k], weight: OWN_WEIGHT })),
  ];
  const intent = lessonsOf(rows, ({ label }) => {
    const k = INTENTS.findIndex((each) => each === label.mit?.intent);
    return k < 0 ? [] : [k];
  });
  return {
    place: fitLinear(CLASSES, place, rarity, PLACE),
    intent: fitLinear(INTENTS, intent, rarity, INTENT),
    harm: fitLinear(HARMS, lessonsOf(rows, harmOf), rarity, HARM),
  };
}

/** A stable number of an id, so that the folds are the same on every machine. */
function foldOf(id: string): number {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % FOLDS;
}

function crossValidate(rows: readonly Labelled[]): Told[] {
  const told: Told[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const models = modelsOf(rows.filter(({ id }) => foldOf(id) !== fold));
    for (const row of rows.filter(({ id }) => foldOf(id) === fold)) {
      const { counts } = termsOfReport(row.input);
      told.push({
        subdomain: row.label.mit?.subdomain ?? null,
        intent: row.label.mit?.intent ?? null,
        harm: harmOf(row)[0] ?? null,
        places: judge(models.place, counts).chances,
        intents: judge(models.intent, counts).chances,
        harms: judge(models.harm, counts).chances,
      });
    }
  }
  return told;
}

function write(models: Models, sharper: number): void {
  const parts = ['place', 'intent', 'harm'] as const;
  const scaled = Object.fromEntries(
    parts.map((part) => {
      const by = part === 'place' ? sharper : 1;
      const rows = [...models[part].terms.values()];
      const top = rows.reduce((most, row) => Math.max(most, ...row.slice(1).map(Math.abs)), 0) * by;
      const scale = Number((top / 127).toPrecision(6));
      return [part, { by, scale, bias: models[part].bias.map((b) => Number((b * by).toFixed(4))) }];
    }),
  );
  const terms: Record<string, string> = {};
  for (const [term, [rarity]] of models.place.terms) {
    const digits = parts.flatMap((part) =>
      models[part].terms
        .get(term)!
        .slice(1)
        .map((w) => (Math.round((w * scaled[part]!.by) / scaled[part]!.scale) + 128).toString(16).padStart(2, '0')),
    );
    terms[term] = `${Math.round(rarity! * 100)} ${digits.join('')}`;
  }
  const of = (part: (typeof parts)[number]) => ({
    classes: models[part].classes,
    scale: scaled[part]!.scale,
    bias: scaled[part]!.bias,
  });
  const file = { place: of('place'), intent: of('intent'), harm: of('harm'), terms };
  writeFileSync(
    new URL('../../packages/core/src/detect/archetypes/weights.json', import.meta.url),
    `${JSON.stringify(file, null, 2)}\n`,
  );
}

const [path, flag] = process.argv.slice(2);
if (path === undefined) throw new Error('name the file of labelled incidents, one JSON object a line');
const rows = readLabelled(path);
const { sharper, figures } = measure(crossValidate(rows));
console.log(JSON.stringify(figures, null, 2));
if (flag !== '--measure') write(modelsOf(rows), sharper);
