import type { Fact, Id, Instant } from '../../kernel/index.ts';

/** On the stream of the incident. */
export type GlassFact =
  | Fact<
      'glass.broken',
      {
        readonly glass: Id<'gls'>;
        readonly hold: Id<'hld'>;
        readonly number: number;
        readonly system: string;
        readonly says: string;
        readonly reason: string;
        /** The hold comes back by itself. */
        readonly until: Instant;
        /** Two others have to have agreed. */
        readonly due: Instant;
        /** Digest of what they agree to. */
        readonly change: string;
      }
    >
  | Fact<'glass.approved', { readonly glass: Id<'gls'>; readonly change: string; readonly note: string }>
  /** `early`: a person put the hold back before its time. */
  | Fact<'glass.ended', { readonly glass: Id<'gls'>; readonly hold: Id<'hld'>; readonly early: boolean }>
  | Fact<'glass.overdue', { readonly glass: Id<'gls'>; readonly approvals: number }>
  | Fact<
      'glass.paged',
      { readonly glass: Id<'gls'>; readonly to: readonly { readonly id: string; readonly name: string }[] }
    >;

export const GLASS_FACTS = [
  'glass.broken',
  'glass.approved',
  'glass.ended',
  'glass.overdue',
  'glass.paged',
] as const satisfies GlassFact['type'][];
