import type { Asked, Decision, Id } from '../../kernel/index.ts';
import type { Containment } from './containment.ts';
import type { ContainmentFact, Missing } from './facts.ts';
import type { ProofName } from './proof-names.ts';
import type { Proof } from './proofs.ts';

const MOST_NAMED = 200;

/**
 * Records what has changed about the proofs of a hold: one that came, or one that is missing. The same once more records
 * nothing. That everybody acknowledged is a fact of its own; here it only ends a mark.
 */
export function noteProofs(
  state: Containment,
  id: Id<'hld'>,
  proofs: readonly Pick<Proof, 'proof' | 'state' | 'says' | 'missing' | 'todo'>[],
  _asked: Asked,
): Decision<ContainmentFact> {
  const hold = state.holds.get(id);
  if (hold === undefined || hold.state !== 'active') return [];
  return proofs.flatMap(({ proof, state: now, says, missing, todo }): ContainmentFact[] => {
    const kept = hold.proofs?.[proof]?.state;
    if (now === 'have' && kept !== 'have' && (proof !== 'acknowledged' || kept === 'missing'))
      return [{ type: 'containment.proven', data: { hold: id, proof, says } }];
    if (now === 'missing' && kept !== 'missing') {
      const named: readonly Missing[] = missing.slice(0, MOST_NAMED);
      return [{ type: 'containment.unproven', data: { hold: id, proof, why: says, missing: named, todo: [...todo] } }];
    }
    return [];
  });
}

/** Whether `noteProofs` would record anything. */
export function proofsChanged(
  kept: { readonly [name in ProofName]?: { readonly state: string } } | undefined,
  proofs: readonly Pick<Proof, 'proof' | 'state'>[],
): boolean {
  return proofs.some(({ proof, state }) => {
    const before = kept?.[proof]?.state;
    if (state === 'missing') return before !== 'missing';
    return state === 'have' && before !== 'have' && (proof !== 'acknowledged' || before === 'missing');
  });
}

/** Who was told of a missing proof; once for each time it went missing. */
export function escalateProof(
  state: Containment,
  want: {
    readonly hold: Id<'hld'>;
    readonly proof: ProofName;
    readonly owner: string;
    readonly to: readonly { readonly id: string; readonly name: string }[];
  },
  _asked: Asked,
): Decision<ContainmentFact> {
  const kept = state.holds.get(want.hold)?.proofs?.[want.proof];
  if (kept?.state !== 'missing' || kept.escalated !== undefined) return [];
  return [{ type: 'containment.escalated', data: want }];
}
