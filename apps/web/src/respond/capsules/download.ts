import type { CapsuleFile, CapsuleRow } from '@firebreak/contract/respond/capsules';

/** Hands the file to the person; it is theirs to keep where it is found without a network. */
export function download(capsule: Pick<CapsuleRow, 'system' | 'name'>, file: CapsuleFile): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }));
  link.href = url;
  link.download = fileName(capsule);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function fileName({ system, name }: Pick<CapsuleRow, 'system' | 'name'>): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `${[system, ...words].join('-').slice(0, 80)}.capsule.json`;
}
