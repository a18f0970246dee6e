import type { Client } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { BadInput } from '../cli.ts';

/** A control by its id, or by its name within a system, with the system it is of. */
export async function controlNamed(
  client: Client,
  name: string,
  system: string | undefined,
): Promise<{ readonly id: `ctl_${string}`; readonly system: string }> {
  if (system === undefined && !name.startsWith('ctl_'))
    throw new BadInput('Say which system the control is of: --system support-bot');
  const systems =
    system === undefined ? (await client.call(inventory.list, {})).systems.map(({ key }) => key) : [system];
  for (const key of systems) {
    const { controls } = await client.call(containment.listControls, { params: { system: key } });
    const found = controls.find((each) => each.control === name || each.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return { id: found.control, system: key };
    if (system === undefined) continue;
    const names = controls.map((each) => each.name).join(', ') || 'none';
    throw new BadInput(`${system} has no control “${name}”. There are: ${names}.`);
  }
  throw new BadInput(`There is no control ${name}. See: firebreak controls list --system support-bot`);
}
