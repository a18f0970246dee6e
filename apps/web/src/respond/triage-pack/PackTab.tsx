import { triagePack } from '@firebreak/contract/respond/triage-pack';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { KindOfFailure, useRoom } from '../war-room/index.ts';
import { Pack } from './Pack.tsx';

/** The triage pack of the incident: put together anew while somebody looks. */
export function PackTab() {
  const { incident } = useRoom();
  const pack = useAsk(triagePack.ofIncident, { params: { incident: incident.id } }, { every: 15_000 });
  return (
    <>
      <div className="mb-3 flex justify-end print:hidden">
        <Button size="sm" onClick={() => window.print()}>
          Print on one page
        </Button>
      </div>
      <Shown of={pack} lines={8}>
        {(it) => <Pack pack={it} kind={<KindOfFailure />} />}
      </Shown>
    </>
  );
}
