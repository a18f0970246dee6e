import { WatchRule } from '@firebreak/contract/detect/watches';
import type { z } from 'zod';
import { BadInput } from '../cli.ts';

/** A rule as somebody typed it. */
export function ruleIn(text: string): z.output<typeof WatchRule> {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (error) {
    throw new BadInput(`The rule is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const read = WatchRule.safeParse(said);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BadInput(`The rule: ${issue!.path.join('.') || 'kind'}: ${issue!.message}`);
}
