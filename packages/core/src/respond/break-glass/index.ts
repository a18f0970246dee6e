export type { BreakGlass } from './commands.ts';
export {
  approveGlass,
  breakGlass,
  endGlass,
  GLASS_APPROVALS,
  GLASS_DUE_HOURS,
  GLASS_MINUTES,
  glassDue,
  tellGlass,
} from './commands.ts';
export type { GlassFact } from './facts.ts';
export { GLASS_FACTS } from './facts.ts';
export type { Glass, GlassRoom } from './glass.ts';
export { foldGlass, stepGlass } from './glass.ts';
