import { type Decision, type Fact, type Id, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';

export type ProtectedTextId = Id<'ptx'>;

/** A text that must not come out word by word, as prints: the words themselves are not kept. */
export interface ProtectedText {
  readonly id: ProtectedTextId;
  readonly system: string;
  readonly name: string;
  readonly prints: readonly string[];
  readonly keptAt: Instant;
  readonly removed: boolean;
}

export type ProtectedTextFact =
  | Fact<
      'protected-text.kept',
      {
        readonly text: ProtectedTextId;
        readonly system: string;
        readonly name: string;
        readonly prints: readonly string[];
      }
    >
  | Fact<'protected-text.removed', Record<string, never>>;
export const PROTECTED_TEXT_FACTS = [
  'protected-text.kept',
  'protected-text.removed',
] as const satisfies readonly ProtectedTextFact['type'][];

export const foldProtectedText = (facts: readonly Recorded[]): ProtectedText | null =>
  ofTypes<ProtectedTextFact>(facts, PROTECTED_TEXT_FACTS).reduce<ProtectedText | null>((held, { type, data, at }) => {
    if (type === 'protected-text.removed') return held && { ...held, removed: true };
    const { text: id, ...said } = data;
    return { id, ...said, keptAt: at, removed: false };
  }, null);

/** Texts of one system. */
const MOST_TEXTS = 100;

/** `held`: how many of the system there are. */
export function keepText(
  state: ProtectedText | null,
  want: {
    readonly text: ProtectedTextId;
    readonly system: string;
    readonly name: string;
    readonly prints: readonly string[];
  },
  held: number,
): Decision<ProtectedTextFact> {
  if (state !== null) return [];
  if (held >= MOST_TEXTS)
    return refuse('protected-text.too-many', `A system has at most ${MOST_TEXTS} protected texts; remove one first.`);
  if (want.prints.length < 2)
    return refuse(
      'protected-text.too-short',
      'A text of fewer than about 80 words cannot be told from chance.',
      '/text',
    );
  return [{ type: 'protected-text.kept', data: want }];
}

export const removeText = (state: ProtectedText | null): Decision<ProtectedTextFact> =>
  state === null || state.removed
    ? refuse('protected-text.unknown', 'There is no such protected text.')
    : [{ type: 'protected-text.removed', data: {} }];
