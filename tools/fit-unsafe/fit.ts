/**
 * Fits the model of harmful texts and writes packages/core/src/detect/detectors/harm-weights.json.
 *
 *   npx tsx tools/fit-unsafe/fit.ts <texts.jsonl> <prompts.jsonl>            cross-validate, then write the weights
 *   npx tsx tools/fit-unsafe/fit.ts <texts.jsonl> <prompts.jsonl> --measure  cross-validate only
 *
 * The rows are texts of public collections (see NOTICE), harmless prompts of those that prompt attacks are fitted on, and
 * sentences of our own. What is written holds marks and single
 * stems that occur in at least four texts, with numbers; no sentences.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { LinearModel } from '@firebreak/core/text';
import { fitLinear, type Lesson } from '../fit-linear/fit-linear.ts';
import { FOLDS, foldOf } from '../fit-linear/folds.ts';
import { writePulls } from '../fit-linear/write-pulls.ts';
import { ownTexts } from './examples.ts';

const FEWEST = 4;
const FITTING = { penalty: 0.0003, rounds: 200, evening: 0.5 };
/** A mark is worth more than its rarity, a word less. */
const MARK_RARITY = 1.5;
const WORD_PART = 0.3;

// The detector reads its weights when it is loaded: the first time there are none.
const WEIGHTS = new URL('../../packages/core/src/detect/detectors/harm-weights.json', import.meta.url);
if (!existsSync(WEIGHTS)) writeFileSync(WEIGHTS, '{ "bias": 0, "scale": 1, "terms": {} }\n');
const { harmChance, termsOfHarm, UNSAFE_AT } = await import('@firebreak/core/detect/detectors');

interface Row {
  readonly id: string;
  readonly text: string;
  readonly dataset: string;
  readonly label: string;
}

const lessonsOf = (rows: readonly Row[]): Lesson[] => [
  ...rows.map(({ text, label }) => ({ counts: termsOfHarm(text), may: [label === 'harmful' ? 1 : 0], weight: 1 })),
  ...ownTexts().map(({ text, harmful }) => ({ counts: termsOfHarm(text), may: [harmful ? 1 : 0], weight: 1 })),
];

function modelOf(rows: readonly Row[]): LinearModel {
  const lessons = lessonsOf(rows);
  const held = new Map<string, number>();
  for (const { counts } of lessons) for (const term of counts.keys()) held.set(term, (held.get(term) ?? 0) + 1);
  const rarity = new Map<string, number>();
  for (const [term, count] of [...held].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (term.startsWith('#')) rarity.set(term, MARK_RARITY);
    else if (count >= FEWEST && !/\d/.test(term))
      rarity.set(term, Math.round(WORD_PART * (Math.log((1 + lessons.length) / (1 + count)) + 1) * 100) / 100);
  return fitLinear(['safe', 'harmful'], lessons, rarity, FITTING);
}

function averagePrecision(told: readonly { readonly chance: number; readonly label: string }[]): number | null {
  let hits = 0;
  let sum = 0;
  for (const [i, { label }] of told.toSorted((a, b) => b.chance - a.chance).entries())
    if (label === 'harmful') sum += ++hits / (i + 1);
  return hits === 0 ? null : Math.round((1_000 * sum) / hits) / 1_000;
}

function measure(rows: readonly Row[]): object {
  const told: (Row & { chance: number })[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = modelOf(rows.filter(({ text }) => foldOf(text) !== fold));
    for (const row of rows) if (foldOf(row.text) === fold) told.push({ ...row, chance: harmChance(model, row.text) });
  }
  const share = (of: readonly { chance: number }[]) =>
    of.length === 0
      ? null
      : Math.round((1_000 * of.filter(({ chance }) => chance >= UNSAFE_AT).length) / of.length) / 1_000;
  return Object.fromEntries(
    [...new Set(rows.map(({ dataset }) => dataset))].map((dataset) => {
      const of = told.filter((row) => row.dataset === dataset);
      return [
        dataset,
        {
          averagePrecision: averagePrecision(of),
          recall: share(of.filter(({ label }) => label === 'harmful')),
          falsePositives: share(of.filter(({ label }) => label !== 'harmful')),
        },
      ];
    }),
  );
}

const read = (path: string): Row[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const [texts, prompts, flag] = process.argv.slice(2);
if (texts === undefined || prompts === undefined)
  throw new Error('name the file of labelled texts and that of prompts');
const rows = [
  ...read(texts),
  ...read(prompts).flatMap((row) =>
    row.label === 'attack' || row.dataset === 'notinject' ? [] : [{ ...row, label: 'safe' }],
  ),
];
console.log(JSON.stringify(measure(rows), null, 2));
if (flag !== '--measure') writePulls(modelOf(rows), 'harm-weights.json');
