import { expect, it } from 'vitest';
import { stopped } from './sentence.ts';

it.each([
  ['same prompt version v41', 'same prompt version v41.'],
  ['the same again: “One device.”', 'the same again: “One device.”'],
  ['the same again: “One device”', 'the same again: “One device”.'],
  ['is it so?', 'is it so?'],
])('ends %s in one stop', (text, said) => expect(stopped(text)).toBe(said));
