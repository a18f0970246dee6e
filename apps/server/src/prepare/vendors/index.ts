import type { Slice } from '../../platform/index.ts';
import { vendorBoard } from './board.ts';
import { routes } from './routes.ts';

/** Who supplies what: whom to call, who does what, what was asked and answered, and which systems depend on it. */
export const vendors: Slice = {
  name: 'vendors',
  routes,
  boards: [vendorBoard],
  // Names, numbers and addresses of people, and what they said: in the log as salted digests.
  personal: { 'escalation.set': ['contacts'], 'vendor.answered': ['text'] },
};

export { readVendor, vendorsInUse } from './shown.ts';
