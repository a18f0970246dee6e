import { readFileSync } from 'node:fs';
import { PLACES, type ReportText } from '@firebreak/core/detect/archetypes';
import { stem, words } from '@firebreak/core/text';
import { EXAMPLES } from './examples.ts';

export interface Labelled {
  readonly id: string;
  readonly input: ReportText & { readonly date: string };
  readonly label: {
    readonly mit?: { readonly domain: string; readonly subdomain: string; readonly intent: string };
    readonly cset_v1?: Readonly<Record<string, string>>;
    readonly cset_v0?: Readonly<Record<string, string>>;
  };
}

export const CLASSES = Object.keys(PLACES);
const at = (...names: string[]): number[] => names.map((name) => CLASSES.indexOf(name));

/** The classes a subdomain may be; empty where it says nothing. */
export function classesOf(subdomain: string | undefined): number[] {
  const number = /^(\d)\.(\d)/.exec(subdomain ?? '');
  if (number === null) return [];
  const [, domain, part] = number;
  if (domain === '1' && part === '1') return at('1.1', 'unfair-decision');
  if (domain === '2')
    return part === '1'
      ? at('data-exfiltration')
      : at('prompt-injection', 'model-manipulation', 'integration-compromise');
  if (domain === '3') return at('misinformation-cascade');
  if (domain === '5' || domain === '6') return at(domain);
  if (domain === '7' && part !== '4')
    return part === '3' ? at('unsafe-automated-decision') : at('agentic-misalignment');
  return at(`${domain}.${part}`);
}

export function readLabelled(path: string): Labelled[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Labelled);
}

export const ownExamples = (): { readonly report: ReportText; readonly class: number }[] =>
  Object.entries(EXAMPLES).flatMap(([name, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((title) => ({ report: { title }, class: CLASSES.indexOf(name) })),
  );

/** Stems seen at least twice inside sentences and mostly without a capital: names of people and firms are not learned. */
export function ordinaryStems(texts: readonly string[]): Set<string> {
  const seen = new Map<string, { all: number; capital: number }>();
  for (const text of texts)
    for (const { text: word, start } of words(text)) {
      const before = text.slice(Math.max(0, start - 2), start);
      if (start === 0 || /[.!?:"“'‘(]\s?$/.test(before)) continue;
      for (const part of word.split('-')) {
        const key = stem(part.toLowerCase());
        const held = seen.get(key) ?? { all: 0, capital: 0 };
        held.all++;
        if (/^\p{Lu}/u.test(part)) held.capital++;
        seen.set(key, held);
      }
    }
  return new Set([...seen].filter(([, { all, capital }]) => all >= 2 && capital / all <= 0.5).map(([key]) => key));
}
