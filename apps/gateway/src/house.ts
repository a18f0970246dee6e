import type { Interaction } from './interaction.ts';
import type { GatewayGuard } from './options.ts';
import type { Vendor } from './vendor.ts';

/** What every exchange works with. */
export interface House {
  readonly guard: GatewayGuard;
  readonly vendors: ReadonlyMap<string, Vendor>;
  readonly record: ((interaction: Interaction) => void) | undefined;
  readonly system: string | undefined;
  readonly bodyLimit: number;
}
