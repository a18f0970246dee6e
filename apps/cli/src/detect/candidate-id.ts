import { BadInput } from '../cli.ts';

export function candidateId(text: string): `cnd_${string}` {
  if (!text.startsWith('cnd_')) throw new BadInput(`“${text}” is no id of a candidate; they begin with cnd_.`);
  return text as `cnd_${string}`;
}
