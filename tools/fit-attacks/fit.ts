/**
 * Fits the model of requests that attack their instructions and writes packages/core/src/detect/detectors/attack-weights.json.
 *
 *   npx tsx tools/fit-attacks/fit.ts <prompts.jsonl>            cross-validate, then write the weights
 *   npx tsx tools/fit-attacks/fit.ts <prompts.jsonl> --measure  cross-validate only
 *
 * The rows are prompts of public collections (see NOTICE). What is written holds single stems and pairs that occur in at least
 * four prompts, with numbers; no sentences. NotInject is the test for over-blocking and is never fitted on.
 */
import { readFileSync } from 'node:fs';
import { ATTACK_AT, termsOfRequest } from '@firebreak/core/detect/detectors';
import { judge, type LinearModel } from '@firebreak/core/text';
import { fitLinear, type Lesson } from '../fit-linear/fit-linear.ts';
import { FOLDS, foldOf } from '../fit-linear/folds.ts';
import { writePulls } from '../fit-linear/write-pulls.ts';
import { ownRequests } from './examples.ts';

const FEWEST = 4;
const OWN_WEIGHT = 2;
/** One of them is nearly solved by a bag of words, so the other weighs more. */
const WEIGHTS: Readonly<Record<string, number>> = { 'deepset-prompt-injections': 1.5, 'jailbreak-classification': 1 };
const FITTING = { penalty: 0.0003, rounds: 100, evening: 0.5 };
/** A move is worth more than its rarity. */
const MOVE_RARITY = 2;

interface Row {
  readonly id: string;
  readonly text: string;
  readonly dataset: string;
  readonly label: string;
}

const lessonsOf = (rows: readonly Row[]): Lesson[] => [
  ...rows.flatMap(({ text, dataset, label }) => {
    const weight = WEIGHTS[dataset];
    return weight === undefined ? [] : [{ counts: termsOfRequest(text), may: [label === 'attack' ? 1 : 0], weight }];
  }),
  ...ownRequests().map(({ text, attack }) => ({
    counts: termsOfRequest(text),
    may: [attack ? 1 : 0],
    weight: OWN_WEIGHT,
  })),
];

function modelOf(rows: readonly Row[]): LinearModel {
  const lessons = lessonsOf(rows);
  const held = new Map<string, number>();
  for (const { counts } of lessons) for (const term of counts.keys()) held.set(term, (held.get(term) ?? 0) + 1);
  const rarity = new Map<string, number>();
  for (const [term, count] of [...held].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (count >= FEWEST && !/\d/.test(term.replace(/^#.*/, '')))
      rarity.set(
        term,
        term.startsWith('#') ? MOVE_RARITY : Math.round((Math.log((1 + lessons.length) / (1 + count)) + 1) * 100) / 100,
      );
  return fitLinear(['benign', 'attack'], lessons, rarity, FITTING);
}

const chanceOf = (model: LinearModel, text: string): number => judge(model, termsOfRequest(text)).chances[1]!;

function measure(rows: readonly Row[]): object {
  const told: (Row & { chance: number })[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = modelOf(rows.filter(({ text }) => foldOf(text) !== fold));
    for (const row of rows) if (foldOf(row.text) === fold) told.push({ ...row, chance: chanceOf(model, row.text) });
  }
  const share = (of: readonly { chance: number }[]) =>
    of.length === 0
      ? null
      : Math.round((1_000 * of.filter(({ chance }) => chance >= ATTACK_AT).length) / of.length) / 1_000;
  return Object.fromEntries(
    [...new Set(rows.map(({ dataset }) => dataset))].map((dataset) => {
      const of = told.filter((row) => row.dataset === dataset);
      return [
        dataset,
        {
          recall: share(of.filter(({ label }) => label === 'attack')),
          falsePositives: share(of.filter(({ label }) => label !== 'attack')),
        },
      ];
    }),
  );
}

const [path, flag] = process.argv.slice(2);
if (path === undefined) throw new Error('name the file of labelled prompts, one JSON object a line');
const rows = readFileSync(path, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
console.log(JSON.stringify(measure(rows), null, 2));
if (flag !== '--measure') writePulls(modelOf(rows), 'attack-weights.json');
