import type { Client } from '@firebreak/client';
import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { BadInput } from '../cli.ts';

/** A hold by its id or its label. */
export async function holdNamed(client: Client, name: string): Promise<HoldRow> {
  if (name.startsWith('hld_')) return client.call(containment.showHold, { params: { hold: name as `hld_${string}` } });
  const { holds } = await client.call(containment.listHolds, { query: { state: 'any', limit: 500 } });
  const found = holds.find((each) => each.label.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new BadInput(`There is no hold “${name}”. See: firebreak holds list --all`);
  return found;
}
