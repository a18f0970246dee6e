import { systemsFile } from '@firebreak/contract/prepare/systems-file';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { client } from '../../app/api.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { writeFileOfSystems } from './systems-file.ts';

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'systems.yaml';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The systems in use as a file that can be changed and applied again. */
export function ExportFile() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const write = async (): Promise<void> => {
    setBusy(true);
    try {
      save(await writeFileOfSystems((await client.call(systemsFile.show, {})).systems));
    } catch (fault) {
      setError(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button busy={busy} onClick={() => void write()}>
        <FileDown size={16} aria-hidden="true" />
        Export
      </Button>
      {error !== null && (
        <Dialog title="The systems could not be written" width="narrow" onClose={() => setError(null)}>
          <Trouble error={error} />
        </Dialog>
      )}
    </>
  );
}
