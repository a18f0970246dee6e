import { candidates } from '@firebreak/contract/detect/candidates';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Input } from '../../ui/Field.tsx';
import { Ago } from '../../ui/Time.tsx';
import type { CandidateDetail } from './candidate-detail.ts';

/** A system this one needs began to fail first: perhaps all of this only follows. */
export function ParentCard({ candidate }: { candidate: CandidateDetail }) {
  const judges = useMay('candidate.judge');
  const nameOf = useNames();
  const [reason, setReason] = useState('');
  const decide = useAct(candidates.decideParent, { refreshes: ['/api/v1/candidates'] });
  const { parent } = candidate;
  if (parent === null) return null;
  const say = (accepted: boolean) =>
    decide.mutate({
      params: { candidate: candidate.id },
      body: { accepted, reason: reason.trim() || 'looked at both' },
    });
  return (
    <Section title="May follow from another">
      <Card>
        <p>
          {parent.because}.{' '}
          <Link to="/candidates/$candidate" params={{ candidate: parent.candidate }} className="prose-link">
            Look at that candidate
          </Link>
        </p>
        {parent.decided ? (
          <p className="mt-1 text-ink-2">
            {nameOf(parent.decided.by)} <Ago at={parent.decided.at} />:{' '}
            {parent.decided.accepted ? 'this follows from it' : 'this does not follow from it'} ({parent.decided.reason}
            ).
          </p>
        ) : (
          judges && (
            <div className="mt-2.5 grid gap-2">
              <Input label="Why" optional value={reason} onText={setReason} />
              <div className="flex flex-wrap gap-2">
                <Button busy={decide.isPending} onClick={() => say(true)}>
                  It follows
                </Button>
                <Button look="quiet" busy={decide.isPending} onClick={() => say(false)}>
                  It does not
                </Button>
              </div>
            </div>
          )
        )}
        {decide.error && <Trouble error={decide.error} />}
      </Card>
    </Section>
  );
}
